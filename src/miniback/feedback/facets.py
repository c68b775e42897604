"""What an item tells of where it came from: page, browser, device, language, rating.

Read once, when it comes in, and stored: what is counted and found by it must later be taken back
by the very same values, whatever a newer version would read out of the same context.
"""

import base64
import functools
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from miniback import shell

# The names of the inbox's filters, in the order in which the values are stored.
NAMES = ("path", "browser", "device", "language", "rating")
LONGEST_PATH = 200
RATINGS = ("1", "2", "3", "4", "5")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=[-_]|$)")
_LABEL_BYTES = 7
_MOST_REMEMBERED = 4_096
# Visitors choose the texts, and what is remembered must not fill the memory.
_LONGEST_REMEMBERED = 600


def of_context(context: Mapping[str, Any]) -> str:
    """Return what a context tells, as it is stored: a JSON list of texts, '' for nothing at all."""
    get = context.get
    url = _text(get("url") or get("page") or get("pageUrl"))
    user_agent, tag = _text(get("userAgent")), _text(get("language") or get("locale"))
    is_short = len(url) + len(user_agent) + len(tag) <= _LONGEST_REMEMBERED
    written = _remembered if is_short else _written
    return written(url, user_agent, tag, _rating(get("rating")))


@functools.lru_cache(_MOST_REMEMBERED)
def values(facets: str) -> tuple[tuple[str, str], ...]:
    """Return what is told as names and values."""
    told = json.loads(facets) if facets else ()
    return tuple((name, value) for name, value in zip(NAMES, told, strict=False) if value)


@functools.lru_cache(_MOST_REMEMBERED)
def labels(facets: str) -> tuple[str, ...]:
    """Return the tokens by which the search index finds an item that tells this."""
    return tuple("_" + label(name, value) for name, value in values(facets))


def label(name: str, value: str) -> str:
    """Return the label of one value: of a fixed length, and without what engines take apart."""
    digest = hashlib.blake2b(f"{name}\0{value}".encode(), digest_size=_LABEL_BYTES).digest()
    return base64.b32hexencode(digest).decode().rstrip("=")


def _written(url: str, user_agent: str, tag: str, rating: str) -> str:
    family, device = shell.browser_family(user_agent), shell.device(user_agent)
    told = [_path(url), family, device, _language(tag), rating]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if any(told) else ""


# Most visitors of a site have the same few browsers, languages and pages.
_remembered = functools.lru_cache(_MOST_REMEMBERED)(_written)


def _path(url: str) -> str:
    """Return the page of an address of the web: its path, without what differs by visitor."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isprintable():
        return ""
    return (parts.path or "/")[:LONGEST_PATH]


def _language(tag: str) -> str:
    """Return the language of a tag such as de-AT (BCP 47), without region and script."""
    found = _LANGUAGE.match(tag)
    return found[0].lower() if found else ""


def _rating(value: object) -> str:
    """Return a rating of 1 to 5, sent as a number or a text."""
    is_one = isinstance(value, int | str) and not isinstance(value, bool)
    return str(value) if is_one and str(value) in RATINGS else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
