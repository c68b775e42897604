"""What somebody has filled in: the fields of a form, and what is wrong with them."""

import secrets
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qsl

from miniback.errors import Invalid, TooLarge
from miniback.http import Request

LARGEST_FORM_BYTES = 64 * 1024
# A list of a hundred with a box to check at each, and some beside.
MOST_FIELDS = 120
_FORM_TYPE = "application/x-www-form-urlencoded"
# Names this very filling-in, so that sending it twice does nothing twice.
ONCE = "once"

T = TypeVar("T")


class Form:
    """Fields by their names, and beside each what a person must do about it."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self.values = values or {}
        self.errors: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """Return a field as it was sent, '' where it is missing."""
        return self.values.get(name, "")

    def checked(self, name: str, check: Callable[[str], T]) -> T | None:
        """Return what a check makes of a field; None, and the error kept, where it is Invalid."""
        try:
            return check(self[name])
        except Invalid as refusal:
            self.errors[name] = str(refusal)
            return None

    @property
    def once(self) -> str:
        """What names this filling-in; a fresh name where the sender gave none."""
        return self[ONCE][:64] if self[ONCE].isascii() and self[ONCE] else new_once()


def new_once() -> str:
    """Return a name for one filling-in of a form."""
    return secrets.token_urlsafe(16)


def read(request: Request) -> Form:
    """Read a form as browsers send it; any other type of body is an empty form.

    Raises TooLarge and Invalid for more than anybody fills in, before anything is taken apart.
    """
    if not request.header(b"content-type").lower().startswith(_FORM_TYPE):
        return Form()
    if len(request.body) > LARGEST_FORM_BYTES:
        raise TooLarge(f"The form is larger than {LARGEST_FORM_BYTES} bytes")
    if request.body.count(b"&") >= MOST_FIELDS:
        raise TooLarge(f"The form has more than {MOST_FIELDS} fields")
    try:
        pairs = parse_qsl(request.body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise Invalid("The form must be sent as UTF-8") from error
    values: dict[str, str] = {}
    for name, value in pairs:
        if "\0" in value:
            raise Invalid("The form holds the character NUL, which cannot be stored")
        values.setdefault(name, value.replace("\r\n", "\n"))
    return Form(values)
