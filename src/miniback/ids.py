"""Public ids: a prefix, the time in microseconds, then chance, so that ids sort by age.

The shape is the contract's (section 1): 56 bits of time and 64 random bits, written as 24
lower-case digits of base32 whose order is that of ASCII (RFC 4648's "extended hex").
"""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from typing import NamedTuple

from miniback import clock

_DIGITS = "0123456789abcdefghijklmnopqrstuv"
# Ten bits at a time: twelve look-ups write what would be 24 divisions.
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]
_HALF = (1 << 60) - 1
_BODY = re.compile(r"[0-9a-v]{24}")
_CHANCE_BITS = 64
_CHANCE_BYTES = _CHANCE_BITS // 8
_CHANCE = (1 << _CHANCE_BITS) - 1
_BODY_SIZE = 24
_POSITION_CHANCE_BITS = 11
# Positions are signed 64-bit numbers in both databases: this many microseconds last until 2112.
_LAST_MICROSECOND = (1 << 52) - 1


class _Microseconds:
    """The current time in microseconds, strictly rising within the process."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        with self._lock:
            self._last = max(self._last + 1, clock.microseconds())
            return self._last

    def start_anew(self) -> None:
        with self._lock:
            self._last = 0


_microseconds = _Microseconds()


class Made(NamedTuple):
    """A fresh id, with what created_at() and position() would read out of it."""

    id: str
    created_at: int
    position: int


def new(prefix: str) -> str:
    """Make a fresh id, such as feedback_01kbd5t2m8…; the next of this process sorts after it."""
    return make(prefix, 1)[0].id


def make(prefix: str, count: int) -> list[Made]:
    """Make some fresh ids, each of which sorts after the one before."""
    return [
        Made(_written(prefix, number), _milliseconds(number), _position(number))
        for number in _numbers(count)
    ]


def positions(count: int) -> list[int]:
    """Make the positions of some fresh ids that nobody needs, each after the one before."""
    return [_position(number) for number in _numbers(count)]


def start_anew() -> None:
    """Let ids begin at the clock's time again, for commands that fill a database with a past."""
    _microseconds.start_anew()


def made(prefix: str, ms: int, seed: bytes) -> str:
    """Make an id for something of a time, always the same one for the same seed."""
    digest = int.from_bytes(hashlib.sha256(seed).digest()[:16])
    # Below the millisecond chance decides too: what has but a date would stand too close.
    microseconds = ms * 1_000 + (digest >> _CHANCE_BITS) % 1_000
    return _written(prefix, microseconds << _CHANCE_BITS | digest & _CHANCE)


def beside(item_id: str, seed: bytes) -> str:
    """Return another id of the same time, always the same one for the same seed."""
    digest = int.from_bytes(hashlib.sha256(seed + item_id.encode()).digest()[:8])
    number = _number(item_id) >> _CHANCE_BITS << _CHANCE_BITS | digest
    return _written(item_id[: -_BODY_SIZE - 1], number)


def is_one(prefix: str, text: str) -> bool:
    """Tell whether a text has the shape of an id, so that nothing else reaches the database."""
    size = len(prefix) + 1
    return (
        text.startswith(prefix + "_")
        and _BODY.fullmatch(text, size) is not None
        and text[size:] <= _LAST_BODY
    )


def created_at(item_id: str) -> int:
    """Return the milliseconds at which an id was made: the createdAt of what it names."""
    return _milliseconds(_number(item_id))


def position(item_id: str) -> int:
    """Return 63 bits of an id that sort as the id does: time, then eleven bits of its chance."""
    return _position(_number(item_id))


def lowest(prefix: str, ms: int) -> str:
    """Return the id before which every id made earlier than a time sorts."""
    return _written(prefix, min(ms * 1_000, _LAST_MICROSECOND) << _CHANCE_BITS)


def lowest_position(ms: int) -> int:
    """Return the position before which everything made earlier than a time lies."""
    return min(ms * 1_000, _LAST_MICROSECOND) << _POSITION_CHANCE_BITS


def position_time(position: int) -> int:
    """Return the milliseconds at which what lies at a position was made."""
    return (position >> _POSITION_CHANCE_BITS) // 1_000


def _numbers(count: int) -> Iterator[int]:
    chance = os.urandom(count * _CHANCE_BYTES)
    for at in range(0, len(chance), _CHANCE_BYTES):
        bits = int.from_bytes(chance[at : at + _CHANCE_BYTES])
        yield _microseconds.next() << _CHANCE_BITS | bits


def _milliseconds(number: int) -> int:
    return (number >> _CHANCE_BITS) // 1_000


def _written(prefix: str, number: int) -> str:
    return f"{prefix}_{_twelve(number >> 60)}{_twelve(number & _HALF)}"


def _twelve(half: int) -> str:
    """Write 60 bits; spelt out, since this is done for each item that comes in."""
    return (
        f"{_PAIRS[half >> 50]}{_PAIRS[half >> 40 & 1023]}{_PAIRS[half >> 30 & 1023]}"
        f"{_PAIRS[half >> 20 & 1023]}{_PAIRS[half >> 10 & 1023]}{_PAIRS[half & 1023]}"
    )


def _position(number: int) -> int:
    return number >> (_CHANCE_BITS - _POSITION_CHANCE_BITS)


def _number(item_id: str) -> int:
    return int(item_id[-24:], 32)


_LAST_BODY = _written("", (_LAST_MICROSECOND + 1 << _CHANCE_BITS) - 1)[1:]
