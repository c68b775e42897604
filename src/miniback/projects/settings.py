"""What a project's owner decides about its widget and its public door (contract section 4)."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from miniback.errors import Invalid

FIELDS = ("rating", "kind", "name", "email", "screenshot")
POSITIONS = ("bottom-right", "bottom-left", "top-right", "top-left")
THEMES = ("auto", "light", "dark")
LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "tr",
    "ru",
    "uk",
    "ar",
    "he",
    "ja",
    "zh",
)
LONGEST_TEXT = 200
HIGHEST_LIMIT = 100_000
LONGEST_RETENTION_DAYS = 3_650
T = TypeVar("T", bound=msgspec.Struct)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PAGE = re.compile(r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?([/?#]\S*)?")
_COLOR = re.compile(r"#[0-9a-f]{6}")


class Proof(StrEnum):
    """Whose browser must work before its words are taken: nobody's, suspects' or everybody's."""

    OFF = "off"
    AUTOMATIC = "automatic"
    ALWAYS = "always"


class Widget(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """How the widget looks and what it asks; an empty text is that of the visitor's language.

    `color` is written #rrggbb; `language` is '' for that of the page.
    """

    position: str = POSITIONS[0]
    theme: str = THEMES[0]
    color: str = "#4338ca"
    label: str = ""
    title: str = ""
    thanks: str = ""
    language: str = ""
    fields: tuple[str, ...] = ("kind", "email")
    button: bool = True
    privacy_url: str = ""
    powered_by: bool = True


class Settings(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """All of it; `visitor_limit` is how much one visitor may send in 15 minutes.

    None leaves that to the server's own setting. Feedback that is older than `retention_days` is
    deleted for good; None keeps it for ever.
    """

    widget: Widget = Widget()
    proof: Proof = Proof.OFF
    visitor_limit: int | None = None
    retention_days: int | None = None


_decoder = msgspec.json.Decoder(Settings)
AS_IT_COMES = Settings()


def written(settings: Settings) -> str:
    """Return settings as they are kept."""
    return msgspec.json.encode(settings).decode()


def read(kept: str) -> Settings:
    """Return settings from what was kept."""
    return AS_IT_COMES if kept == "{}" else _decoder.decode(kept)


def changed(settings: Settings, given: dict[str, Any]) -> Settings:
    """Return settings with what a body names, or raise Invalid; other names are ignored."""
    checks: dict[str, Callable[[object], Any]] = {
        "widget": lambda value: _changed_widget(settings.widget, value),
        "proof": lambda value: Proof(_one_of("proof", tuple(Proof), value)),
        "visitorLimit": lambda value: _number("visitorLimit", HIGHEST_LIMIT, value),
        "retentionDays": lambda value: _number("retentionDays", LONGEST_RETENTION_DAYS, value),
    }
    return _replaced(settings, checks, given)


def shown(settings: Settings) -> dict[str, Any]:
    """Lay settings out with every member, as the API shows them."""
    return {
        "widget": {name: getattr(settings.widget, of) for of, name in _names(Widget)},
        "proof": settings.proof.value,
        "visitorLimit": settings.visitor_limit,
        "retentionDays": settings.retention_days,
    }


def _changed_widget(widget: Widget, given: object) -> Widget:
    if not isinstance(given, dict):
        raise Invalid("widget must be an object")
    checks: dict[str, Callable[[object], Any]] = {
        "position": lambda value: _one_of("position", POSITIONS, value),
        "theme": lambda value: _one_of("theme", THEMES, value),
        "color": _color,
        "label": lambda value: _text("label", value),
        "title": lambda value: _text("title", value),
        "thanks": lambda value: _text("thanks", value),
        "language": lambda value: _one_of("language", ("", *LANGUAGES), value),
        "fields": _fields,
        "button": lambda value: _switch("button", value),
        "privacyUrl": _address,
        "poweredBy": lambda value: _switch("poweredBy", value),
    }
    return _replaced(widget, checks, given)


def _replaced(kept: T, checks: dict[str, Callable[[object], Any]], given: dict[str, Any]) -> T:
    of = {name: attribute for attribute, name in _names(type(kept))}
    named = {of[name]: check(given[name]) for name, check in checks.items() if name in given}
    return msgspec.structs.replace(kept, **named)


def _names(kind: type[msgspec.Struct]) -> list[tuple[str, str]]:
    """Return each member as it is called here and in JSON."""
    return [(field.name, field.encode_name) for field in msgspec.structs.fields(kind)]


def _one_of(name: str, allowed: tuple[str, ...], value: object) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise Invalid(f"{name} must be one of {', '.join(each for each in allowed if each)}")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or _CONTROL.search(value):
        raise Invalid(f"{name} must be a text of one line, at most {LONGEST_TEXT} characters long")
    return value.strip()


def _switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid(f"{name} must be true or false")
    return value


def _color(value: object) -> str:
    if not isinstance(value, str) or not _COLOR.fullmatch(value.lower()):
        raise Invalid("color must be written like #4338ca")
    return value.lower()


def _fields(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(each in FIELDS for each in value):
        raise Invalid(f"fields must be a list of some of {', '.join(FIELDS)}")
    return tuple(each for each in FIELDS if each in value)


def _address(value: object) -> str:
    text = _text("privacyUrl", value)
    if text and not _PAGE.fullmatch(text):
        raise Invalid("privacyUrl must be an address such as https://example.com/privacy")
    return text


def _number(name: str, most: int, value: object) -> int | None:
    if value is not None and (type(value) is not int or not 1 <= value <= most):
        raise Invalid(f"{name} must be null or a whole number from 1 to {most}")
    return value
