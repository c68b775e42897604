"""SQL for projects and their slugs."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from miniback.db import Tx
from miniback.projects import settings
from miniback.projects.models import Project

MOST_LISTED = 1_000


def insert(tx: Tx, project: Project) -> None:
    """Add a project."""
    tx.run(
        "INSERT INTO projects (account_id, id, name, slug, status, allowed_domains, updated_at,"
        "                      settings)"
        " VALUES (:account_id, :id, :name, :slug, :status, :allowed_domains, :updated_at,"
        "         :settings)",
        **_row(project),
    )


def update(tx: Tx, project: Project) -> None:
    """Write a project's new values."""
    tx.run(
        "UPDATE projects SET name = :name, slug = :slug, status = :status,"
        "       allowed_domains = :allowed_domains, updated_at = :updated_at,"
        "       settings = :settings"
        " WHERE account_id = :account_id AND id = :id",
        **_row(project),
    )


def find(tx: Tx, account_id: str, project_id: str) -> Project | None:
    """Look up one project of an account."""
    row = tx.one(
        "SELECT account_id, id, name, slug, status, allowed_domains, updated_at, settings"
        "  FROM projects"
        " WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=project_id,
    )
    return _project(row) if row else None


def identity_secret(tx: Tx, account_id: str, project_id: str) -> str:
    """Return the secret for visitors' identities, '' where none was ever asked for."""
    row = tx.one(
        "SELECT identity_secret FROM projects WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=project_id,
    )
    return row[0] if row else ""


def set_identity_secret(tx: Tx, account_id: str, project_id: str, secret: str) -> None:
    """Keep a new secret for visitors' identities."""
    tx.run(
        "UPDATE projects SET identity_secret = :secret WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=project_id,
        secret=secret,
    )


def find_target(tx: Tx, account_id: str, project_id: str) -> tuple[str, str, str, int] | None:
    """Return account, status, plan and anchor for feedback to a project."""
    row = tx.one(
        "SELECT projects.account_id, status, plan, anchor FROM projects"
        "  JOIN accounts ON accounts.id = projects.account_id"
        " WHERE projects.account_id = :account_id AND projects.id = :id",
        account_id=account_id,
        id=project_id,
    )
    return (row[0], row[1], row[2], row[3]) if row else None


def lock(tx: Tx, account_id: str, project_id: str) -> Project | None:
    """Look up one project and keep others from changing it until the transaction ends."""
    row = tx.one(
        "UPDATE projects SET updated_at = updated_at WHERE account_id = :account_id AND id = :id"
        " RETURNING account_id, id, name, slug, status, allowed_domains, updated_at, settings",
        account_id=account_id,
        id=project_id,
    )
    return _project(row) if row else None


def hold(tx: Tx, places: Sequence[tuple[str, str]]) -> Callable[[], bool]:
    """Keep projects, by account and id, from being deleted.

    To call what is returned tells, within the transaction, whether all of them are still there.
    """
    account_ids, project_ids = zip(*places, strict=True)
    held = tx.hold_rows(
        "SELECT id FROM projects WHERE account_id IN (:account_ids[]) AND id IN (:project_ids[])",
        account_ids=sorted(set(account_ids)),
        project_ids=list(project_ids),
    )
    return lambda: len(held()) == len(places)


def newest(tx: Tx, account_id: str) -> list[Project]:
    """Return an account's newest projects, newest first."""
    rows = tx.all(
        "SELECT account_id, id, name, slug, status, allowed_domains, updated_at, settings"
        "  FROM projects"
        " WHERE account_id = :account_id ORDER BY id DESC LIMIT :limit",
        account_id=account_id,
        limit=MOST_LISTED,
    )
    return [_project(row) for row in rows]


def since(tx: Tx, account_id: str, after: str, limit: int) -> list[Project]:
    """Return an account's projects after a project's id, in the order of their ids."""
    rows = tx.all(
        "SELECT account_id, id, name, slug, status, allowed_domains, updated_at, settings"
        "  FROM projects"
        " WHERE account_id = :account_id AND id > :after ORDER BY id LIMIT :limit",
        account_id=account_id,
        after=after,
        limit=limit,
    )
    return [_project(row) for row in rows]


def pause_newest(tx: Tx, account_id: str, count: int, now: int) -> list[Project]:
    """Pause the newest projects that are not paused, and return them."""
    rows = tx.all(
        """
        UPDATE projects SET status = 'PAUSED', updated_at = :now
         WHERE account_id = :account_id AND id IN (
            SELECT id FROM projects WHERE account_id = :account_id AND status = 'ACTIVE'
             ORDER BY id DESC LIMIT :count)
        RETURNING account_id, id, name, slug, status, allowed_domains, updated_at, settings
        """,
        account_id=account_id,
        now=now,
        count=count,
    )
    return sorted(map(_project, rows), key=lambda project: project.id, reverse=True)


