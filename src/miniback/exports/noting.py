"""What the audit log keeps of an export: its format, and by what it was narrowed."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback import audit
from miniback.audit import Action, Actor
from miniback.db import Tx
from miniback.exports.archived import Scope


class Note(NamedTuple):
    """Who exports, and the names of the filters: what is searched for may name a visitor."""

    by: Actor
    filters: Sequence[str]


def note_feedback(tx: Tx, account_id: str, format_: str, note: Note) -> None:
    """Record that feedback is handed out."""
    told = {"format": format_, "filters": sorted(note.filters)}
    audit.record(tx, account_id, Action.FEEDBACK_EXPORTED, note.by, told)


def note_archive(tx: Tx, scope: Scope, by: Actor) -> None:
    """Record that an archive is handed out, of one project or of all."""
    told = {"projectId": scope.project_id} if scope.project_id else {}
    audit.record(tx, scope.account_id, Action.ARCHIVE_EXPORTED, by, told)
