"""Who is told, of what, and what becomes of it."""

from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from miniback import heard
from miniback.errors import Invalid

TARGET, DELIVERY = "target", "delivery"
# Deliveries of no item: a try, and the question whether an address wants to be told.
TEST, VERIFY = "test", "verify"
# What people may be told of.
EVENTS = heard.EVENTS
MOST_TARGETS = 100
MOST_PROJECTS = 100
# The position of a delivery that is of no item.
NO_ITEM = 0


class Kind(StrEnum):
    """How somebody is told."""

    WEBHOOK = "WEBHOOK"
    EMAIL = "EMAIL"
    SLACK = "SLACK"
    DISCORD = "DISCORD"
    TEAMS = "TEAMS"
    TELEGRAM = "TELEGRAM"


class TargetStatus(StrEnum):
    """Whether somebody is told: an address of mail only once its owner has said yes."""

    ACTIVE = "ACTIVE"
    UNVERIFIED = "UNVERIFIED"
    DISABLED = "DISABLED"


class Schedule(StrEnum):
    """When mail is sent."""

    INSTANT = "INSTANT"
    HOURLY = "HOURLY"
    DAILY = "DAILY"


class DeliveryStatus(StrEnum):
    """How far a delivery has come."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class Target(NamedTuple):
    """Somebody who is told; times in milliseconds. `address` is a URL, or an address of mail."""

    account_id: str
    id: str
    kind: Kind
    address: str
    events: tuple[str, ...]
    projects: tuple[str, ...]
    secret: str = ""
    old_secret: str = ""
    old_ends_at: int = 0
    status: TargetStatus = TargetStatus.ACTIVE
    reason: str = ""
    schedule: Schedule = Schedule.INSTANT
    hour: int = 0
    time_zone: str = ""
    failures: int = 0
    failing_since: int | None = None
    succeeded_at: int | None = None

    @property
    def label(self) -> str:
        """What it is called where others read along: addresses of chats are secrets."""
        if self.kind is Kind.EMAIL:
            return self.address
        return self.host if self.kind is Kind.WEBHOOK else f"{self.kind.title()} ({self.host})"

    @property
    def host(self) -> str:
        """The host of its URL, without a name or a password in front."""
        return urlsplit(self.address).netloc.rpartition("@")[2]

    def hears(self, event: str, project_id: str) -> bool:
        """Tell whether it is told of an event of a project."""
        return event in self.events and (not self.projects or project_id in self.projects)


class Delivery(NamedTuple):
    """Something to tell to one target. `was` and `became` are statuses, '' where none is meant."""

    account_id: str
    id: str
    target_id: str
    event: str
    position: int
    project_id: str
    was: str
    became: str
    happened_at: int
    status: DeliveryStatus
    attempts: int
    due_at: int

    @property
    def is_test(self) -> bool:
        """Whether it is of no item."""
        return self.position == NO_ITEM


class Attempt(NamedTuple):
    """One try: `answer` is the status that came back, 0 where none did; `content` what was said."""

    number: int
    at: int
    took_ms: int
    answer: int
    content: str


class Told(NamedTuple):
    """All that a message to a target may say; texts of visitors are as they wrote them."""

    event: str
    happened_at: int
    item_id: str
    message: str
    status: str
    previous_status: str
    created_at: str
    project_id: str
    project_name: str
    project_slug: str
    page: str
    link: str


class Wanted(NamedTuple):
    """What a new target is to be."""

    kind: Kind
    address: str
    events: tuple[str, ...]
    projects: tuple[str, ...] = ()
    more: dict[str, Any] = {}  # noqa: RUF012 - never changed


def checked_events(events: object) -> tuple[str, ...]:
    """Return events, each once, or raise Invalid."""
    if not isinstance(events, list) or not events or not all(each in EVENTS for each in events):
        raise Invalid(f"events must be a list of one or more of {', '.join(EVENTS)}")
    return tuple(each for each in EVENTS if each in events)


def checked_projects(projects: object) -> tuple[str, ...]:
    """Return ids of projects, each once, or raise Invalid; that they are there is seen later."""
    if projects is None:
        return ()
    wrong = Invalid(f"projects must be a list of at most {MOST_PROJECTS} ids of projects")
    if not isinstance(projects, list) or len(projects) > MOST_PROJECTS:
        raise wrong
    if not all(isinstance(each, str) for each in projects):
        raise wrong
    return tuple(dict.fromkeys(projects))
