"""SQL for people who are named by what was brought here from elsewhere, and are no members."""

from collections.abc import Collection, Sequence

from miniback.accounts.models import Person
from miniback.db import Tx


def insert_all(tx: Tx, account_id: str, people: Sequence[Person]) -> None:
    """Keep who people were; one who is known already stays as they are."""
    tx.run_many(
        "INSERT INTO former_members (account_id, user_id, email, name)"
        " VALUES (:account_id, :id, :email, :name) ON CONFLICT DO NOTHING",
        [
            {"account_id": account_id, "id": each.id, "email": each.email, "name": each.name}
            for each in people
        ],
    )


def people_named(tx: Tx, account_id: str, ids: Collection[str]) -> dict[str, Person]:
    """Return those of some people who are members or are known from elsewhere, by their ids.

    Whoever is no member has no role.
    """
    wanted = sorted({each for each in ids if each})
    if not wanted:
        return {}
    rows = tx.all(
        "SELECT user_id, email, name, '' FROM former_members"
        " WHERE account_id = :account_id AND user_id IN (:ids[])",
        account_id=account_id,
        ids=wanted,
    )
    members = tx.all(
        "SELECT users.id, users.email, users.name, members.role FROM members"
        "  JOIN users ON users.id = members.user_id"
        " WHERE members.account_id = :account_id AND members.user_id IN (:ids[])",
        account_id=account_id,
        ids=wanted,
    )
    return {row[0]: Person(*row) for row in (*rows, *members)}
