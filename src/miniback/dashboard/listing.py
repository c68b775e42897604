"""The list of projects, as its address asks for it: searched, sorted, paused ones hidden."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from miniback import feedback, projects
from miniback.db import Tx
from miniback.feedback import Counts
from miniback.projects import Project, Status

PROJECTS = "/projects"
PAGE_SIZE = 50
NEWEST = "newest"
HIDE = "hide"


class Row(NamedTuple):
    """A project and what its feedback comes to."""

    project: Project
    counts: Counts


class Listing(NamedTuple):
    """The rows of one page, and how many there are: that fit, at all, and at work.

    `pages` is at least 1; `is_cut` where the account has still more than are looked through.
    """

    rows: list[Row]
    fitting: int
    total: int
    active: int
    page: int
    pages: int
    is_cut: bool


class Order(NamedTuple):
    """A way to sort: its name in the address, what it is called, and how."""

    name: str
    label: str
    key: Callable[[Row], Any]
    is_reversed: bool


# Labels are texts of the catalogue.
ORDERS = (
    Order(NEWEST, "Newest", lambda row: row.project.id, True),
    Order("oldest", "Oldest", lambda row: row.project.id, False),
    Order("name", "Name A to Z", lambda row: row.project.name.casefold(), False),
    Order("name-desc", "Name Z to A", lambda row: row.project.name.casefold(), True),
    Order("most", "Most feedback", lambda row: row.counts.total, True),
    Order("least", "Least feedback", lambda row: row.counts.total, False),
)


class Choice(NamedTuple):
    """What an address asks for; a way to sort that there is none of is the default one."""

    search: str
    sort: str
    hides_paused: bool

    def address(self, page: int) -> str:
        """Return the query of one of the pages of this very choice."""
        fields = {
            "search": self.search,
            "sort": self.sort if self.sort != NEWEST else "",
            "paused": HIDE if self.hides_paused else "",
            "page": str(page) if page > 1 else "",
        }
        return urlencode({name: value for name, value in fields.items() if value})

    @property
    def is_default(self) -> bool:
        """Whether nothing is filtered or sorted otherwise than usual."""
        return self == Choice("", NEWEST, False)

    @property
    def order(self) -> Order:
        """The way to sort."""
        return next((order for order in ORDERS if order.name == self.sort), ORDERS[0])

    def takes(self, row: Row) -> bool:
        """Tell whether a row is shown."""
        if self.hides_paused and row.project.status == Status.PAUSED:
            return False
        wanted = self.search.casefold()
        return wanted in row.project.name.casefold() or wanted in row.project.slug


def listed(tx: Tx, account_id: str, choice: Choice, page: int) -> Listing:
    """Return a page of the projects that a choice leaves, of the account's newest 1,000.

    A page beyond the last is the last.
    """
    counts = feedback.counts_by_project(tx, account_id)
    found = projects.newest(tx, account_id)
    rows = [Row(project, counts.get(project.id, Counts())) for project in found]
    order = choice.order
    shown = sorted(filter(choice.takes, rows), key=order.key, reverse=order.is_reversed)
    active = projects.count_active(tx, account_id)
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    number = min(page, pages)
    return Listing(
        rows=shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        fitting=len(shown),
        total=len(found),
        active=active,
        page=number,
        pages=pages,
        is_cut=len(found) >= projects.MOST_LISTED,
    )
