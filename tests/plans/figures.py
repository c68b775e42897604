"""What an account has used of its period, read and set beside the server."""

from miniback import clock, plans
from miniback.db import Tx
from tests.house import Account, House

Figures = tuple[int, int, int]
SPENT = {plans.FREE: (300, 300, 0), plans.STARTER: (10_000, 0, 0)}


def used(house: House, account: Account) -> Figures:
    """Return calls, items and held items as the counter has them, in all periods."""
    calls, items, held = house.row(
        "SELECT COALESCE(sum(calls), 0), COALESCE(sum(items), 0), COALESCE(sum(held), 0)"
        "  FROM usage WHERE account_id = :id",
        id=account.id,
    )
    return int(calls), int(items), int(held)


def use(house: House, account: Account, figures: Figures, months_ago: int = 0) -> None:
    """Put the counter of the current period, or of an earlier one, to these figures."""
    house.tx(_put, account.id, figures, months_ago)


def spend(house: House, account: Account) -> None:
    """Leave nothing of the account's API calls."""
    use(house, account, SPENT[account.plan])


def _put(tx: Tx, account_id: str, figures: Figures, months_ago: int) -> None:
    anchor = tx.all("SELECT anchor FROM accounts WHERE id = :id", id=account_id)[0][0]
    start = plans.period_at(anchor, clock.now()).start
    for _ in range(months_ago):
        start = plans.period_at(anchor, start - 1).start
    tx.run(
        "DELETE FROM usage WHERE account_id = :id AND period_start = :at", id=account_id, at=start
    )
    values = dict(zip(("calls", "items", "held"), figures, strict=True))
    tx.run(
        "INSERT INTO usage (account_id, period_start, calls, items, held)"
        " VALUES (:id, :at, :calls, :items, :held)",
        **{"id": account_id, "at": start, **values},
    )
