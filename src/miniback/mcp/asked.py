"""What tools are asked for: checked as it comes in, and described to who asks."""

from typing import Annotated, get_args

from msgspec import Meta, Struct

from miniback_client.models import Range, Source, Status

_LONGEST_SEARCH = 200
_LARGEST_PAGE = 100

FeedbackId = Annotated[
    str, Meta(pattern="^[A-Za-z0-9_]+$", description="The item's id, such as feedback_…")
]
# What is wrong is refused by the API, whose sentence names those that there are.
StatusName = Annotated[str, Meta(extra_json_schema={"enum": [*get_args(Status)]})]
SourceName = Annotated[str, Meta(extra_json_schema={"enum": [*get_args(Source)]})]
RangeName = Annotated[str, Meta(extra_json_schema={"enum": [*get_args(Range)]})]
Project = Annotated[
    str | None, Meta(description="A project's id or slug; all projects without it.")
]
Day = Annotated[
    str | None, Meta(description="A day (2026-01-31) or a moment (RFC 3339), itself included.")
]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing is asked for."""


class Search(Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """What narrows a list of feedback; all that is given must be met."""

    search: Annotated[
        Annotated[str, Meta(max_length=_LONGEST_SEARCH)] | None,
        Meta(description="Words that the message has, the last one perhaps cut off."),
    ] = None
    project: Project = None
    status: Annotated[StatusName | None, Meta(description="How far it is dealt with.")] = None
    source: Annotated[SourceName | None, Meta(description="By the widget, or by a key.")] = None
    start: Day = None
    end: Day = None
    tag: Annotated[str | None, Meta(description="A tag of the team's.")] = None
    rating: Annotated[str | None, Meta(description="A rating that visitors gave.")] = None
    page: Annotated[int, Meta(ge=1, description="Pages begin at 1, the newest first.")] = 1
    page_size: Annotated[int, Meta(ge=1, le=_LARGEST_PAGE)] = 10


class Item(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """One item."""

    feedback_id: FeedbackId


class Setting(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A status for an item."""

    feedback_id: FeedbackId
    status: StatusName


class Tagging(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Tags for an item."""

    feedback_id: FeedbackId
    tags: Annotated[list[str], Meta(description="All tags that it is to have; none for no tags.")]


class Noting(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A note for an item."""

    feedback_id: FeedbackId
    content: Annotated[str, Meta(min_length=1, description="What the team is to read, plain text.")]


class Days(Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True):
    """The days that figures are asked for."""

    project: Project = None
    range: Annotated[
        RangeName | None, Meta(description="Up to today; 30d without start and end.")
    ] = None
    start: Annotated[str | None, Meta(description="The first day, such as 2026-01-01.")] = None
    end: Annotated[str | None, Meta(description="The last day; 366 days at the most.")] = None
    time_zone: Annotated[str | None, Meta(description="An IANA name; UTC without it.")] = None
    by_day: Annotated[bool, Meta(description="Whether each day is told, too.")] = False