def newest_active(tx: Tx, account_id: str, count: int) -> list[Project]:
    """Return the newest projects that are not paused."""
    rows = tx.all(
        "SELECT account_id, id, name, slug, status, allowed_domains, updated_at, settings"
        "  FROM projects"
        " WHERE account_id = :account_id AND status = 'ACTIVE' ORDER BY id DESC LIMIT :limit",
        account_id=account_id,
        limit=count,
    )
    return [_project(row) for row in rows]


def count_active(tx: Tx, account_id: str) -> int:
    """Return how many projects of an account are not paused."""
    row = tx.one("SELECT active_projects FROM accounts WHERE id = :id", id=account_id)
    return int(row[0]) if row else 0


def delete(tx: Tx, account_id: str, project_id: str) -> bool:
    """Delete a project's own row, and note that its feedback is still to be cleared away."""
    gone = tx.run(
        "DELETE FROM projects WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=project_id,
    )
    tx.run(
        "INSERT INTO deletions (account_id, project_id) VALUES (:account_id, :project_id)"
        " ON CONFLICT (account_id, project_id) DO NOTHING",
        account_id=account_id,
        project_id=project_id,
    )
    return bool(gone)


def being_deleted(tx: Tx, account_id: str) -> list[str]:
    """Return the account's projects that are gone but for rows that are still being cleared."""
    rows = tx.all(
        "SELECT project_id FROM deletions WHERE account_id = :account_id", account_id=account_id
    )
    return [project_id for (project_id,) in rows]


def finish_deletion(tx: Tx, account_id: str, project_id: str) -> None:
    """Note that nothing of a deleted project is left."""
    tx.run(
        "DELETE FROM deletions WHERE account_id = :account_id AND project_id = :project_id",
        account_id=account_id,
        project_id=project_id,
    )


def project_of_slug(tx: Tx, slug: str) -> tuple[str, str] | None:
    """Return the account and the project that a slug, current or earlier, stands for."""
    row = tx.one(
        "SELECT account_id, project_id FROM slugs WHERE slug = :slug AND project_id IS NOT NULL",
        slug=slug,
    )
    return (row[0], row[1]) if row else None


def place_of_slug(tx: Tx, slug: str) -> tuple[Project, str] | None:
    """Find the project that a slug stands for, with the secret for its visitors' identities."""
    row = tx.one(
        "SELECT projects.account_id, id, name, projects.slug, status, allowed_domains, updated_at,"
        "       settings, identity_secret"
        "  FROM slugs"
        "  JOIN projects ON projects.account_id = slugs.account_id"
        "   AND projects.id = slugs.project_id"
        " WHERE slugs.slug = :slug",
        slug=slug,
    )
    return (_project(row[:-1]), row[-1]) if row else None


def place_of_id(tx: Tx, project_id: str) -> tuple[str, str] | None:
    """Return the account and the project that an id stands for, for the operator alone."""
    row = tx.one(
        "SELECT account_id, project_id FROM slugs WHERE project_id = :id LIMIT 1", id=project_id
    )
    return (row[0], row[1]) if row else None


def names(tx: Tx, account_id: str, project_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return name and slug of some projects, by id."""
    rows = tx.all(
        "SELECT id, name, slug FROM projects"
        " WHERE account_id = :account_id AND id IN (:project_ids[])",
        account_id=account_id,
        project_ids=list(project_ids),
    )
    return {project_id: (name, slug) for project_id, name, slug in rows}


def following(tx: Tx, account_id: str, project_id: str) -> str | None:
    """Return the account's first project whose id comes after one, None where there is none."""
    row = tx.one(
        "SELECT min(id) FROM projects WHERE account_id = :account_id AND id > :project_id",
        account_id=account_id,
        project_id=project_id,
    )
    return row[0] if row else None


def _row(project: Project) -> dict[str, Any]:
    return {
        "account_id": project.account_id,
        "id": project.id,
        "name": project.name,
        "slug": project.slug,
        "status": project.status,
        "allowed_domains": json.dumps(project.allowed_domains),
        "updated_at": project.updated_at,
        "settings": settings.written(project.settings),
    }


def _project(row: tuple[Any, ...]) -> Project:
    account_id, project_id, name, slug, status, allowed_domains, updated_at, kept = row
    domains = json.loads(allowed_domains)
    decided = settings.read(kept)
    return Project(account_id, project_id, name, slug, status, domains, updated_at, decided)
