"""One call of the API, described without carrying it out; both clients carry out the same ones."""

import secrets
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote

from miniback_client.errors import OK_FROM, OK_TO

T = TypeVar("T")
NOT_FOUND = 404


class Sink(Protocol):
    """Somewhere to write to."""

    def write(self, piece: bytes, /) -> object:
        """Take the next bytes."""


@dataclass(frozen=True)
class Answer:
    """What came back; `content` is empty where it went into a file."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_good(self) -> bool:
        """Whether the call was carried out."""
        return OK_FROM <= self.status < OK_TO


@dataclass(frozen=True)
class Failure:
    """No answer; `is_sent` unless the server cannot have heard of the call."""

    reason: str
    is_sent: bool


@dataclass(frozen=True)
class Call(Generic[T]):
    """A method, a path and what goes along, and how the answer is read."""

    method: str
    path: str
    read: Callable[[Answer], T]
    query: Mapping[str, str] = field(default_factory=dict)
    content: object = None
    image: tuple[str, bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    # A path names a file that is written whole or not at all. A sink takes what comes as it comes:
    # the call is not to be repeated.
    into: Path | Sink | None = None
    # Whoever sends it twice has done no more than who sends it once.
    is_repeatable: bool = True
    # The public door knows no keys, and shall not see one.
    is_keyed: bool = True

    def __repr__(self) -> str:
        return f"<{self.method} {self.path}>"

    def is_done_by(self, answer: Answer, *, is_repeated: bool) -> bool:
        """Tell whether it is carried out: a delete sent again may find that it has happened."""
        is_gone = self.method == "DELETE" and answer.status == NOT_FOUND and is_repeated
        return answer.is_good or is_gone


def idempotent(key: str | None) -> dict[str, str]:
    """Return the header by which the server knows a call that is sent again."""
    return {"idempotency-key": key or new_key()}


def new_key() -> str:
    """Make a key that sorts by its time (UUID version 7), which costs the server less to keep."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    version, variant = 7 << 76, 2 << 62
    return str(uuid.UUID(int=number & ~(15 << 76) & ~(3 << 62) | version | variant))


def nothing(_: Answer) -> None:
    """Read nothing: that the call was carried out is all there is to say."""


def path(template: str, *names: str) -> str:
    """Fill names into a path, so that none of them can lead elsewhere."""
    if not all(name.strip(".") for name in names):
        raise ValueError("an id must not be empty")
    return template.format(*(quote(name, safe="") for name in names))
