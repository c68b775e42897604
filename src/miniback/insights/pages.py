"""The page of insights: what rises, what repeats, and how it was found."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode

from miniback import feedback, http
from miniback.accounts import Visit, for_members, signed_in
from miniback.db import Tx
from miniback.errors import Forbidden
from miniback.feedback import ITEM, Item
from miniback.http import Request, Response
from miniback.insights import service
from miniback.insights.models import Group, Insights

PATH = "/analytics/insights"
_INBOX = "/inbox"
_LONGEST_MESSAGE = 160


class Example(NamedTuple):
    """A message of a group, and its item."""

    id: str
    message: str


class Shown(NamedTuple):
    """What was found, with the messages as they are now."""

    insights: Insights
    computed_at: int
    groups: list[tuple[Group, list[Example]]]


async def show_insights(request: Request, visit: Visit) -> Response:
    """GET /analytics/insights."""
    plan, is_on = visit.allowance.plan, request.state["settings"].insights
    shown, is_asked_for = None, False
    if plan.insights and is_on:
        shown = await request.db.read(_shown, visit.account_id)
        is_asked_for = await request.db.look_up(service.is_asked_for, visit.account_id)
    return await visit.page(
        "insights/templates/insights.html",
        plan=plan,
        is_on=is_on,
        shown=shown,
        is_asked_for=is_asked_for,
        by_path=_by_path,
        by_word=_by_word,
    )


async def ask_for_insights(request: Request, visit: Visit) -> Response:
    """POST /analytics/insights: compute them now, and from time to time from now on."""
    if not visit.allowance.plan.insights:
        raise Forbidden("Insights come with PRO. Upgrade your plan to have them.")
    if not request.state["settings"].insights:
        raise Forbidden("Insights are turned off on this server (MINIBACK_INSIGHTS)")
    await request.db.write(service.ask, visit.account_id)
    return visit.tell(PATH, visit.say("Insights are being computed"))


def _shown(tx: Tx, account_id: str) -> Shown | None:
    kept = service.kept(tx, account_id)
    if kept is None:
        return None
    groups = kept.insights.groups
    positions = sorted({position for group in groups for position in group.positions})
    rows = feedback.at_positions(tx, account_id, positions, ITEM) if positions else []
    found = {row[0]: _example(Item(*row)) for row in rows}
    shown = [
        (group, _different(found[each] for each in group.positions if each in found))
        for group in groups
    ]
    return Shown(kept.insights, kept.computed_at, shown)


def _different(examples: Iterable[Example]) -> list[Example]:
    """Leave out what says the very same as one before."""
    return list({each.message: each for each in reversed(list(examples))}.values())[::-1]


def _example(item: Item) -> Example:
    line = " ".join(feedback.message_of(item.document)[: 2 * _LONGEST_MESSAGE].split())
    is_long = len(line) > _LONGEST_MESSAGE
    return Example(item.id, line[:_LONGEST_MESSAGE] + "…" if is_long else line)


def _by_path(path: str) -> str:
    return f"{_INBOX}?{urlencode({'path': path})}"


def _by_word(*words: str) -> str:
    return f"{_INBOX}?{urlencode({'search': ' '.join(words)})}"


routes = [http.resource(PATH, GET=signed_in(show_insights), POST=for_members(ask_for_insights))]
