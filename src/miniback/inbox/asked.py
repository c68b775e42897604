"""What an address of the inbox asks for: the API's own filters, a shelf, a page."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from miniback import feedback, ids
from miniback.accounts import Session
from miniback.db import Tx
from miniback.errors import NotFound
from miniback.feedback import Search, Shelf

PATH = "/inbox"
PAGE_SIZE, LARGEST_PAGE = 25, 100
MINE = "me"
VIEW = "view"
_MOST_DIGITS = len(str(feedback.LAST_POSITION))
_CURSOR = re.compile(r"[ab][0-9]{1,18}|[ab][1-8][0-9]{18}")
_ON_EVERY_SHELF = ("project", "projectSlug", "source", "start", "end")


class Asked(NamedTuple):
    """An address as it was written: its filters by name, the shelf, the page and its size.

    `view` is the saved view that one has come from, whatever the filters are by now.
    `cursor` says where the page lies, so that none before it has to be skipped: `a…` after the item
    at a position, `b…` before it. Without one the page is counted from the nearer end.
    """

    fields: dict[str, str]
    shelf: Shelf = Shelf.LIVE
    page: int = 1
    size: int = PAGE_SIZE
    cursor: str = ""
    view: str = ""

    @property
    def query(self) -> str:
        """The query of this very address, '' for the inbox as it opens."""
        more = {
            "shelf": "" if self.shelf is Shelf.LIVE else self.shelf.value,
            "page": str(self.page) if self.page > 1 else "",
            "pageSize": str(self.size) if self.size != PAGE_SIZE else "",
            "cursor": self.cursor if self.page > 1 else "",
            "view": self.view,
        }
        fields = {**self.fields, **{name: value for name, value in more.items() if value}}
        return "?" + urlencode(fields) if fields else ""

    @property
    def address(self) -> str:
        """The address of the list."""
        return PATH + self.query

    def file(self, kind: str, *, has_mark: bool = False) -> str:
        """Return the address of all that the list has as a file of a kind."""
        query = "&".join([*filter(None, [self.kept]), *(["bom=1"] if has_mark else [])])
        return f"{PATH}/export.{kind}{'?' if query else ''}{query}"

    def item(self, item_id: str) -> str:
        """Return the address of an item in this list."""
        return f"{PATH}/{item_id}{self.query}"

    @property
    def kept(self) -> str:
        """What a view keeps of this: the query of its first page."""
        return self.at(1)._replace(view="").query.removeprefix("?")

    def at(self, page: int, cursor: str = "") -> "Asked":
        """Return the same list at another page."""
        return self._replace(page=page, cursor=cursor)

    def without(self, *names: str) -> "Asked":
        """Return the first page of the list without some of its filters."""
        fields = {name: value for name, value in self.fields.items() if name not in names}
        return Asked(fields, self.shelf, 1, self.size, view=self.view)

    def on(self, name: str, value: str) -> "Asked":
        """Return the first page with one filter set, '' for not at all; other tabs are left."""
        fields = self.without(name).fields
        if value:
            fields[name] = value
        return Asked(fields, Shelf.LIVE, 1, self.size, view=self.view)

    def of(self, shelf: Shelf) -> "Asked":
        """Return the first page of what lies on another shelf, of the same project and source."""
        kept = self.without(*(self.fields.keys() - {"project", "source"})).fields
        return Asked(kept, shelf, 1, self.size, view=self.view)

    @property
    def names(self) -> list[str]:
        """The names of what narrows the list."""
        return [*self.fields, *(["shelf"] if self.shelf is not Shelf.LIVE else [])]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab is chosen."""
        return bool(self.fields.keys() - {"status"})

    def search(self, tx: Tx, session: Session) -> Search:
        """Return what is asked for by somebody, whose days and whose "mine" are meant."""
        fields = dict(self.fields)
        if fields.get("assignee") == MINE:
            fields["assignee"] = session.user.id
        zone = session.user.time_zone or "UTC"
        found = feedback.chosen(tx, session.account.id, fields, zone)
        return found._replace(filter=found.filter._replace(shelf=self.shelf))


def read(fields: Callable[[str], str | None]) -> Asked:
    """Read an address or the hidden fields of a form; NotFound for a shelf that there is not."""
    shelf = fields("shelf") or Shelf.LIVE
    if shelf not in list(Shelf):
        raise NotFound("Not found")
    page, size = _number(fields("page")), _number(fields("pageSize"))
    filters = feedback.read_filters(fields)
    if shelf != Shelf.LIVE:
        # Only what is in sight is in the search index.
        filters = {name: value for name, value in filters.items() if name in _ON_EVERY_SHELF}
    return Asked(
        filters,
        Shelf(shelf),
        max(1, page or 1),
        min(max(1, size or PAGE_SIZE), LARGEST_PAGE),
        cursor if _CURSOR.fullmatch(cursor := fields("cursor") or "") else "",
        view if ids.is_one(VIEW, view := fields("view") or "") else "",
    )


def parsed(query: str) -> Asked:
    """Read a query that was kept, such as that of a view."""
    return read(dict(parse_qsl(query)).get)


def position(text: str) -> int | None:
    """Read the position of an item as a page sends it back, None where it is none."""
    is_one = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return min(int(text), feedback.LAST_POSITION) if is_one else None


def _number(text: str | None) -> int:
    """Return a number of an address; what is none is taken for absent."""
    is_one = text is not None and text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004
    return int(text) if is_one and text else 0
