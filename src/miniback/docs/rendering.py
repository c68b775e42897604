"""From Markdown to what a page shows: anchored headings, code with buttons, what is searched."""

import functools
import importlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import Markup

from miniback.docs import code

# markdown_it's own, which is loaded with the first page that is read: a server starts without.
Token = Any


class Heading(NamedTuple):
    """A heading below the page's own, and its anchor."""

    level: int
    anchor: str
    text: str


class Passage(NamedTuple):
    """What stands under one heading, as plain text: what a search finds."""

    anchor: str
    heading: str
    text: str


class Rendered(NamedTuple):
    """A page that was read: its HTML and what is in it."""

    title: str
    summary: str
    html: Markup
    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]


class _Read(NamedTuple):
    """A heading of a page in the making, and the texts below it so far."""

    heading: Heading
    texts: list[str]


@functools.cache
def _parser() -> Any:
    library = importlib.import_module("markdown_it")
    # HTML in a page would be code that nobody has looked at as such.
    return library.MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _token(*given: Any, **more: Any) -> Token:
    return importlib.import_module("markdown_it.token").Token(*given, **more)


def rendered(markdown: str, anchors: str = "") -> Rendered:
    """Read a page whose first heading, if it is of level 1, is its title.

    `anchors` stands in front of every anchor, so that several texts make up one page.
    """
    parser = _parser()
    tokens = parser.parse(markdown)
    title, tokens = _titled(tokens)
    read = _anchored(tokens, title, anchors)
    # All of it was escaped: the parser takes no HTML, and code.py escapes what it colours.
    html = parser.renderer.render(list(_with_code(tokens)), parser.options, {})
    return Rendered(
        title,
        _summary(tokens),
        Markup(html),  # noqa: S704 - see above
        tuple(each.heading for each in read[1:]),
        tuple(
            Passage(each.heading.anchor, each.heading.text, " ".join(each.texts)) for each in read
        ),
    )


def _titled(tokens: list[Token]) -> tuple[str, list[Token]]:
    if tokens and tokens[0].tag == "h1":
        return _text(tokens[1]), tokens[3:]
    return "", tokens


def _anchored(tokens: list[Token], title: str, anchors: str) -> list[_Read]:
    """Give each heading its anchor and a link to itself; return what stands under each."""
    read, taken = [_Read(Heading(1, "", title), [])], set[str]()
    for at, token in enumerate(tokens):
        if token.type in ("th_open", "td_open"):
            # An alignment would be a style within the page, which our policy refuses.
            token.attrs.pop("style", None)
        elif token.type == "heading_open":
            text = _text(tokens[at + 1])
            heading = Heading(int(token.tag[1]), _anchor(anchors + text, taken), text)
            token.attrSet("id", heading.anchor)
            tokens[at + 1].children = _linked(tokens[at + 1], heading.anchor)
            read.append(_Read(heading, []))
        elif token.type in ("fence", "code_block"):
            read[-1].texts.append(token.content)
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
            read[-1].texts.append(_text(token))
    return read


def _anchor(text: str, taken: set[str]) -> str:
    """Return what the heading is known by, as GitHub makes it: links hold here and there."""
    plain = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
    found, number = plain, 0
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    taken.add(found)
    return found


def _linked(heading: Token, anchor: str) -> list[Token]:
    """Return a heading's text as a link to itself; a link cannot stand in a link."""
    opening = _token("link_open", "a", 1, attrs={"href": f"#{anchor}", "class": "anchor"})
    kept = [each for each in heading.children or [] if each.type not in ("link_open", "link_close")]
    return [opening, *kept, _token("link_close", "a", -1)]


def _with_code(tokens: list[Token]) -> Iterator[Token]:
    """Put each block of code, and those that say the same in several languages, into its frame."""
    at = 0
    while at < len(tokens):
        run = _run(tokens, at)
        if run:
            samples = [(each.info.partition(" ")[0], each.content) for each in run]
            yield _token("html_block", "", 0, content=code.framed(samples))
            at += len(run)
        else:
            yield tokens[at]
            at += 1


def _run(tokens: list[Token], at: int) -> list[Token]:
    """Return the blocks of code that begin here and follow each other in different languages."""
    run: list[Token] = []
    labels = set[str]()
    while at < len(tokens) and tokens[at].type in ("fence", "code_block"):
        label = code.label(tokens[at].info.partition(" ")[0], tokens[at].content)
        if run and (label in labels or not {label, *labels} <= code.CHOICES.keys()):
            break
        labels.add(label)
        run.append(tokens[at])
        at += 1
    return run


def _text(token: Token) -> str:
    kinds = ("text", "code_inline")
    parts = [
        each.content if each.type in kinds else " " * (each.type == "softbreak")
        for each in token.children or []
    ]
    return "".join(parts)


def _summary(tokens: list[Token]) -> str:
    """Return the first sentence of a page."""
    for at, token in enumerate(tokens):
        if token.type == "inline" and tokens[at - 1].type == "paragraph_open":
            return re.split(r"(?<=[.:]) (?=[A-Z])", _text(token))[0]
    return ""
