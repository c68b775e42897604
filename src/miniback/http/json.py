"""Strict JSON (contract section 5): what two readers could understand differently is refused."""

from collections.abc import Callable
from typing import Any

import jiter
import msgspec

from miniback.errors import Invalid

DEEPEST = 32
LONGEST_INTEGER_DIGITS = 1_000
_HUGE = 10**LONGEST_INTEGER_DIGITS


class _Members(msgspec.Struct):
    """The members of a submission that are kept as the bytes that were sent."""

    context: msgspec.Raw = msgspec.Raw()


_decode = msgspec.json.Decoder().decode
_as_sent = msgspec.json.Decoder(_Members).decode


def parse(body: bytes) -> dict[str, Any]:
    """Read a body that must be an object; an Invalid says what is wrong with it.

    Two parsers in turn, both of native speed: jiter alone refuses doubled keys, msgspec alone
    numbers that are out of range.
    """
    if not body:
        raise Invalid("The body is empty; send a JSON object")
    try:
        jiter.from_json(body, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="none")
        content = _decode(body)
    except ValueError as error:
        raise Invalid(f"The body must be valid JSON: {error}") from error
    if type(content) is not dict:
        raise Invalid("The body must be a JSON object")
    _check(content, body)
    return content


def parse_optional(body: bytes) -> dict[str, Any]:
    """Read a body that may be missing."""
    return parse(body) if body else {}


def context_as_sent(body: bytes) -> bytes:
    """Return the member `context` of a body that parse() has taken, as the bytes that were sent."""
    return bytes(_as_sent(body).context)


def depth(value: object) -> int:
    """Return how many objects and lists lie in one another: 0 for a plain value."""
    if type(value) is dict:
        return 1 + max(map(depth, value.values()), default=0)
    if type(value) is list:
        return 1 + max(map(depth, value), default=0)
    return 0


def _check(content: dict[str, Any], body: bytes) -> None:
    """Refuse what the parsers let pass; the bytes tell quickly where there is nothing to find."""
    if body.count(b"{") + body.count(b"[") > DEEPEST and depth(content) > DEEPEST:
        raise Invalid(f"The body is nested more than {DEEPEST} levels deep")
    if b"\\u0000" in body and _any(content, _has_nul):
        raise Invalid("The body holds the character NUL, which cannot be stored")
    if len(body) > LONGEST_INTEGER_DIGITS and _any(content, _is_huge):
        raise Invalid(f"The body holds an integer of over {LONGEST_INTEGER_DIGITS} digits")


def _has_nul(value: object) -> bool:
    return type(value) is str and "\0" in value


def _is_huge(value: object) -> bool:
    return type(value) is int and abs(value) >= _HUGE


def _any(value: object, is_wrong: Callable[[object], bool]) -> bool:
    """Tell whether a value, keys of objects included, is wrong anywhere inside."""
    if type(value) is dict:
        return any(_any(each, is_wrong) for pair in value.items() for each in pair)
    if type(value) is list:
        return any(_any(each, is_wrong) for each in value)
    return is_wrong(value)
