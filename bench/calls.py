"""Single calls of the product: its REST API and its command line."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Any

import servers

TIMEOUT_S = 30
# What a cut read has read is in the cache, so each gets further than the one before.
_ATTEMPTS = 5
PASSWORD = "correct horse battery staple"


def get(url: str, key: str, path: str) -> Any:
    """Return the JSON of a GET."""
    return _answer(urllib.request.Request(url + path, headers={"x-api-key": key}))


def get_in_the_end(url: str, key: str, path: str) -> Any:
    """Return the JSON of a GET that the server may cut short while its files are still cold."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return get(url, key, path)
        except urllib.error.HTTPError as refused:
            if refused.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
    return get(url, key, path)


def post(url: str, key: str, path: str, body: dict[str, Any]) -> Any:
    """Return the JSON of a POST."""
    headers = {"x-api-key": key, "content-type": "application/json"}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)
    return _answer(request)


def put(url: str, key: str, path: str, body: dict[str, Any]) -> Any:
    """Return the JSON of a PUT."""
    headers = {"x-api-key": key, "content-type": "application/json"}
    return _answer(
        urllib.request.Request(url + path, json.dumps(body).encode(), headers, method="PUT")
    )


def create_account(env: dict[str, str], name: str, plan: str) -> Any:
    """Make an account with one project and its key."""
    who = ["--email", f"{name}@example.test", "--password", PASSWORD]
    what = ["--plan", plan, "--project", name, "--json"]
    command = [servers.MINIBACK, "account", "create", *who, *what]
    ran = subprocess.run(command, env=os.environ | env, capture_output=True, check=False)
    if ran.returncode:
        raise servers.ServerError(f"account create failed: {ran.stderr.decode()[-600:]}")
    return json.loads(ran.stdout)


def _answer(request: urllib.request.Request) -> Any:
    """Send a request and read the JSON of its answer."""
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return json.load(answer)
