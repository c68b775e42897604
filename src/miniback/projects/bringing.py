"""Bringing projects here from elsewhere, with what their owners had decided."""

from typing import Any, NamedTuple

import msgspec

from miniback import accounts, audit, ids
from miniback.audit import BY_ITSELF, Action, Actor
from miniback.db import Tx
from miniback.plans import Allowance
from miniback.projects import (
    domains,
    naming,
    retention,
    settings,
    slug_store,
    slugs,
    store,
)
from miniback.projects.models import ID, Project, Status, checked_name

_UNLIMITED = 2**62
# What may have become of it on the way; texts of the catalogue, but for the slug in front.
PAUSED = "came in paused, since the plan allows no more projects"
ANOTHER_SLUG = "has another slug here, since its own is taken"
LOST_SLUG = "could not keep all of its earlier slugs, since they are taken"


class Copy(NamedTuple):
    """A project as it was elsewhere; `decided` are its settings as the API shows them."""

    id: str
    name: str
    slug: str
    old_slugs: tuple[str, ...]
    status: str
    updated_at: int
    decided: dict[str, Any]


class Arrived(NamedTuple):
    """The project that a copy has become here, whether it was made now, and what is different."""

    project: Project
    is_new: bool
    differences: tuple[str, ...] = ()


def bring_in(tx: Tx, allowance: Allowance, copy: Copy, by: Actor = BY_ITSELF) -> Arrived:
    """Make a project like another, unless it was made before; or raise Invalid.

    One more than the plan allows is paused, so that nothing of it is lost.
    """
    account_id = allowance.account_id
    beside = ids.beside(copy.id, account_id.encode())
    found = store.find(tx, account_id, copy.id) or store.find(tx, account_id, beside)
    if found:
        return Arrived(found, is_new=False)
    taken = store.place_of_id(tx, copy.id) or copy.id in store.being_deleted(tx, account_id)
    project = Project(
        account_id=account_id,
        id=beside if taken else copy.id,
        name=checked_name(copy.name),
        slug=copy.slug,
        status=copy.status,
        allowed_domains=domains.checked(copy.decided.get("allowedDomains", [])),
        updated_at=copy.updated_at,
        settings=settings.changed(settings.AS_IT_COMES, copy.decided),
    )
    arrived = _settled(tx, allowance, project, copy)
    came = arrived.project
    told = {"projectId": came.id, "name": came.name, "slug": came.slug, "isImported": True}
    audit.record(tx, account_id, Action.PROJECT_CREATED, by, told)
    return arrived


def is_one(project_id: object) -> bool:
    """Tell whether something has the shape of a project's id."""
    return isinstance(project_id, str) and ids.is_one(ID, project_id)


def _settled(tx: Tx, allowance: Allowance, project: Project, copy: Copy) -> Arrived:
    """Find its place in the plan and among the slugs, and add it."""
    differences = []
    most = allowance.plan.projects
    limit = _UNLIMITED if most is None else most
    is_active = project.status == Status.ACTIVE
    if is_active and not accounts.add_active_projects(tx, project.account_id, limit):
        project = msgspec.structs.replace(project, status=Status.PAUSED)
        differences.append(PAUSED)
    slug = _slug(tx, project)
    if slug != project.slug:
        project = msgspec.structs.replace(project, slug=slug)
        differences.append(ANOTHER_SLUG)
    earlier = [each for each in copy.old_slugs if each != slug and slugs.is_one(each)]
    if not all(slug_store.take(tx, each, project.account_id, project.id) for each in earlier):
        differences.append(LOST_SLUG)
    store.insert(tx, project)
    retention.schedule(tx, project)
    return Arrived(project, is_new=True, differences=tuple(differences))


def _slug(tx: Tx, project: Project) -> str:
    """Take the project's own slug, or one with a number."""
    slug, account_id = project.slug, project.account_id
    is_fit = slugs.is_one(slug) and slug not in slugs.RESERVED
    if is_fit and slug_store.take(tx, slug, account_id, project.id):
        return slug
    name = slug if slugs.is_one(slug) else project.name
    return naming.taken_slug(tx, account_id, project.id, name, None)
