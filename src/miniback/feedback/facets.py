"""What an item tells of where it came from: page, browser, device, language, rating.

Read once, when it comes in, and stored: what is counted and found by it must later be taken back
by the very same values, whatever a newer version would read out of the same context.
"""

import base64
import functools
import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from miniback import shell
from miniback.http import encode

# The names of the inbox's filters, in the order in which the values are stored.
NAMES = ("path", "browser", "device", "language", "rating")
LONGEST_PATH = 200
RATINGS = ("1", "2", "3", "4", "5")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=[-_]|$)")
_LABEL_BYTES = 7
_MOST_REMEMBERED = 4_096
# Visitors choose the texts, and what is remembered must not fill the memory.
_LONGEST_REMEMBERED = 300
_decoder = msgspec.json.Decoder(tuple[str, ...])
# Most visitors of a site have the same few pages, browsers and languages.
_remembering = functools.lru_cache(_MOST_REMEMBERED)


def of_context(context: Mapping[str, Any]) -> str:
    """Return what a context tells, as it is stored: a JSON list of texts, '' for nothing at all."""
    if not context:
        return ""
    get = context.get
    url = _text(get("url") or get("page") or get("pageUrl"))
    user_agent, tag = _text(get("userAgent")), _text(get("language") or get("locale"))
    told = (
        *(_remembered_path if len(url) < _LONGEST_REMEMBERED else _path)(url),
        *(_remembered_agent if len(user_agent) < _LONGEST_REMEMBERED else _agent)(user_agent),
        _language(tag),
        _rating(get("rating")),
    )
    return encode(told).decode() if any(told) else ""


@_remembering
def values(facets: str) -> tuple[tuple[str, str], ...]:
    """Return what is told as names and values."""
    told = _decoder.decode(facets) if facets else ()
    return tuple((name, value) for name, value in zip(NAMES, told, strict=False) if value)


@_remembering
def labels(facets: str) -> tuple[str, ...]:
    """Return the tokens by which the search index finds an item that tells this."""
    return tuple("_" + label(name, value) for name, value in values(facets))


@_remembering
def label(name: str, value: str) -> str:
    """Return the label of one value: of a fixed length, and without what engines take apart."""
    digest = hashlib.blake2b(f"{name}\0{value}".encode(), digest_size=_LABEL_BYTES).digest()
    return base64.b32hexencode(digest).decode().rstrip("=")


def _agent(user_agent: str) -> tuple[str, str]:
    return shell.browser_family(user_agent), shell.device(user_agent)


def _path(url: str) -> tuple[str]:
    """Return the page of an address of the web: its path, without what differs by visitor."""
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()
    except ValueError:
        return ("",)
    return ((parts.path or "/")[:LONGEST_PATH] if is_one else "",)


_remembered_path, _remembered_agent = _remembering(_path), _remembering(_agent)


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
