"""Feedback: what people say about a project, from the way in to the way out."""

from miniback.audit import BY_COMMAND, Actor, Way
from miniback.feedback.acts import (
    ACT,
    CHANGE,
    Action,
    Annotation,
    Change,
    Kind,
    Note,
)
from miniback.feedback.annotation_store import notes_since
from miniback.feedback.annotation_store import of_items as annotations
from miniback.feedback.attachment_store import ID as ATTACHMENT
from miniback.feedback.attachment_store import Attachment, Kept, contents
from miniback.feedback.attachment_store import claimed_since as attachments_since
from miniback.feedback.attachment_store import of_items as attachments_of
from miniback.feedback.attachments import LARGEST_BYTES as LARGEST_ATTACHMENT_BYTES
from miniback.feedback.attachments import Image
from miniback.feedback.attachments import checked as checked_image
from miniback.feedback.attachments import find as find_attachment
from miniback.feedback.bringing import (
    Brought,
    bring_changes,
    bring_image,
    bring_in,
    bring_notes,
    bring_tags,
    bring_views,
    brought_positions,
)
from miniback.feedback.bulk import Bulk, begin, begin_undo, do_at_once, go_on
from miniback.feedback.change_store import last as last_change
from miniback.feedback.change_store import of_item as changes_of
from miniback.feedback.change_store import since as changes_since
from miniback.feedback.change_store import statuses_of
from miniback.feedback.dates import moment, newest_position, oldest_position
from miniback.feedback.door import Place, check_site, place_named, take_in
from miniback.feedback.erasures import Found, Progress
from miniback.feedback.erasures import begin as begin_erasure
from miniback.feedback.erasures import find as find_submitter
from miniback.feedback.erasures import go_on as go_on_erasing
from miniback.feedback.erasures import portion as submitted
from miniback.feedback.erasures import under_way as erasures_under_way
from miniback.feedback.facets import NAMES as FACETS
from miniback.feedback.figures import (
    QUARTER_MS,
    Counts,
    arrivals,
    counts_by_project,
    resolving_times,
)
from miniback.feedback.filters import NAMES as FILTERS
from miniback.feedback.filters import Search, chosen
from miniback.feedback.filters import read as read_filters
from miniback.feedback.folding import Folder
from miniback.feedback.gate_store import identities, vouched_for
from miniback.feedback.happenings import Happened, happened, in_sight
from miniback.feedback.intake import submit_all
from miniback.feedback.listing import ITEM, LAST_POSITION, Filter, Slice, at_positions
from miniback.feedback.models import (
    ID,
    Draft,
    Item,
    Shelf,
    Source,
    Status,
    message_of,
    parts,
    read_draft,
)
from miniback.feedback.quarantine import reasons
from miniback.feedback.recounting import STEPS as RECOUNTING
from miniback.feedback.recounting import Recounted, check_some
from miniback.feedback.rollup_store import Place as Counted
from miniback.feedback.rollup_store import by_hour, told
from miniback.feedback.rollups import TOOK
from miniback.feedback.service import (
    Page,
    Shown,
    count_newer,
    find,
    find_anywhere,
    page,
    positions,
    set_status,
    with_names,
)
from miniback.feedback.spam_store import suspicions
from miniback.feedback.store import tallied
from miniback.feedback.submissions import Accepted, Entrance, Submission
from miniback.feedback.submitter_store import BIN, Submitted
from miniback.feedback.submitters import by_any, by_email, by_id
from miniback.feedback.tag_store import Tag
from miniback.feedback.team import (
    NOTE,
    TAG,
    Added,
    add_note,
    added_at,
    added_to,
    assign,
    checked_note,
    checked_tag,
    checked_tags,
    delete_note,
    set_tags,
    tag_named,
    tags_of,
)
from miniback.feedback.triage import new_act
from miniback.feedback.view_store import MOST as MOST_VIEWS
from miniback.feedback.view_store import View
from miniback.feedback.view_store import all_of as views_of
from miniback.feedback.view_store import delete as delete_view
from miniback.feedback.view_store import insert as insert_view
from miniback.feedback.view_store import update as update_view
from miniback.feedback.visitors import MOST_ATTACHMENTS, WITHOUT_SCRIPT, Sign
from miniback.feedback.waiting import Waiting

__all__ = [
    "ACT",
    "ATTACHMENT",
    "BIN",
    "BY_COMMAND",
    "CHANGE",
    "FACETS",
    "FILTERS",
    "ID",
    "ITEM",
    "LARGEST_ATTACHMENT_BYTES",
    "LAST_POSITION",
    "MOST_ATTACHMENTS",
    "MOST_VIEWS",
    "NOTE",
    "QUARTER_MS",
    "RECOUNTING",
    "TAG",
    "TOOK",
    "WITHOUT_SCRIPT",
    "Accepted",
    "Action",
    "Actor",
    "Added",
    "Annotation",
    "Attachment",
    "Brought",
    "Bulk",
    "Change",
    "Counted",
    "Counts",
    "Draft",
    "Entrance",
    "Filter",
    "Folder",
    "Found",
    "Happened",
    "Image",
    "Item",
    "Kept",
    "Kind",
    "Note",
    "Page",
    "Place",
    "Progress",
    "Recounted",
    "Search",
    "Shelf",
    "Shown",
    "Sign",
    "Slice",
    "Source",
    "Status",
    "Submission",
    "Submitted",
    "Tag",
    "View",
    "Waiting",
    "Way",
    "add_note",
    "added_at",
    "added_to",
    "annotations",
    "arrivals",
    "assign",
    "at_positions",
    "attachments_of",
    "attachments_since",
    "begin",
    "begin_erasure",
    "begin_undo",
    "bring_changes",
    "bring_image",
    "bring_in",
    "bring_notes",
    "bring_tags",
    "bring_views",
    "brought_positions",
    "by_any",
    "by_email",
    "by_hour",
    "by_id",
    "changes_of",
    "changes_since",
    "check_site",
    "check_some",
    "checked_image",
    "checked_note",
    "checked_tag",
    "checked_tags",
    "chosen",
    "contents",
    "count_newer",
    "counts_by_project",
    "delete_note",
    "delete_view",
    "do_at_once",
    "erasures_under_way",
    "find",
    "find_anywhere",
    "find_attachment",
    "find_submitter",
    "go_on",
    "go_on_erasing",
    "happened",
    "identities",
    "in_sight",
    "insert_view",
    "last_change",
    "message_of",
    "moment",
    "new_act",
    "newest_position",
    "notes_since",
    "oldest_position",
    "page",
    "parts",
    "place_named",
    "positions",
    "read_draft",
    "read_filters",
    "reasons",
    "resolving_times",
    "set_status",
    "set_tags",
    "statuses_of",
    "submit_all",
    "submitted",
    "suspicions",
    "tag_named",
    "tags_of",
    "take_in",
    "tallied",
    "told",
    "update_view",
    "views_of",
    "vouched_for",
    "with_names",
]
