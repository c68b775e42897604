"""What keeps an open page true: a stream of news, the same by asking, and counts made anew."""

from collections.abc import AsyncGenerator

from miniback import accounts, feedback, http
from miniback.accounts import Session, Visit, signed_in
from miniback.db import Tx
from miniback.feedback import Shelf, Slice
from miniback.http import Kind, Request, Response, Stream
from miniback.inbox import asked, live, reading
from miniback.inbox.asked import PATH, Asked
from miniback.inbox.live import Live, News, Place
from miniback.shell import Menu

_EVENTS = Kind(
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (
        (b"cache-control", b"no-store"),
        (b"referrer-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
        # A proxy that gathers answers would hold the news back.
        (b"x-accel-buffering", b"no"),
    ),
)
_RETRY = b"retry: 2000\n\n"
_HEARTBEAT = b": still here\n\n"


async def stream_news(request: Request, visit: Visit) -> Response:
    """GET /inbox/live?last=…: server-sent events (HTML standard, section 9.2).

    Whoever does not ask for a stream is told once what it would begin with: for where no stream
    comes through.
    """
    place = live.parsed(request.header(b"last-event-id") or request.query("last") or "")
    if not request.header(b"accept").startswith("text/event-stream"):
        return http.data(await _live(request).since(visit.account_id, place))
    return Stream(_events(request, visit.session, place), _EVENTS)


async def count_fresh(request: Request, visit: Visit) -> Response:
    """GET /inbox/fresh?…&after=…: how much of a list is newer than a position, and the tabs."""
    wanted = asked.read(request.query)
    position = asked.position(request.query("after") or "") or 0
    counts = await request.db.read(_fresh, visit.session, wanted, position)
    menu = (await visit.frame()).menu or Menu(0, [])
    views = {view.id: view.items for view in menu.views}
    return http.data({**counts, "menu": menu.new, "views": views})


async def _events(
    request: Request, session: Session, place: Place | None
) -> AsyncGenerator[bytes, None]:
    yield _RETRY
    news: News | None
    async for news in _live(request).stream(session.account.id, place):
        if news is None:
            # Whoever has been signed out meanwhile is told nothing more.
            if await accounts.session_of(request) is None:
                return
            yield _HEARTBEAT
        else:
            yield b"id: %b\ndata: %b\n\n" % (news.place.encode(), http.encode(news))


def _fresh(tx: Tx, session: Session, wanted: Asked, position: int) -> dict[str, object]:
    search = wanted.search(tx, session)
    new = feedback.count_newer(tx, search.filter, search.words, position)
    total = feedback.page(tx, search.filter, search.words, Slice("position", 1, 0)).total
    tabs = reading.tabs(tx, search)
    return {
        "new": new if wanted.shelf is Shelf.LIVE else 0,
        "total": total,
        "tabs": {tab.name or "ALL": tab.items for tab in tabs if tab.items is not None},
    }


def _live(request: Request) -> Live:
    found: Live = request.state["live"]
    return found


routes = [
    http.resource(f"{PATH}/live", GET=signed_in(stream_news)),
    http.resource(f"{PATH}/fresh", GET=signed_in(count_fresh)),
]
