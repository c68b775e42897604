"""What the menu beside every page tells of the inbox: how much is new, and the saved views."""

from miniback import feedback
from miniback.accounts import Session
from miniback.db import Tx
from miniback.errors import Refusal
from miniback.feedback import Status, View
from miniback.http import Request
from miniback.inbox import asked
from miniback.inbox.asked import PATH
from miniback.shell import Menu, MenuEntry


async def menu(request: Request, session: Session) -> Menu:
    """Gather it for whoever is signed in."""
    account_id = session.account.id
    new, views = await request.db.look_through(_simple, account_id)
    if not views:
        return Menu(new, [])
    return Menu(new, await request.db.read(_counted, session, views))


def address_of(view: View) -> str:
    """Return where a view is shown, and known for the one that one has come from."""
    return f"{PATH}?{view.query}{'&' if view.query else ''}view={view.id}"


def _simple(tx: Tx, account_id: str) -> tuple[int, list[View]]:
    tallies = feedback.tallied(tx, account_id, None)
    new = sum(items for (status, _), items in tallies.items() if status == Status.NEW)
    return new, feedback.views_of(tx, account_id)


def _counted(tx: Tx, session: Session, views: list[View]) -> list[MenuEntry]:
    return [
        MenuEntry(view.id, view.name, address_of(view), _count(tx, session, view)) for view in views
    ]


def _count(tx: Tx, session: Session, view: View) -> int:
    """Count what a view shows; nothing where its project is gone."""
    try:
        search = asked.parsed(view.query).search(tx, session)
    except Refusal:
        return 0
    return feedback.page(tx, search.filter, search.words, feedback.Slice("position", 1, 0)).total
