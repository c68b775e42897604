"""Feedback: what people say about a project, from the way in to the way out."""

from miniback.feedback.intake import Accepted, Submission, submit_all
from miniback.feedback.models import Draft, Source, Status, read_draft
from miniback.feedback.service import find, page, set_status

__all__ = [
    "Accepted",
    "Draft",
    "Source",
    "Status",
    "Submission",
    "find",
    "page",
    "read_draft",
    "set_status",
    "submit_all",
]
