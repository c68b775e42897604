"""SQL for all the slugs that projects have, or had before."""

from collections.abc import Sequence

from miniback.db import Tx


def slugs_of(tx: Tx, account_id: str, project_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Return all slugs, current and earlier, of some projects, each with its project."""
    rows = tx.all(
        "SELECT project_id, slug FROM slugs"
        " WHERE account_id = :account_id AND project_id IN (:project_ids[]) ORDER BY slug",
        account_id=account_id,
        project_ids=list(project_ids),
    )
    return [(project_id, slug) for project_id, slug in rows]
