"""The words of every page: English is the key of each text, and today the only language.

The language `xx` is nobody's: it writes each text that goes through here with accents, so a text
that does not go through here stands out on the page (and in a test).
"""

import re
from collections.abc import Callable

Translate = Callable[[str], str]
TranslateCount = Callable[[str, str, int], str]

PSEUDO = "xx"
_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçđéƒğĥîĵķļɱñôþɋřšťûṽŵẋýžÁɃÇĐÉƑĞĤÎĴĶĻṀÑÔÞɊŘŠŤÛṼŴẊÝŽ",
)
# Places for values stay as they are, and so do the tags of a text.
_KEPT = re.compile(r"(%\(\w+\)[sd]|<[^>]*>)")


def translator(language: str) -> Translate:
    """Return what writes a text of ours in a language."""
    return _accented if language == PSEUDO else _as_it_is


def count_translator(language: str) -> TranslateCount:
    """Return what writes a text that depends on a count: one form for 1, one for the rest."""
    translate = translator(language)

    def choose(one: str, many: str, count: int) -> str:
        return translate(one if count == 1 else many)

    return choose


def _as_it_is(text: str) -> str:
    return text


def _accented(text: str) -> str:
    parts = _KEPT.split(text)
    return "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTED) for part in parts)
