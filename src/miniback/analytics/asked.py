"""What an address of the analytics asks for: a project or all of them, a range, a comparison."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from miniback import projects
from miniback.analytics import ranges
from miniback.analytics.ranges import Range
from miniback.db import Tx
from miniback.feedback import Counted

PATH, INBOX = "/analytics", "/inbox"
_OFF = "off"


class Asked(NamedTuple):
    """An address as it was written; `project` is an id or a slug, '' for all projects."""

    project: str
    range: Range
    compares: bool = True

    @property
    def fields(self) -> dict[str, str]:
        """What the query says."""
        compare = {} if self.compares else {"compare": _OFF}
        project = {"project": self.project} if self.project else {}
        return {**project, **self.range.query, **compare}

    @property
    def address(self) -> str:
        """The address of this very page."""
        return _with_query(PATH, self.fields)

    def over(self, preset: str) -> str:
        """Return the same over another of the usual ranges."""
        kept = {name: each for name, each in self.fields.items() if name not in _OF_RANGE}
        return _with_query(PATH, {**kept, **({"range": preset} if preset != ranges.USUAL else {})})

    def compared(self, compares: bool) -> str:
        """Return the same with or without the period before."""
        return self._replace(compares=compares).address

    def file(self, block: str) -> str:
        """Return the address of a block as a file for a spreadsheet."""
        return _with_query(f"{PATH}/{block}.csv", self.fields)

    def items_of(self, day: date) -> str:
        """Return the list of a day's items."""
        return self._inbox(day, day, {})

    def items_that(self, name: str, value: str) -> str:
        """Return the list of the items that one filter more leaves."""
        return self._inbox(self.range.first, self.range.last, {name: value})

    def _inbox(self, first: date, last: date, more: dict[str, str]) -> str:
        project = {"project": self.project} if self.project else {}
        days = {"start": first.isoformat(), "end": last.isoformat()}
        return _with_query(INBOX, {**project, **days, **more})

    def place(self, tx: Tx, account_id: str) -> Counted:
        """Return whose items are meant; NotFound for a project that is not the account's."""
        project_id = projects.id_of(tx, account_id, self.project) if self.project else None
        return Counted(account_id, project_id)


_OF_RANGE = ("range", "start", "end")


def read(fields: Callable[[str], str | None], zone: str) -> Asked:
    """Read an address; Invalid for a range that makes no sense."""
    chosen = ranges.read(fields, zone or "UTC")
    return Asked(fields("project") or "", chosen, fields("compare") != _OFF)


def _with_query(path: str, fields: dict[str, str]) -> str:
    return f"{path}?{urlencode(fields)}" if fields else path
