"""Feedback: what people say about a project, from the way in to the way out."""

from miniback.feedback.figures import Counts, arrivals, counts_by_project, resolving_times
from miniback.feedback.intake import submit_all
from miniback.feedback.listing import ITEM, Filter, Slice
from miniback.feedback.models import Draft, Item, Source, Status, message_of, read_draft
from miniback.feedback.service import find, page, set_status
from miniback.feedback.submissions import Accepted, Entrance, Submission

__all__ = [
    "ITEM",
    "Accepted",
    "Counts",
    "Draft",
    "Entrance",
    "Filter",
    "Item",
    "Slice",
    "Source",
    "Status",
    "Submission",
    "arrivals",
    "counts_by_project",
    "find",
    "message_of",
    "page",
    "read_draft",
    "resolving_times",
    "set_status",
    "submit_all",
]
