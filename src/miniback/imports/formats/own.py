"""Our own export: CSV, or whole objects of the API a line."""

from collections.abc import Collection, Mapping
from typing import Any

from miniback.imports import mapping, texts
from miniback.imports.models import Taken, Target

_MAPPING = {
    "id": Target.ID,
    "createdAt": Target.CREATED_AT,
    "updatedAt": Target.UPDATED_AT,
    "status": Target.STATUS,
    "source": Target.SOURCE,
    "message": Target.MESSAGE,
    "tags": Target.TAGS,
    "assignee": Target.ASSIGNEE,
    "context": Target.CONTEXT,
    # Where it goes is chosen; the rest says what the context says.
    **dict.fromkeys(
        ("project", "projectSlug", "url", "userAgent", "email", "name"), Target.NOTHING
    ),
}
_ALWAYS = {"id", "createdAt", "updatedAt", "status", "source", "project", "message", "context"}


def recognises(columns: Collection[str]) -> bool:
    """Tell whether these are the columns of our export."""
    return set(columns) >= _ALWAYS


def taken(cells: Mapping[str, Any]) -> Taken:
    """Give the cells their meaning, without the apostrophes that guard a spreadsheet."""
    bare = {
        name: texts.unguarded(cell) if isinstance(cell, str) else cell
        for name, cell in cells.items()
    }
    if isinstance(assignee := bare.get("assignee"), dict):
        bare["assignee"] = assignee.get("email")
    return mapping.taken(bare, _MAPPING)
