"""The audit log as people and programs read it: a page, files, and the API."""

from miniback.logbook.lines import head_line, json_line, note_export

__all__ = ["head_line", "json_line", "note_export"]
