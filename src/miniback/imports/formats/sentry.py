"""Sentry: user feedback as its API lists it (user reports, or issues of this category), or CSV."""

from collections.abc import Collection, Mapping
from typing import Any

from miniback.imports import mapping
from miniback.imports.models import Taken, Target

_MAPPING = {
    "id": Target.ID,
    "comments": Target.MESSAGE,
    "message": Target.MESSAGE,
    "dateCreated": Target.CREATED_AT,
    "firstSeen": Target.CREATED_AT,
    "lastSeen": Target.UPDATED_AT,
    "status": Target.STATUS,
    "name": Target.NAME,
    "email": Target.EMAIL,
    "contact_email": Target.EMAIL,
    "url": Target.URL,
    "event": Target.NOTHING,
}
# Of an issue the rest is about how often, and for whom in the team.
_OF_ISSUE = ("id", "shortId", "firstSeen", "lastSeen", "status", "permalink", "platform")
_OF_FEEDBACK = ("message", "name", "contact_email", "url", "source")


def recognises(columns: Collection[str]) -> bool:
    """Tell whether these are user reports, or issues that are feedback."""
    names = set(columns)
    return names >= {"comments", "eventID"} or names >= {"shortId", "metadata", "firstSeen"}


def taken(cells: Mapping[str, Any]) -> Taken:
    """Take comments for the message; the event and the issue go into the context."""
    flat = dict(cells)
    metadata = flat.get("metadata")
    if isinstance(metadata, dict):
        flat = {name: flat[name] for name in _OF_ISSUE if name in flat}
        flat |= {name: metadata[name] for name in _OF_FEEDBACK if name in metadata}
    for name in ("issue", "user"):
        if isinstance(each := flat.get(name), dict):
            flat[name] = each.get("permalink") or each.get("id") or each.get("username")
    return mapping.taken(flat, _MAPPING)
