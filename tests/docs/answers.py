"""Whether an answer is what a page shows, but for what differs from one time to the next."""

import json
import re
from typing import Any

# Texts that are of one kind stand for each other.
_KINDS = (
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    *(re.compile(rf"{prefix}_[0-9a-z…]+") for prefix in ("proj", "feedback", "target", "delivery")),
)
_FIGURES = re.compile(r"\d+")
_STATUS = re.compile(r"HTTP/1\.1 (\d{3})")


def fits_json(shown: str, given: str) -> bool:
    """Tell whether one JSON has the members of another, in their order, and their values."""
    return _fits(json.loads(shown), json.loads(given))


def fits_http(shown: str, given: str) -> bool:
    """Tell whether an answer has the status, the headers and the body that are shown."""
    head, _, body = shown.partition("\n\n")
    given_head, _, given_body = given.replace("\r", "").rpartition("\n\n")
    lines = given_head.lower().splitlines()
    status, *headers = head.splitlines()
    if _status(status) != _status(given_head):
        return False
    plain = [_FIGURES.sub("0", line) for line in lines]
    if any(_FIGURES.sub("0", header.lower()) not in plain for header in headers):
        return False
    return not body.strip() or fits_json(body, given_body)


def _status(head: str) -> str:
    found = _STATUS.match(head)
    assert found, head
    return found[1]


def _fits(shown: Any, given: Any) -> bool:
    if isinstance(shown, dict):
        is_alike = isinstance(given, dict) and list(shown) == list(given)
        return is_alike and all(_fits(value, given[name]) for name, value in shown.items())
    if isinstance(shown, list):
        is_alike = isinstance(given, list) and len(shown) <= len(given)
        return is_alike and all(map(_fits, shown, given))
    if isinstance(shown, str) and isinstance(given, str):
        return _is_of_one_kind(shown, given)
    if type(shown) is int:
        return type(given) is int
    return bool(shown == given)


def _is_of_one_kind(shown: str, given: str) -> bool:
    if "…" in shown:
        begin, _, end = shown.partition("…")
        return given.startswith(begin) and given.endswith(end)
    if any(kind.fullmatch(shown) and kind.fullmatch(given) for kind in _KINDS):
        return True
    return _FIGURES.sub("0", shown) == _FIGURES.sub("0", given)
