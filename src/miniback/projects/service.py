"""What one does with projects."""

from collections.abc import Callable
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import msgspec

from miniback import accounts, audit, clock, idempotency, ids, outbox, plans
from miniback.audit import BY_ITSELF, Action, Actor
from miniback.db import Tx
from miniback.errors import Conflict, Forbidden, NotFound
from miniback.idempotency import Claim
from miniback.plans import Allowance, Plan
from miniback.projects import (
    domains,
    key_store,
    naming,
    retention,
    settings,
    slug_store,
    slugs,
    store,
)
from miniback.projects.models import ID, Caller, Project, Status

P = ParamSpec("P")
T = TypeVar("T")
_UNLIMITED = 2**62


class Changes(NamedTuple):
    """What is to become of a project; None leaves it as it is."""

    name: str | None = None
    slug: str | None = None
    status: Status | None = None


def counted(
    tx: Tx,
    caller: Caller,
    change: Callable[Concatenate[Tx, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Carry out a change and count it as an API call, both or neither; a session's is not counted.

    Counted first, since every transaction takes the account's usage before other rows; but what the
    change refuses is told before a limit that is reached (contract section 1).
    """
    refusal = None if caller.is_session else plans.spent_or_refused(tx, caller.allowance)
    result = change(tx, *args, **kwargs)
    if refusal:
        raise refusal
    return result


def create(
    tx: Tx, allowance: Allowance, name: str, slug: str | None, by: Actor = BY_ITSELF
) -> Project:
    """Start a project, within the plan's number of projects that are not paused."""
    _activate_one(tx, allowance)
    project_id = ids.new(ID)
    project = Project(
        account_id=allowance.account_id,
        id=project_id,
        name=name,
        slug=naming.taken_slug(tx, allowance.account_id, project_id, name, slug),
        status=Status.ACTIVE,
        allowed_domains=[],
        updated_at=ids.created_at(project_id),
    )
    store.insert(tx, project)
    audit.record(tx, project.account_id, Action.PROJECT_CREATED, by, _named(project))
    return project


def create_once(
    tx: Tx,
    caller: Caller,
    name: str,
    slug: str | None,
    claim: Claim | None,
    by: Actor | None = None,
) -> tuple[Project, bool]:
    """Start a project by an API call, unless it repeats one; True with a project of before."""
    if claim:
        kept = idempotency.find(tx, claim.account_id, claim.project_id, claim.call, [claim.key])
        if earlier := kept.get(claim.key):
            return _as_it_began(caller.allowance, name, earlier.replayed(claim.fingerprint)), True
    by = by or caller.actor
    project = counted(tx, caller, create, caller.allowance, name, slug, by)
    if claim:
        idempotency.keep(tx, [(claim, f"{project.id} {project.slug}")])
    return project, False


def locked(tx: Tx, account_id: str, project_id: str) -> Project:
    """Find a project to change it, while nobody else does, or raise NotFound."""
    return _there(store.lock, tx, account_id, project_id)


def named(tx: Tx, account_id: str, project_id: str) -> Project:
    """Find a project of an account by its id, or raise NotFound."""
    return _there(store.find, tx, account_id, project_id)


def id_of(tx: Tx, account_id: str, name: str) -> str:
    """Return the id of an account's project named by its id or a slug, an earlier one too."""
    if ids.is_one(ID, name):
        return named(tx, account_id, name).id
    place = store.project_of_slug(tx, name) if slugs.is_one(name) else None
    if place is None or place[0] != account_id:
        raise NotFound("Project not found")
    return place[1]


def update(
    tx: Tx, allowance: Allowance, project_id: str, changes: Changes, by: Actor = BY_ITSELF
) -> Project:
    """Change a project's name, slug or status."""
    before = locked(tx, allowance.account_id, project_id)
    given = {name: value for name, value in changes._asdict().items() if value is not None}
    if all(getattr(before, name) == value for name, value in given.items()):
        return before
    project = msgspec.structs.replace(before, **given, updated_at=clock.now())
    if project.status != before.status:
        _switch(tx, allowance, project.status)
    if project.slug != before.slug and not slug_store.take(
        tx, project.slug, project.account_id, project.id
    ):
        raise Conflict("Slug is already taken")
    store.update(tx, project)
    changed = [name for name, value in given.items() if getattr(before, name) != value]
    _record_change(tx, project, changed, by)
    return project


def decide(
    tx: Tx, account_id: str, project_id: str, given: dict[str, Any], by: Actor = BY_ITSELF
) -> Project:
    """Change the settings that are named, or raise Invalid."""
    project = locked(tx, account_id, project_id)
    hosts = project.allowed_domains
    if "allowedDomains" in given:
        hosts = domains.checked(given["allowedDomains"])
    changed = msgspec.structs.replace(
        project,
        allowed_domains=hosts,
        settings=settings.changed(project.settings, given),
        updated_at=clock.now(),
    )
    store.update(tx, changed)
    if changed.settings.retention_days != project.settings.retention_days:
        retention.schedule(tx, changed)
    if different := _different(project, changed):
        _record_change(tx, changed, different, by)
    return changed


def delete(tx: Tx, account_id: str, project_id: str, by: Actor = BY_ITSELF) -> None:
    """Make a project, its keys and its figures vanish; its feedback is cleared away after."""
    project = locked(tx, account_id, project_id)
    store.delete(tx, account_id, project_id)
    slug_store.free(tx, account_id, project_id)
    key_store.delete_all(tx, account_id, project_id)
    if project.status == Status.ACTIVE:
        accounts.remove_active_projects(tx, account_id, 1)
    outbox.record(tx, account_id, outbox.PROJECT_DELETED, project_id)
    audit.record(tx, account_id, Action.PROJECT_DELETED, by, _named(project))


def by_name(tx: Tx, account_id: str, name: str) -> Project:
    """Find a project by its id or a slug, an earlier one too, or raise NotFound."""
    return named(tx, account_id, id_of(tx, account_id, name))


def allow_domain(
    tx: Tx, account_id: str, project_id: str, entry: str, by: Actor = BY_ITSELF
) -> Project:
    """Let one site more post to a project, or raise Invalid."""
    project = locked(tx, account_id, project_id)
    hosts = [*project.allowed_domains, entry]
    return decide(tx, account_id, project_id, {"allowedDomains": hosts}, by)


def forbid_domain(
    tx: Tx, account_id: str, project_id: str, entry: str, by: Actor = BY_ITSELF
) -> Project:
    """Take a site off the list of those that may post to a project."""
    project = locked(tx, account_id, project_id)
    rest = [each for each in project.allowed_domains if each != entry]
    return decide(tx, account_id, project_id, {"allowedDomains": rest}, by)


def would_pause(tx: Tx, account_id: str, plan: Plan) -> list[Project]:
    """Return the projects that a change to a plan would pause, newest first."""
    surplus = _surplus(tx, account_id, plan)
    return store.newest_active(tx, account_id, surplus) if surplus else []


def change_plan(tx: Tx, account_id: str, plan: Plan, by: Actor = BY_ITSELF) -> list[Project]:
    """Put an account on another plan; return the projects that this pauses, newest first."""
    accounts.update_plan(tx, account_id, plan.name)
    surplus = _surplus(tx, account_id, plan)
    paused = store.pause_newest(tx, account_id, surplus, clock.now()) if surplus else []
    accounts.remove_active_projects(tx, account_id, len(paused))
    outbox.record(tx, account_id, outbox.ALLOWANCE_GREW, account_id)
    told = {"plan": plan.name, "projectsPaused": len(paused)}
    audit.record(tx, account_id, Action.PLAN_CHANGED, by, told)
    return paused


def place_of(tx: Tx, name: str) -> tuple[str, str]:
    """Return account and id of a project named by id or slug, for the operator alone."""
    place = store.project_of_slug(tx, name) or store.place_of_id(tx, name)
    if place is None:
        raise NotFound(f"There is no project '{name}'")
    return place


def _named(project: Project) -> dict[str, Any]:
    """Return what the audit log keeps of a project: names that its own people have given it."""
    return {"projectId": project.id, "name": project.name, "slug": project.slug}


def _record_change(tx: Tx, project: Project, changed: list[str], by: Actor) -> None:
    told = {**_named(project), "changed": changed}
    audit.record(tx, project.account_id, Action.PROJECT_CHANGED, by, told)


def _different(before: Project, after: Project) -> list[str]:
    """Return the names of the settings that differ, as the API calls them."""
    old, new = settings.shown(before.settings), settings.shown(after.settings)
    changed = ["allowedDomains"] if before.allowed_domains != after.allowed_domains else []
    for name, value in new.items():
        if name == "widget":
            changed += [f"widget.{each}" for each in value if value[each] != old[name][each]]
        elif value != old[name]:
            changed.append(name)
    return changed


def _there(
    look: Callable[[Tx, str, str], Project | None], tx: Tx, account_id: str, project_id: str
) -> Project:
    """Return what a look finds; only what has the shape of an id reaches the database."""
    project = look(tx, account_id, project_id) if ids.is_one(ID, project_id) else None
    if project is None:
        raise NotFound("Project not found")
    return project


def _activate_one(tx: Tx, allowance: Allowance) -> None:
    most = allowance.plan.projects
    if not accounts.add_active_projects(
        tx, allowance.account_id, _UNLIMITED if most is None else most
    ):
        raise Forbidden("Project limit reached. Upgrade your plan to create more projects.")


def _surplus(tx: Tx, account_id: str, plan: Plan) -> int:
    """Return how many projects more an account has at work than a plan allows."""
    active = store.count_active(tx, account_id)
    return 0 if plan.projects is None else max(0, active - plan.projects)


def _switch(tx: Tx, allowance: Allowance, status: str) -> None:
    if status == Status.ACTIVE:
        _activate_one(tx, allowance)
    else:
        accounts.remove_active_projects(tx, allowance.account_id, 1)


def _as_it_began(allowance: Allowance, name: str, answer: str) -> Project:
    """Rebuild the first answer from what was kept of it and the name that was sent again."""
    project_id, _, slug = answer.partition(" ")
    return Project(
        account_id=allowance.account_id,
        id=project_id,
        name=name,
        slug=slug,
        status=Status.ACTIVE,
        allowed_domains=[],
        updated_at=ids.created_at(project_id),
    )
