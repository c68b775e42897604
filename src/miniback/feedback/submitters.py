"""Who an item is from, as far as it tells: the subjects by which a person's items are found."""

import contextlib
import hashlib
import re

import msgspec

from miniback.errors import Invalid

LONGEST_NAME = 320
# An index holds keys of some kilobytes at most; longer values are kept as what they hash to.
_LONGEST_KEPT = 200
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*")
_NONE = msgspec.Raw(b"")
_NAMES = ('"email"', '"user_id"', '"userId"', "\\")


class _Told(msgspec.Struct):
    """What a context tells of its sender, whatever the types are."""

    email: msgspec.Raw = _NONE
    user_id: msgspec.Raw = _NONE
    other_user_id: msgspec.Raw = msgspec.field(name="userId", default=_NONE)


class _Said(msgspec.Struct):
    context: _Told


_context_decoder = msgspec.json.Decoder(_Told)
_document_decoder = msgspec.json.Decoder(_Said)


def by_email(email: str) -> list[str]:
    """Return the subjects of whoever has an address, or raise Invalid."""
    return [_subject("email", _checked(email).casefold())]


def by_id(user_id: str) -> list[str]:
    """Return the subjects of whoever has an id, their own word or vouched for; or raise Invalid."""
    return [_subject(kind, _checked(user_id)) for kind in ("user", "verified")]


def by_any(name: str) -> list[str]:
    """Return the subjects of whoever is known by an address or an id, or raise Invalid."""
    return by_email(name) + by_id(name)


def of_context(context_json: str, vouched: str) -> list[str]:
    """Return the subjects of an item, given its context and who was vouched for, '' for nobody."""
    # Most contexts tell nothing of this; a name may be written with escapes.
    is_told = any(name in context_json for name in _NAMES)
    if not is_told and not vouched:
        return []
    told = _Told()
    if is_told:
        with contextlib.suppress(msgspec.DecodeError):
            told = _context_decoder.decode(context_json)
    return _subjects(told, vouched)


def of_document(document: str, vouched: str) -> list[str]:
    """Do the same for an item that is kept already."""
    told = _Told()
    with contextlib.suppress(msgspec.DecodeError):
        told = _document_decoder.decode(document + "}").context
    return _subjects(told, vouched)


def _subjects(told: _Told, vouched: str) -> list[str]:
    named = [
        ("email", _text(told.email).casefold()),
        ("user", _text(told.user_id)),
        ("user", _text(told.other_user_id)),
        ("verified", vouched.strip()),
    ]
    return list(dict.fromkeys(_subject(kind, value) for kind, value in named if value))


def _text(raw: msgspec.Raw) -> str:
    """Return a text without blanks around it, or a number as it was written; '' for all else."""
    token = bytes(raw)
    if token.startswith(b'"'):
        return str(msgspec.json.decode(token)).strip()
    return token.decode() if _NUMBER.fullmatch(token) else ""


def _checked(name: str) -> str:
    tidy = name.strip()
    if not 1 <= len(tidy) <= LONGEST_NAME:
        raise Invalid(f"Give an email address or an id, at most {LONGEST_NAME} characters long")
    return tidy


def _subject(kind: str, value: str) -> str:
    if len(value) > _LONGEST_KEPT or not value.isprintable():
        value = "sha256 " + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}:{value}"
