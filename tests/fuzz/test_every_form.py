"""Every bad form against every page that takes one: refused, and nothing changes (5.3)."""

from urllib.parse import urlencode

import httpx2
import pytest

from tests.house import House
from tests.shell.test_csrf import (
    FORM_TYPE,
    FORMS,
    MULTIPART,
    OPEN_FORMS,
    Sender,
    kept,
    open_house,
    own_token,
    sender,
)

__all__ = ["open_house", "sender"]
# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)
# What stands behind the right fields of a form, and what is answered.
BEHIND: dict[str, tuple[bytes, int]] = {
    "NUL": (b"&more=a%00b", 400),
    "raw NUL": (b"&more=a\0b", 400),
    "no UTF-8": (b"&more=%ff", 400),
    "raw bytes that are no UTF-8": (b"&more=\xff", 400),
    "overlong UTF-8": (b"&more=%c0%af", 400),
    "a surrogate": (b"&more=%ed%a0%80", 400),
    "many fields": (b"&a" * 130, 413),
    "a large field": (b"&more=" + b"x" * 66_000, 413),
    "a body beyond all": (b"&more=" + b"x" * 164_000, 413),
}
HEADERS: dict[str, tuple[str, str]] = {
    "gzip": ("content-encoding", "gzip"),
    "br": ("content-encoding", "br"),
    "UTF-16": ("content-type", FORM_TYPE + "; charset=utf-16"),
    "Latin-1": ("content-type", FORM_TYPE + "; charset=latin-1"),
    "several parts": ("content-type", "multipart/mixed; boundary=x"),
}


def send(house: House, who: Sender, path: str, behind: bytes, **more: str) -> httpx2.Response:
    """Send the right form with something behind it."""
    fields = {name: value.format(**who.names) for name, value in (FORMS | OPEN_FORMS)[path].items()}
    content = urlencode({**fields, "csrf_token": own_token(who, path)}).encode() + behind
    client = who.member.client if path in FORMS else who.stranger.client
    headers = {"content-type": FORM_TYPE, "origin": house.base_url, **more}
    return client.post(path.format(**who.names), content=content, headers=headers)


def paths() -> list[str]:
    """All pages that take a form; one takes a file, which is read as it comes."""
    return [path for path in (*FORMS, *OPEN_FORMS) if path not in MULTIPART]


@pytest.mark.parametrize("row", BEHIND)
def test_a_form_that_cannot_be_read_changes_nothing(
    open_house: House, sender: Sender, row: str
) -> None:
    behind, status = BEHIND[row]
    before = kept(open_house)

    answers = {path: send(open_house, sender, path, behind).status_code for path in paths()}

    assert answers == dict.fromkeys(paths(), status)
    assert kept(open_house) == before


@pytest.mark.parametrize("row", HEADERS)
def test_a_form_of_a_type_that_is_not_read_changes_nothing(
    open_house: House, sender: Sender, row: str
) -> None:
    name, value = HEADERS[row]
    before = kept(open_house)

    answers = {
        path: send(open_house, sender, path, b"", **{name: value}).status_code for path in paths()
    }

    assert answers == dict.fromkeys(paths(), 415)
    assert kept(open_house) == before
