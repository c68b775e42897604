"""What both clients know before they send: where to, with which key, and how a request looks."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from miniback_client.call import Answer, Call, Failure, Sink

URL_VARIABLE = "MINIBACK_URL"
KEY_VARIABLE = "MINIBACK_API_KEY"
TIMEOUT_S = 30.0
PATIENCE_S = 60.0
USER_AGENT = "miniback-client-python/0.1.0"
# With these, nothing of the call can have reached the server.
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


class Key:
    """An API key that shows itself nowhere but in the header it is for."""

    def __init__(self, text: str) -> None:
        self.__text = text

    def __repr__(self) -> str:
        return "Key(…)"

    def __reduce__(self) -> str:
        raise TypeError("a key is not for keeping")

    def headers(self) -> dict[str, str]:
        """Return the header that carries the key."""
        return {"x-api-key": self.__text} if self.__text else {}


@dataclass(frozen=True)
class Connection:
    """Where to send, and with which key."""

    base_url: str
    key: Key

    def request(self, call: Call[Any]) -> dict[str, Any]:
        """Return what httpx2 makes a request of."""
        headers = {"user-agent": USER_AGENT, **call.headers}
        if call.is_keyed:
            headers |= self.key.headers()
        request: dict[str, Any] = {
            "method": call.method,
            "url": self.base_url + call.path,
            "params": call.query,
            "headers": headers,
        }
        if call.image:
            headers["content-type"], request["content"] = call.image
        elif call.content is not None:
            request["json"] = call.content
        return request


def connection(base_url: str | None, api_key: str | None) -> Connection:
    """Take what is not given from MINIBACK_URL and MINIBACK_API_KEY."""
    url = (base_url or os.environ.get(URL_VARIABLE, "")).rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"base_url (or {URL_VARIABLE}) must be the http(s) address of the server")
    key = api_key if api_key is not None else os.environ.get(KEY_VARIABLE, "")
    if key and not (key.isascii() and key.isprintable()):
        raise ValueError("the API key has characters that no key has")
    return Connection(url, Key(key))


def failure(error: httpx2.RequestError) -> Failure:
    """Keep of an error what may be told: the error itself holds the request, and so the key."""
    return Failure(f"{type(error).__name__}: {error}", not isinstance(error, _UNSENT))


def answer(response: httpx2.Response, content: bytes = b"") -> Answer:
    """Keep of a response what is read later."""
    headers: Mapping[str, str] = dict(response.headers)
    return Answer(response.status_code, headers, content)


@contextmanager
def poured(into: Path | Sink) -> Iterator[Sink]:
    """Give what a download is written to; under its name a file stands when it is whole."""
    if not isinstance(into, Path):
        yield into
        return
    part = into.with_name(into.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
