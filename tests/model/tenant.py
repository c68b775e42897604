"""A plain model of one account: what it has, what it has used, and what a call must answer."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.house import Account

# What the plan allows here: so little that every limit is met within a few steps.
CALLS, ITEMS, PROJECTS = 20, 3, 3
PLAN = {"STARTER": {"calls": CALLS, "items": ITEMS, "projects": PROJECTS}}
RESERVED = "admin"


@dataclass
class Item:
    """One piece of feedback; `context` is None for none."""

    id: str
    project_id: str
    message: str
    context: dict[str, Any]
    source: str
    status: str = "NEW"


@dataclass
class Project:
    """A project, and the key that lives for it, '' where none does."""

    id: str
    name: str
    slug: str
    key: str = ""
    status: str = "ACTIVE"


class Claim(NamedTuple):
    """What an idempotency key stands for: where it was used, by which call, and the key."""

    project_id: str
    call: str
    key: str


class Kept(NamedTuple):
    """What a call with an idempotency key held, and what it answered."""

    content: tuple[Any, ...]
    answer: dict[str, Any]


@dataclass
class Tenant:
    """An account as it should be."""

    account: Account
    calls: int = 0
    items: int = 0
    held: list[Item] = field(default_factory=list)
    projects: dict[str, Project] = field(default_factory=dict)
    # The newest last.
    live: dict[str, Item] = field(default_factory=dict)
    # Each slug that was ever used, and the project that has it; '' once that is deleted.
    slugs: dict[str, str] = field(default_factory=dict)
    claims: dict[Claim, Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = self.account
        first = Project(own.project_id, "My Website", own.slug, own.key)
        self.projects[first.id] = first
        self.slugs[first.slug] = first.id

    @property
    def key(self) -> str:
        """The first key that lives."""
        return next((each.key for each in self.projects.values() if each.key), "")

    @property
    def active(self) -> int:
        """How many projects are not paused."""
        return sum(each.status == "ACTIVE" for each in self.projects.values())

    @property
    def has_call(self) -> bool:
        """Whether a call is left in this month."""
        return self.calls < CALLS

    def replayed(self, claim: Claim | None, content: tuple[Any, ...]) -> Kept | int | None:
        """Return what was answered before, 422 for other content, None for what is new."""
        kept = self.claims.get(claim) if claim else None
        if kept is None:
            return None
        return kept if kept.content == content else 422

    def is_free(self, slug: str, project_id: str) -> bool:
        """Whether a project of this account may have a slug, as far as this account knows."""
        return self.slugs.get(slug, "") in ("", project_id)

    def delete(self, project_id: str) -> None:
        """Forget a project with all that it holds."""
        del self.projects[project_id]
        self.live = {key: item for key, item in self.live.items() if item.project_id != project_id}
        self.held = [item for item in self.held if item.project_id != project_id]
        for slug, owner in self.slugs.items():
            if owner == project_id:
                self.slugs[slug] = ""
        self.claims = {
            claim: kept for claim, kept in self.claims.items() if claim.project_id != project_id
        }

    def newest(self, **wanted: str) -> list[Item]:
        """Items in sight whose members have these values, newest first."""
        found = [
            item
            for item in self.live.values()
            if all(getattr(item, name) == value for name, value in wanted.items())
        ]
        return sorted(found, key=lambda item: item.id, reverse=True)
