"""The calls as a collection for Bruno: a ZIP of its .bru files, to be unpacked and opened."""

import io
import re
import zipfile
from collections.abc import Iterable
from urllib.parse import parse_qsl

import msgspec

from miniback.docs import calls, samples
from miniback.docs.calls import Call

_FOLDER = "miniback"
# Without a time of their own, the same calls make the same file.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def collection(base_url: str) -> bytes:
    """Return the ZIP: all calls, in folders, with this server's address and a place for the key."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in _files(base_url):
            about = zipfile.ZipInfo(f"{_FOLDER}/{name}", _LONG_AGO)
            about.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(about, text)
    return target.getvalue()


def _files(base_url: str) -> Iterable[tuple[str, str]]:
    about = {"version": "1", "name": calls.description()["info"]["title"], "type": "collection"}
    yield "bruno.json", msgspec.json.format(msgspec.json.encode(about), indent=2).decode()
    access = _block("auth:apikey", ["key: x-api-key", "value: {{apiKey}}", "placement: header"])
    yield "collection.bru", f"{_block('auth', ['mode: apikey'])}\n{access}"
    yield (
        "environments/Server.bru",
        f"{_block('vars', [f'baseUrl: {base_url}'])}vars:secret [\n  apiKey,\n  metricsToken\n]\n",
    )
    for tag in calls.tags():
        yield f"{tag.name}/folder.bru", _block("meta", [f"name: {tag.name}"])
        for number, call in enumerate(tag.calls, 1):
            yield f"{tag.name}/{_file_name(call)}.bru", _request(call, number)


def _file_name(call: Call) -> str:
    return re.sub(r"[^\w -]", "", call.summary)


def _request(call: Call, number: int) -> str:
    blocks = [
        _block("meta", [f"name: {_file_name(call)}", "type: http", f"seq: {number}"]),
        _block(
            call.method.lower(),
            [f"url: {_url(call)}", f"body: {_body_mode(call)}", f"auth: {_auth(call)}"],
        ),
    ]
    blocks += [_block(f"params:{place}", lines) for place, lines in _parameters(call) if lines]
    if headers := [f"~{each.name}: {each.example}" for each in call.of("header")]:
        blocks.append(_block("headers", headers))
    if call.access == "bearer":
        blocks.append(_block("auth:bearer", ["token: {{metricsToken}}"]))
    if call.bodies:
        blocks.append(_block("body:json", call.bodies[0].text.splitlines()))
    blocks.append(_block("docs", call.description.strip().splitlines()))
    return "\n".join(blocks)


def _url(call: Call) -> str:
    path = re.sub(r"\{(\w+)\}", r":\1", call.path)
    query = samples.address(call).partition("?")[2]
    return f"{{{{baseUrl}}}}{path}{'?' * bool(query)}{query}"


def _parameters(call: Call) -> Iterable[tuple[str, list[str]]]:
    chosen = dict(parse_qsl(samples.address(call).partition("?")[2]))
    query = [f"{name}: {value}" for name, value in chosen.items()]
    # What is not sent as it stands has a ~ in front.
    others = [each for each in call.of("query") if each.name not in chosen]
    query += [f"~{each.name}: {each.example}" for each in others]
    yield "query", query
    yield "path", [f"{each.name}: {each.example}" for each in call.of("path")]


def _body_mode(call: Call) -> str:
    return "json" if call.bodies else "none"


def _auth(call: Call) -> str:
    return {"key": "inherit", "bearer": "bearer"}.get(call.access, "none")


def _block(name: str, lines: Iterable[str]) -> str:
    return f"{name} {{\n{''.join(f'  {line}'.rstrip() + chr(10) for line in lines)}}}\n"
