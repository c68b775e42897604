"""What the API answers with, as values that do not change.

Closed sets are literals that nobody checks at run time: a newer server may know more of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")
Status = Literal["NEW", "REVIEWED", "RESOLVED"]
Source = Literal["WIDGET", "API"]
ProjectStatus = Literal["ACTIVE", "PAUSED"]
Proof = Literal["off", "automatic", "always"]
WebhookEvent = Literal["feedback.created", "feedback.updated"]
WebhookStatus = Literal["ACTIVE", "DISABLED"]
Range = Literal["7d", "30d", "90d", "12m"]
ImageType = Literal["image/webp", "image/png", "image/jpeg"]
Context = dict[str, Any]


@dataclass(frozen=True)
class ProjectReference:
    """The project that an item belongs to."""

    id: str
    name: str
    slug: str


@dataclass(frozen=True)
class Project:
    """A project."""

    id: str
    name: str
    slug: str
    status: ProjectStatus
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class WidgetLook:
    """How the widget looks and what it asks."""

    position: str
    theme: str
    color: str
    label: str
    title: str
    thanks: str
    language: str
    fields: list[str]
    button: bool
    privacy_url: str
    powered_by: bool


@dataclass(frozen=True)
class ProjectSettings:
    """The settings of a project."""

    widget: WidgetLook
    proof: Proof
    visitor_limit: int | None
    retention_days: int | None
    allowed_domains: list[str]


@dataclass(frozen=True)
class ApiKey:
    """What is known of a project's key; the key itself is told once, when it is made."""

    project_id: str
    api_key: str | None = field(repr=False)
    masked_key: str | None
    created_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class FeedbackSummary:
    """A piece of feedback in its shorter form."""

    id: str
    message: str
    context: Context
    status: Status
    created_at: datetime


@dataclass(frozen=True)
class Feedback:
    """A whole piece of feedback."""

    id: str
    message: str
    context: Context
    status: Status
    source: Source
    created_at: datetime
    updated_at: datetime
    project: ProjectReference


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a list, newest first; `total` counts what the filters leave of the whole list."""

    items: list[T]
    total: int
    has_more: bool
    total_is_exact: bool = True

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class Person:
    """A member of the account."""

    id: str
    email: str
    name: str


@dataclass(frozen=True)
class Note:
    """A note of the team; one that a key has written has no author."""

    id: str
    content: str
    author: Person | None
    created_at: datetime


@dataclass(frozen=True)
class Attachment:
    """An image that a visitor sent along."""

    id: str
    content_type: ImageType
    size: int
    url: str


@dataclass(frozen=True)
class Tag:
    """A tag of the account."""

    id: str
    name: str


@dataclass(frozen=True)
class Webhook:
    """A webhook, without its secret."""

    id: str
    url: str
    events: list[WebhookEvent]
    projects: list[str]
    status: WebhookStatus
    disabled_reason: str | None
    created_at: datetime
    last_delivered_at: datetime | None


@dataclass(frozen=True)
class WebhookSecret:
    """A webhook as it was made or given a new secret, which is told this once."""

    id: str
    url: str
    events: list[WebhookEvent]
    secret: str = field(repr=False)
    projects: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Attempt:
    """One try to deliver; no status where nobody answered."""

    at: datetime
    status: int | None
    took_ms: int
    answer: str


@dataclass(frozen=True)
class Delivery:
    """What a webhook was told, with each attempt."""

    id: str
    event: str
    status: Literal["WAITING", "DELIVERED", "FAILED"]
    created_at: datetime
    attempts: list[Attempt]


@dataclass(frozen=True)
class Redelivery:
    """A delivery that is sent again."""

    id: str
    status: str


@dataclass(frozen=True)
class Used:
    """What is used of something, and how much the plan allows; None where it allows any."""

    used: int
    limit: int | None
    held: int = 0


@dataclass(frozen=True)
class Period:
    """A month of the account."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Usage:
    """What the account has used in its current period."""

    plan: str
    period: Period
    api_calls: Used
    feedback: Used
    projects: Used


@dataclass(frozen=True)
class Actor:
    """Who did something, and by which way."""

    way: Literal["PAGE", "API", "CLI", "SYSTEM"]
    user_id: str | None
    project_id: str | None


@dataclass(frozen=True)
class AuditEntry:
    """An entry of the audit log."""

    number: int
    id: str
    at: datetime
    action: str
    by: Actor
    details: dict[str, Any]
    hash: str


@dataclass(frozen=True)
class Challenge:
    """A challenge of ALTCHA that the public door may ask a visitor to solve."""

    parameters: dict[str, Any]
    signature: str


@dataclass(frozen=True)
class Image:
    """The bytes of an attachment."""

    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class DeliveredFeedback:
    """The feedback that a webhook tells of, as it was then."""

    id: str
    message: str
    status: Status
    created_at: datetime


@dataclass(frozen=True)
class Delivered:
    """A webhook's message that is verified: `id` is the same when it is sent again."""

    id: str
    event: WebhookEvent
    timestamp: datetime
    feedback: DeliveredFeedback
    project: ProjectReference
    previous_status: Status | None = None
