"""Reading the list that a page of the inbox shows, with its counts and what the filters offer."""

from collections import Counter
from typing import NamedTuple

from miniback import accounts, feedback, ids, projects
from miniback.accounts import Person, Session
from miniback.db import Tx
from miniback.feedback import (
    ITEM,
    Annotation,
    Filter,
    Item,
    Search,
    Shelf,
    Slice,
    Status,
    Tag,
)
from miniback.inbox import context
from miniback.inbox.asked import Asked

_LONGEST_SNIPPET = 280


class Line(NamedTuple):
    """An item in the list."""

    id: str
    position: int
    snippet: str
    status: str
    source: str
    created_at: int
    project_name: str
    page: str
    tags: list[Tag]
    assignee: Person | None
    reasons: list[str]


class Tab(NamedTuple):
    """A tab of the list; `items` is None where only the list itself tells how many there are."""

    name: str
    items: int | None


class Choices(NamedTuple):
    """What the filters offer."""

    projects: list[tuple[str, str]]
    tags: list[Tag]
    people: list[Person]


class Listing(NamedTuple):
    """One page of the list. `newest`: the position of the newest item that it knows of.

    With the last change it is the place in the stream of news at which the page was written.
    `earlier` and `later` are the cursors of the pages beside it.
    """

    lines: list[Line]
    total: int
    is_total_exact: bool
    page: int
    pages: int
    first: int
    tabs: list[Tab]
    choices: Choices
    earlier: str
    later: str
    newest: int
    last_change: str
    has_any: bool


def listed(tx: Tx, session: Session, asked: Asked, opened: str = "") -> Listing:
    """Return the page that is asked for, or the one on which an item lies that is opened."""
    account_id = session.account.id
    search = asked.search(tx, session)
    page_number = asked.page
    found = _page_by_cursor(tx, search, asked) or _page(tx, search, asked.size, page_number)
    if opened and ids.is_one(feedback.ID, opened):
        position = ids.position(opened)
        if position not in {row[0] for row in found.rows}:
            newer = feedback.count_newer(tx, search.filter, search.words, position)
            page_number = newer // asked.size + 1
            found = _page(tx, search, asked.size, page_number)
    pages = max(1, -(-found.total // asked.size))
    if page_number > pages:
        page_number = pages
        found = _page(tx, search, asked.size, page_number)
    counted = tabs(tx, search)
    items = [Item(*row) for row in found.rows]
    return Listing(
        lines=_lines(tx, account_id, items, asked.shelf),
        total=found.total,
        is_total_exact=found.is_total_exact,
        page=page_number,
        pages=pages,
        first=(page_number - 1) * asked.size + 1,
        tabs=counted,
        choices=_choices(tx, account_id),
        earlier=f"b{items[0].position}" if items else "",
        later=f"a{items[-1].position}" if items else "",
        last_change=feedback.last_change(tx, account_id),
        newest=next(iter(feedback.positions(tx, Filter(account_id), [], 1)), 0),
        has_any=bool(found.total) or any(tab.items for tab in counted),
    )


def _page(tx: Tx, search: Search, size: int, number: int) -> feedback.Page:
    return feedback.page(tx, search.filter, search.words, Slice(ITEM, size, (number - 1) * size))


def _page_by_cursor(tx: Tx, search: Search, asked: Asked) -> feedback.Page | None:
    """Return the page that a cursor names; None without one, and where nothing is left there."""
    if not asked.cursor:
        return None
    chosen, position = search.filter, int(asked.cursor[1:])
    total = feedback.page(tx, chosen, search.words, Slice("position", 1, 0))
    if asked.cursor.startswith("a"):
        beyond = chosen._replace(newest=min(chosen.newest, position - 1))
        positions = feedback.positions(tx, beyond, search.words, asked.size)
    else:
        beyond = chosen._replace(oldest=max(chosen.oldest, position + 1))
        positions = feedback.positions(tx, beyond, search.words, asked.size, "ASC")
    if not positions:
        return None
    rows = feedback.at_positions(tx, chosen.account_id, positions, ITEM)
    return total._replace(rows=rows)


def tabs(tx: Tx, search: Search) -> list[Tab]:
    """Count what the tabs would show, from the tallies, unless a search or dates narrow it."""
    chosen = search.filter
    is_tallied = not search.words and not chosen.labels and not chosen.is_dated
    counts: Counter[str] = Counter()
    for (status, source), items in feedback.tallied(
        tx, chosen.account_id, chosen.project_id
    ).items():
        if chosen.source in (None, source):
            counts[status] += items
    known = [Tab("", counts.total()), *(Tab(status.value, counts[status]) for status in Status)]
    found = known if is_tallied else [Tab(tab.name, None) for tab in known]
    for shelf in (Shelf.SPAM, Shelf.HELD):
        tallies = feedback.tallied(tx, chosen.account_id, chosen.project_id, shelf)
        found.append(Tab(shelf.value, sum(tallies.values())))
    return found


def _lines(tx: Tx, account_id: str, items: list[Item], shelf: Shelf) -> list[Line]:
    positions = [item.position for item in items]
    if not positions:
        return []
    annotations = feedback.annotations(tx, account_id, positions)
    tags = {tag.id: tag for tag in feedback.tags_of(tx, account_id)} if annotations else {}
    assignees = {each.assignee_id for each in annotations.values()}
    people = accounts.people_named(tx, account_id, assignees)
    names = projects.names(tx, account_id, sorted({item.project_id for item in items}))
    reasons = feedback.reasons(tx, account_id, positions) if shelf is Shelf.SPAM else {}
    lines = []
    for item in items:
        annotation = annotations.get(item.position, Annotation())
        lines.append(
            Line(
                id=item.id,
                position=item.position,
                snippet=context.shortened(feedback.message_of(item.document), _LONGEST_SNIPPET),
                status=item.status,
                source=item.source,
                created_at=ids.position_time(item.position),
                project_name=names.get(item.project_id, ("", ""))[0],
                page=context.page_of(item.document),
                tags=[tags[each] for each in annotation.tags if each in tags],
                assignee=people.get(annotation.assignee_id),
                reasons=context.reasons(reasons.get(item.position, "")),
            )
        )
    return lines


def _choices(tx: Tx, account_id: str) -> Choices:
    found = sorted(projects.newest(tx, account_id), key=lambda project: project.name.casefold())
    return Choices(
        projects=[(project.slug, project.name) for project in found],
        tags=feedback.tags_of(tx, account_id),
        people=list(accounts.people(tx, account_id).values()),
    )
