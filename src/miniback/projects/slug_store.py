"""SQL for all the slugs that projects have, or had before."""

from collections.abc import Sequence

from miniback.db import Tx
from miniback.projects import slugs


def of_projects(tx: Tx, account_id: str, project_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return all slugs, current and earlier, of some projects, each with its project."""
    rows = tx.all(
        "SELECT project_id, slug FROM slugs"
        " WHERE account_id = :account_id AND project_id IN (:project_ids[]) ORDER BY slug",
        account_id=account_id,
        project_ids=list(project_ids),
    )
    return [(project_id, slug) for project_id, slug in rows]


def highest_number(tx: Tx, stem: str) -> int:
    """Return the highest number with which a stem was ever used, 1 where it never was."""
    row = tx.one(
        "SELECT max(number) FROM slugs WHERE stem = :stem AND number <= :most",
        stem=stem,
        most=slugs.HIGHEST_COUNTED,
    )
    return int(row[0]) if row and row[0] else 1


def take(tx: Tx, slug: str, account_id: str, project_id: str) -> bool:
    """Give a slug to a project; False where it is another's, or ever was another account's."""
    stem, number = slugs.split(slug)
    return bool(
        tx.run(
            """
            INSERT INTO slugs (slug, account_id, project_id, stem, number)
            VALUES (:slug, :account_id, :project_id, :stem, :number)
            ON CONFLICT (slug) DO UPDATE SET project_id = excluded.project_id
             WHERE slugs.account_id = excluded.account_id
               AND (slugs.project_id IS NULL OR slugs.project_id = excluded.project_id)
            """,
            slug=slug,
            account_id=account_id,
            project_id=project_id,
            stem=stem,
            number=number,
        )
    )


def free(tx: Tx, account_id: str, project_id: str) -> None:
    """Let an account use the slugs of a deleted project again."""
    tx.run(
        "UPDATE slugs SET project_id = NULL"
        " WHERE account_id = :account_id AND project_id = :project_id",
        account_id=account_id,
        project_id=project_id,
    )
