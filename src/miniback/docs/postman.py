"""The calls as a collection for Postman, in its format 2.1."""

from typing import Any
from urllib.parse import parse_qsl

from miniback.docs import calls, samples
from miniback.docs.calls import Call

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(base_url: str) -> dict[str, Any]:
    """Return all calls, in folders, with this server's address and a place for the key."""
    return {
        "info": {
            "name": calls.description()["info"]["title"],
            "description": calls.description()["info"]["summary"],
            "schema": _SCHEMA,
        },
        "auth": {
            "type": "apikey",
            "apikey": [
                {"key": "key", "value": "x-api-key", "type": "string"},
                {"key": "value", "value": "{{apiKey}}", "type": "string"},
                {"key": "in", "value": "header", "type": "string"},
            ],
        },
        "variable": [
            {"key": "baseUrl", "value": base_url, "type": "string"},
            {"key": "apiKey", "value": "", "type": "string"},
        ],
        "item": [
            {
                "name": tag.name,
                "description": tag.description.strip(),
                "item": [_item(call) for call in tag.calls],
            }
            for tag in calls.tags()
        ],
    }


def _item(call: Call) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": call.method,
        "description": call.description.strip(),
        "header": [_disabled(each) for each in call.of("header")],
        "url": _url(call),
    }
    if not call.takes_key:
        request["auth"] = _other_access(call)
    if call.bodies:
        request["header"].insert(0, {"key": "Content-Type", "value": call.body_type})
        request["body"] = {
            "mode": "raw",
            "raw": call.bodies[0].text,
            "options": {"raw": {"language": "json"}},
        }
    elif call.body_type:
        request["header"].insert(0, {"key": "Content-Type", "value": "image/png"})
        request["body"] = {"mode": "file", "file": {"src": None}}
    return {"name": call.summary, "request": request, "response": []}


def _other_access(call: Call) -> dict[str, Any]:
    if not call.access:
        return {"type": "noauth"}
    return {
        "type": "bearer",
        "bearer": [{"key": "token", "value": "{{metricsToken}}", "type": "string"}],
    }


def _url(call: Call) -> dict[str, Any]:
    path = [f":{part[1:-1]}" if part.startswith("{") else part for part in call.path[1:].split("/")]
    chosen = dict(parse_qsl(samples.address(call).partition("?")[2]))
    query = [
        {
            "key": each.name,
            "value": chosen.get(each.name, each.example),
            "description": " ".join(each.description.split()),
            "disabled": each.name not in chosen,
        }
        for each in call.of("query")
    ]
    asked = "&".join(f"{name}={value}" for name, value in chosen.items())
    return {
        "raw": f"{{{{baseUrl}}}}/{'/'.join(path)}{'?' * bool(asked)}{asked}",
        "host": ["{{baseUrl}}"],
        "path": path,
        "query": query,
        "variable": [{"key": each.name, "value": each.example} for each in call.of("path")],
    }


def _disabled(header: calls.Parameter) -> dict[str, Any]:
    """Return a header that one may want to send, and mostly does not."""
    return {
        "key": header.name,
        "value": header.example,
        "description": " ".join(header.description.split()),
        "disabled": True,
    }
