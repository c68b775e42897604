"""What an address of the audit log asks for: some actions, a person, a time, a place in it."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from miniback.audit import Action, Wanted
from miniback.errors import Invalid
from miniback.feedback import moment

PATH = "/settings/audit-log"
# What people choose from: texts of the catalogue, each with what its actions begin with.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "access": ("Signing in", ("session.", "password.", "email.")),
    "account": ("Account and plan", ("account.", "member.", "plan.")),
    "projects": ("Projects and keys", ("project.", "key.", "secret.")),
    "told": ("Notifications", ("target.",)),
    "feedback": (
        "Deleted feedback",
        ("feedback.deleted", "feedback.restored", "spam.", "retention."),
    ),
    "data": ("Exports and imports", ("person.", "archive.", "import.", "log.")),
}
_LONGEST = 60
_ALSO_DATA = (Action.FEEDBACK_EXPORTED,)


class Asked(NamedTuple):
    """An address of the page as it was written; '' for what it does not say."""

    group: str = ""
    person: str = ""
    start: str = ""
    end: str = ""

    @property
    def address(self) -> str:
        """The address of the newest of what is asked for."""
        return _with_query(PATH, self.fields)

    @property
    def file(self) -> str:
        """The address of all of it as a file for a spreadsheet."""
        return _with_query(f"{PATH}.csv", self.fields)

    @property
    def names(self) -> list[str]:
        """The names of what narrows the list."""
        return list(self.fields)

    def older(self, number: int) -> str:
        """Return the address of what is older than an entry."""
        return _with_query(PATH, {**self.fields, "before": str(number)})

    def wanted(self, zone: str) -> Wanted:
        """Return what is meant, bare dates being days of a zone; Invalid for what is no date."""
        return between(_actions(self.group), self.person, self.start, self.end, zone or "UTC")

    @property
    def fields(self) -> dict[str, str]:
        """What the query says."""
        named = {"group": self.group, "person": self.person, "from": self.start, "to": self.end}
        return {name: value for name, value in named.items() if value}


def read(fields: Callable[[str], str | None]) -> Asked:
    """Read an address; a group that there is not counts as absent."""
    group = fields("group") or ""
    return Asked(
        group if group in GROUPS else "",
        (fields("person") or "")[:_LONGEST],
        (fields("from") or "")[:_LONGEST],
        (fields("to") or "")[:_LONGEST],
    )


def between(
    actions: tuple[str, ...], person: str, start: str, end: str, zone: str = "UTC"
) -> Wanted:
    """Return what is meant from one date or moment to another, both included."""
    return Wanted(
        actions,
        person,
        max(0, moment("from", start, zone)) if start else None,
        max(0, moment("to", end, zone, days_later=1)) if end else None,
    )


def checked_action(name: str) -> tuple[str, ...]:
    """Return the action of a name, or all that begin with a noun; Invalid for neither."""
    found = tuple(each.value for each in Action if name in (each, each.partition(".")[0]))
    if not found:
        raise Invalid(
            "The parameter 'action' must be an action such as key.issued, or what some of them"
            " begin with, such as key"
        )
    return found


def _actions(group: str) -> tuple[str, ...]:
    if group not in GROUPS:
        return ()
    beginnings = GROUPS[group][1]
    found = [each.value for each in Action if each.startswith(beginnings)]
    return (*found, *(_ALSO_DATA if group == "data" else ()))


def _with_query(path: str, fields: dict[str, str]) -> str:
    return f"{path}?{urlencode(fields)}" if fields else path
