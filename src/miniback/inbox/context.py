"""A visitor's context as people read it: known fields laid out, the rest as data."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from miniback.feedback import Sign
from miniback.shell import browser

# Names of the context that the reference, the widget and the clients send; texts of the catalogue.
_KNOWN = (
    (("url", "page", "pageUrl"), "Page"),
    (("title", "pageTitle"), "Title"),
    (("referrer",), "Came from"),
    (("name",), "Name"),
    (("email",), "Email"),
    (("userId", "user_id"), "User"),
    (("kind",), "Kind"),
    (("rating",), "Rating"),
    (("userAgent",), "Browser"),
    (("language", "locale"), "Language"),
    (("timezone", "timeZone"), "Time zone"),
    (("viewport",), "Viewport"),
    (("screen", "screenSize"), "Screen"),
    (("screenName",), "Screen of the app"),
    (("appVersion",), "App version"),
    (("platform",), "Platform"),
    (("osVersion",), "System version"),
    (("deviceModel",), "Device"),
    (("timestamp",), "Sent at"),
)
# Why an item is in quarantine; texts of the catalogue.
_REASONS = {
    "MARKED": "Marked as spam by the team",
    Sign.TRAP: "A field that people do not see was filled in",
    Sign.QUICK: "Sent quicker than anybody types",
    Sign.LINKS: "Many links",
    Sign.REPEATED: "The same text came shortly before",
    Sign.UNPROVEN: "Sent by the form without a script, while this project asks for proof of work",
}
_LONGEST_SHOWN = 2_000
_LONGEST_LINK = 2_000


class Row(NamedTuple):
    """One thing that is known: a label of the catalogue, its text, and a safe link or ''."""

    label: str
    text: str
    link: str


class Pair(NamedTuple):
    """One thing that nobody knows the meaning of: its name, and its value as JSON or text."""

    name: str
    value: str


class Context(NamedTuple):
    """A context, laid out. `is_long`: there is so much of it that it is folded away."""

    known: list[Row]
    other: list[Pair]
    is_long: bool


def laid_out(document: str) -> Context:
    """Lay out the context of an item's document."""
    context: dict[str, Any] = msgspec.json.decode(document + "}")["context"]
    known, used = [], set()
    for names, label in _KNOWN:
        name = next((each for each in names if _is_plain(context.get(each))), None)
        if name is not None:
            used.add(name)
            known.append(_row(label, context[name]))
    other = [Pair(name, _written(value)) for name, value in context.items() if name not in used]
    return Context(known, other, sum(len(pair.value) for pair in other) > _LONGEST_SHOWN)


def reasons(kept: str) -> list[str]:
    """Return why an item is in quarantine, as texts of the catalogue."""
    return [_REASONS[each] for each in kept.split() if each in _REASONS]


def page_of(document: str) -> str:
    """Return the path of the page that an item came from, '' where it tells none."""
    context = msgspec.json.decode(document + "}")["context"]
    url = context.get("url")
    if not isinstance(url, str) or not link(url):
        return ""
    return urlsplit(url).path or "/"


def shortened(message: str, longest: int) -> str:
    """Return the beginning of a message on one line."""
    line = " ".join(message[: 2 * longest].split())
    return line if len(line) <= longest else line[:longest] + "…"


def link(text: str) -> str:
    """Return an address that may be a link: http or https, whatever a visitor has sent, else ''."""
    try:
        parts = urlsplit(text)
        is_safe = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if is_safe and text.isprintable() and len(text) <= _LONGEST_LINK else ""


def _is_plain(value: object) -> bool:
    return (isinstance(value, str | int | float) and value != "") or _size(value) is not None


def _size(value: object) -> str | None:
    """Return a width and a height as people write them, None for anything else."""
    if not isinstance(value, dict) or value.keys() != {"width", "height"}:
        return None
    return f"{_written(value['width'])} × {_written(value['height'])}"  # noqa: RUF001


def _row(label: str, value: object) -> Row:
    text = _size(value) or _written(value)
    if label == "Browser":
        return Row(label, browser(text), "")
    return Row(label, text, link(text))


def _written(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
