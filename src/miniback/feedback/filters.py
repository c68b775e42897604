"""What a list of feedback is filtered by: from the fields of an address or a form to a filter."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from miniback import accounts, projects, text
from miniback.db import Tx
from miniback.errors import Invalid, NotFound
from miniback.feedback import dates, facets, listing, models, tag_store
from miniback.feedback.listing import Filter

LONGEST_SEARCH = 200
# The API's own names (contract section 5), two of what a team adds, and what items tell.
NAMES = (
    *("project", "projectSlug", "status", "source", "search", "start", "end"),
    *("tag", "assignee"),
    *facets.NAMES,
)
# A label that no item has.
_NOTHING = "nothing"


class Search(NamedTuple):
    """A filter, and the words that are searched for."""

    filter: Filter
    words: list[str]


def read(fields: Callable[[str], str | None]) -> dict[str, str]:
    """Take the filters out of an address or a form; one that is empty counts as absent."""
    return {name: value for name in NAMES if (value := fields(name))}


def chosen(tx: Tx, account_id: str, fields: Mapping[str, str], zone: str = "UTC") -> Search:
    """Return what fields ask for; bare dates are days of a time zone.

    Raises Invalid for what makes no sense and NotFound for a project that is not the account's.
    """
    project_id = _project(tx, account_id, fields)
    source, start, end = fields.get("source"), fields.get("start"), fields.get("end")
    status = fields.get("status")
    search = fields.get("search", "")
    if len(search) > LONGEST_SEARCH:
        raise Invalid(f"The parameter 'search' takes at most {LONGEST_SEARCH} characters")
    found = Filter(
        account_id=account_id,
        project_id=project_id,
        status=models.checked_status(status) if status else None,
        source=models.checked_source(source) if source else None,
        oldest=dates.oldest_position(start, zone) if start else listing.FIRST_POSITION,
        newest=dates.newest_position(end, zone) if end else listing.LAST_POSITION,
        labels=_labels(tx, account_id, fields),
    )
    return Search(found, text.words(search))


def _project(tx: Tx, account_id: str, fields: Mapping[str, str]) -> str | None:
    """Return the project that `project` (an id or a slug) and `projectSlug` name, if any."""
    named = {fields[name] for name in ("project", "projectSlug") if name in fields}
    found = {projects.id_of(tx, account_id, name) for name in named}
    if len(found) > 1:
        raise NotFound("Project not found")
    return found.pop() if found else None


def _labels(tx: Tx, account_id: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the search index finds the rest by; an unknown tag or person has nothing."""
    labels = [facets.label(name, fields[name]) for name in facets.NAMES if name in fields]
    if tag := fields.get("tag"):
        named = tag_store.named(tx, account_id, [tag.casefold()]) if tag.isprintable() else []
        labels.append(named[0].id if named else _NOTHING)
    if assignee := fields.get("assignee"):
        try:
            labels.append(accounts.person_named(tx, account_id, assignee).id)
        except Invalid:
            labels.append(_NOTHING)
    return tuple(labels)
