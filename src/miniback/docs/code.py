"""Blocks of code on a page: coloured, with a button that copies them, and a choice of language."""

import functools
import importlib
from collections.abc import Sequence
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

# What readers choose between, wherever several say the same; by it the browser remembers.
CHOICES = {"curl": "curl", "Python": "python", "JavaScript": "js", "CLI": "cli"}
_LABELS = {
    "python": "Python",
    "py": "Python",
    "js": "JavaScript",
    "javascript": "JavaScript",
    "ts": "TypeScript",
    "json": "JSON",
    "html": "HTML",
    "ini": "INI",
    "nginx": "nginx",
    "yaml": "YAML",
    "sql": "SQL",
}
_SHELLS = ("sh", "bash", "console", "shell")
# Comments, words of the language and strings: more colours would say no more.
_COLOURS = {"Comment": "c", "Keyword": "k", "String": "s"}


def label(language: str, text: str) -> str:
    """Return how a block is called: by its language, or by the program that a shell calls."""
    if language not in _SHELLS:
        return _LABELS.get(language, language.capitalize() or "Text")
    lines = [each for each in text.splitlines() if each and not each.startswith("#")]
    if any("curl " in each for each in lines):
        return "curl"
    return "CLI" if lines and lines[0].startswith("miniback ") else "Shell"


def framed(samples: Sequence[tuple[str, str]]) -> str:
    """Write blocks that follow each other, each a language and its text.

    Without a script all of them are shown one below the other; with one, that of the language that
    the reader has chosen, or the first.
    """
    blocks = [_block(language, text.rstrip("\n")) for language, text in samples]
    if len(blocks) == 1:
        return blocks[0]
    buttons = "".join(
        f'<button type="button" class="small" data-choose="{CHOICES[name]}" aria-pressed="false">'
        f"{name}</button>"
        for name in (label(*each) for each in samples)
    )
    choice = (
        f'<div class="languages with-script" role="group" aria-label="Language">{buttons}</div>'
    )
    return f'<div class="samples">{choice}{"".join(blocks)}</div>\n'


def _block(language: str, text: str) -> str:
    name = label(language, text)
    return (
        f'<div class="code" data-language="{CHOICES.get(name, "")}">'
        f'<div class="code-head"><span>{escape(name)}</span>'
        '<mb-copy class="with-script"><button type="button" class="small"><span>Copy</span>'
        "</button></mb-copy></div>"
        f'<pre tabindex="0" translate="no"><code>{_coloured(language, text)}</code></pre></div>\n'
    )


def _coloured(language: str, text: str) -> str:
    """Return code as HTML whose text is the code, to the letter."""
    lexer = _lexer(language)
    if lexer is None:
        return escape(text, quote=False)
    pieces = ((_colour(kind), value) for kind, value in lexer.get_tokens(text))
    parts = []
    for colour, run in groupby(pieces, key=itemgetter(0)):
        html = escape("".join(value for _, value in run), quote=False)
        parts.append(f'<i class="{colour}">{html}</i>' if colour else html)
    return "".join(parts)


def _colour(kind: Any) -> str:
    return next((name for family, name in _families() if kind in family), "")


# The library is loaded with the first page that is read: a server starts without.
@functools.cache
def _families() -> list[tuple[Any, str]]:
    known = importlib.import_module("pygments.token")
    return [(getattr(known, family), name) for family, name in _COLOURS.items()]


def _lexer(language: str) -> Any:
    """Return the library's reader of a language, None where it has none."""
    lexers = importlib.import_module("pygments.lexers")
    try:
        return lexers.get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except lexers.ClassNotFound:
        return None
