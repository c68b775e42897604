"""What the columns of a table mean: guessed by their names, which people may correct."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from miniback.imports.models import Taken, Target

# As they are written without regard to case and signs; the first of a row that is there counts.
_NAMES: dict[Target, tuple[str, ...]] = {
    Target.MESSAGE: (
        *("message", "feedback", "comment", "comments", "text", "body", "content", "description"),
        *("details", "response", "answer", "review", "note", "nachricht", "mensaje"),
    ),
    Target.TITLE: ("title", "subject", "headline", "summary", "betreff"),
    Target.CREATED_AT: (
        *("createdat", "created", "createdon", "creationdate", "datecreated", "submittedat"),
        *("submitted", "timestamp", "date", "datetime", "time", "receivedat", "datum"),
    ),
    Target.UPDATED_AT: ("updatedat", "updated", "modifiedat", "lastmodified", "dateupdated"),
    Target.STATUS: ("status", "state"),
    Target.SOURCE: ("source", "channel"),
    Target.TAGS: ("tags", "tag", "labels", "label"),
    Target.ASSIGNEE: ("assignee", "assignedto", "assigneeemail"),
    Target.ID: ("id", "feedbackid", "responseid", "ticketid", "externalid", "uuid"),
    Target.EMAIL: ("email", "emailaddress", "mail", "useremail", "authoremail", "contactemail"),
    Target.NAME: ("name", "username", "author", "authorname", "fullname", "customer"),
    Target.URL: ("url", "page", "pageurl", "link", "website", "location"),
    Target.RATING: ("rating", "score", "stars", "nps", "csat"),
    Target.KIND: ("kind", "type", "category"),
    Target.USER_AGENT: ("useragent", "browser"),
    Target.CONTEXT: ("context", "metadata"),
}
_SIGNS = re.compile(r"[^a-z0-9]+")


def plain(name: str) -> str:
    """Return a column's name without regard to case and signs."""
    return _SIGNS.sub("", name.lower())


def guessed(columns: Iterable[str]) -> dict[str, Target]:
    """Guess what columns become; each meaning is given once, and a title alone is the message."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(plain(column), column)
    found: dict[str, Target] = {}
    for target, names in _NAMES.items():
        there = [by_name[name] for name in names if name in by_name]
        if there and there[0] not in found:
            found[there[0]] = target
    if Target.MESSAGE not in found.values():
        titles = [column for column, target in found.items() if target is Target.TITLE]
        found |= dict.fromkeys(titles, Target.MESSAGE)
    return found


def taken(cells: Mapping[str, Any], mapping: Mapping[str, Target]) -> Taken:
    """Give a row's cells the meaning of their columns; blank ones say nothing."""
    fields: dict[Target, Any] = {}
    context: dict[str, Any] = {}
    for column, cell in cells.items():
        if cell is None or cell in ("", [], {}):
            continue
        target = mapping.get(column)
        if target is None:
            context[column] = cell
        elif target is not Target.NOTHING:
            fields[target] = cell
    return Taken(fields, context)
