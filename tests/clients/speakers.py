"""The three clients behind one face, so that each is held to the same tests.

A call is named as in Python; what comes back is as the API has it: objects with its names.
"""

import base64
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import partial, reduce
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeVar

from anyio.from_thread import start_blocking_portal

import miniback_client
from miniback_client import reading

DRIVER = Path(__file__).with_name("speak.mjs")
T = TypeVar("T")


@dataclass
class Refused(Exception):  # noqa: N818 - as it is read in tests
    """What a client raised, whichever it was."""

    kind: str
    status: int | None = None
    message: str = ""
    code: str | None = None
    request_id: str | None = None
    retry_after: int | None = None


class Speaker(Protocol):
    """A client."""

    def call(self, name: str, /, *values: Any, **named: Any) -> Any:
        """Carry out a call."""

    def walk(self, name: str, /, *values: Any, **named: Any) -> Iterator[Any]:
        """Go through a list."""

    def save(self, name: str, /, into: Path, **named: Any) -> None:
        """Write an export."""

    def limits(self) -> dict[str, Any]:
        """Tell what is left."""

    def verify(self, body: bytes, headers: dict[str, str], secret: str) -> Any:
        """Verify a webhook's message."""

    def close(self) -> None:
        """End it."""


class Plain:
    """The plain client for Python."""

    def __init__(self, base_url: str, key: str, **options: Any) -> None:
        self.client = miniback_client.Client(base_url, key, **options)

    def call(self, name: str, /, *values: Any, **named: Any) -> Any:
        return told(lambda: _found(self.client, name)(*values, **named))

    def walk(self, name: str, /, *values: Any, **named: Any) -> Iterator[Any]:
        for item in _found(self.client, name)(*values, **named):
            yield shown(item)

    def save(self, name: str, /, into: Path, **named: Any) -> None:
        self.call(name, into, **named)

    def limits(self) -> dict[str, Any]:
        return {name: shown(limit) for name, limit in self.client.limits.items()}

    def verify(self, body: bytes, headers: dict[str, str], secret: str) -> Any:
        return told(lambda: miniback_client.verify_webhook(body, headers, secret))

    def close(self) -> None:
        self.client.close()


class Asynchronous(Plain):
    """The asynchronous client for Python, driven from outside."""

    def __init__(self, base_url: str, key: str, **options: Any) -> None:
        # A loop in a thread of its own: a browser that other tests opened may run one in this.
        self.ending = ExitStack()
        self.portal = self.ending.enter_context(start_blocking_portal())
        self.asynchronous = miniback_client.AsyncClient(base_url, key, **options)

    def call(self, name: str, /, *values: Any, **named: Any) -> Any:
        work = partial(_found(self.asynchronous, name), *values, **named)
        return told(lambda: self.portal.call(work))

    def walk(self, name: str, /, *values: Any, **named: Any) -> Iterator[Any]:
        items: AsyncIterator[Any] = _found(self.asynchronous, name)(*values, **named)

        async def following() -> Any:
            return await anext(items, None)

        while item := self.portal.call(following):
            yield shown(item)

    def limits(self) -> dict[str, Any]:
        return {name: shown(limit) for name, limit in self.asynchronous.limits.items()}

    def close(self) -> None:
        self.portal.call(self.asynchronous.close)
        self.ending.close()


class Node:
    """A process in which clients for JavaScript live."""

    def __init__(self) -> None:
        node = shutil.which("node") or "node"
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([node, DRIVER], stdin=pipe, stdout=pipe, text=True)
        self.numbers = count()

    def ask(self, **work: Any) -> Any:
        """Have something done, and return what came of it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(work, default=_packed) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline(), object_hook=_unpacked)
        if error := answer.get("error"):
            named = {_snake(name): value for name, value in error.items() if name != "name"}
            raise Refused(error["name"], **named)
        return answer["value"]

    def end(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class JavaScript:
    """The client for JavaScript, in a process of Node."""

    def __init__(self, node: Node, base_url: str, key: str, **options: Any) -> None:
        self.node = node
        self.id = next(node.numbers)
        given = {"baseUrl": base_url, "apiKey": key, **_options(options)}
        node.ask(work="open", id=self.id, options=given)

    def call(self, name: str, /, *values: Any, **named: Any) -> Any:
        return self._ask("call", name, values, named)

    def walk(self, name: str, /, *values: Any, **named: Any) -> Iterator[Any]:
        walk = next(self.node.numbers)
        self._ask("walk", name, values, named, walk=walk)
        while not (step := self.node.ask(work="next", walk=walk)).get("done"):
            yield step["value"]

    def save(self, name: str, /, into: Path, **named: Any) -> None:
        self._ask("save", name, (), named, into=str(into))

    def limits(self) -> dict[str, Any]:
        limits: dict[str, Any] = self.node.ask(work="limits", id=self.id)
        return limits

    def verify(self, body: bytes, headers: dict[str, str], secret: str) -> Any:
        return self.node.ask(work="verify", body=body, headers=headers, secret=secret)

    def close(self) -> None:
        """Its process goes on for the others."""

    def _ask(self, work: str, name: str, values: Any, named: Any, **more: Any) -> Any:
        given = [*values, _options(named)] if named else list(values)
        return self.node.ask(work=work, id=self.id, path=_camel(name), values=given, **more)


def told(call: Any) -> Any:
    """Return what a call of Python gives, or raise what went wrong in the common form."""
    try:
        return shown(call())
    except miniback_client.ApiError as error:
        parts = (error.status, error.message, error.code, error.request_id, error.retry_after)
        raise Refused(type(error).__name__, *parts) from error
    except miniback_client.MinibackError as error:
        raise Refused(type(error).__name__, None, str(error)) from error


def shown(value: Any) -> Any:
    """Write a value of the Python client as the API has it."""
    if is_dataclass(value):
        return {_camel(each.name): shown(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, list):
        return [shown(each) for each in value]
    return reading.text(value) if isinstance(value, date) else value


def _found(client: Any, name: str) -> Any:
    return reduce(getattr, name.split("."), client)


def _options(named: dict[str, Any]) -> dict[str, Any]:
    return {_camel(name): value for name, value in named.items()}


def _camel(name: str) -> str:
    return reading.camel(name)


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def _packed(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    return reading.text(value)


def _unpacked(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["$bytes"]) if "$bytes" in value else value
