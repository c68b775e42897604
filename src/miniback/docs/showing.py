"""What templates show: the cards of the first page, the next page, a call of the reference."""

from typing import NamedTuple

from markupsafe import Markup

from miniback.docs import reference, rendering, sources
from miniback.docs.calls import Call, Parameter
from miniback.docs.contents import CONTENTS, PAGES, Page
from miniback.docs.rendering import Passage

SUMMARY = "How to collect feedback with Miniback, read it, and run a server of your own."
_BEARER = Parameter("Authorization", "header", True, "string", "", "Bearer …")


class CallShown(NamedTuple):
    """A call, and what is said of it, as HTML; `fields` is what one fills in to try it."""

    call: Call
    about: Markup
    requests: Markup
    answers: Markup
    problems: Markup
    fields: list[Parameter]


class Card(NamedTuple):
    """A page and its first sentence."""

    page: Page
    summary: str


def cards() -> list[tuple[str, list[Card]]]:
    """Return the sections with their pages."""
    return [
        (section.title, [Card(page, _summary(page)) for page in section.pages])
        for section in CONTENTS
    ]


def after(slug: str) -> Page | None:
    """Return the page that is read next."""
    slugs = list(PAGES)
    at = slugs.index(slug) + 1 if slug in PAGES else len(slugs)
    return PAGES[slugs[at]] if at < len(slugs) else None


def shown(call: Call, base_url: str) -> CallShown:
    """Return a call as its page shows it."""
    anchors = f"{call.id} "
    texts = (
        reference.about(call),
        reference.requests(call, base_url),
        reference.answers(call),
        reference.problems(call),
    )
    about, requests, answers, problems = (rendering.rendered(text, anchors).html for text in texts)
    fields = [*call.parameters, *([_BEARER] if call.access == "bearer" else [])]
    return CallShown(call, about, requests, answers, problems, fields)


def passage(call: Call) -> Passage:
    """Return what a search finds of a call."""
    text = f"{call.method} {call.path} {call.id} {reference.about(call)} {reference.problems(call)}"
    read = rendering.rendered(text)
    return Passage(call.id, call.summary, " ".join(each.text for each in read.passages))


def _summary(page: Page) -> str:
    summary = rendering.rendered(sources.markdown(page.slug)).summary
    return f"{summary[:-1]}." if summary.endswith(":") else summary
