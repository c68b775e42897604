"""Exports: an account's feedback on its way out, as files for people and for other servers."""

from miniback.exports.answers import PAGE, feedback_answer, record
from miniback.exports.archive import archive_file
from miniback.exports.archived import Scope, scope_of
from miniback.exports.cells import line
from miniback.exports.files import Format, feedback_file, writer_for
from miniback.exports.noting import Note, note_archive, note_feedback
from miniback.exports.portions import Told

__all__ = [
    "PAGE",
    "Format",
    "Note",
    "Scope",
    "Told",
    "archive_file",
    "feedback_answer",
    "feedback_file",
    "line",
    "note_archive",
    "note_feedback",
    "record",
    "scope_of",
    "writer_for",
]
