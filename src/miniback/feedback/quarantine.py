"""The way out of quarantine: what was never counted is counted when it is no spam (contract 6)."""

from collections.abc import Sequence

from miniback import clock, plans
from miniback.db import Tx
from miniback.feedback import spam_store
from miniback.plans import Allowance

reasons = spam_store.reasons


def admitted(tx: Tx, allowance: Allowance, positions: Sequence[int]) -> list[int]:
    """Take allowance for quarantined items; return those of them for which it lasts."""
    reasons = spam_store.reasons(tx, allowance.account_id, positions)
    paid = [each for each in positions if reasons.get(each) == spam_store.MARKED]
    unpaid = [each for each in positions if each in reasons and each not in set(paid)]
    if not unpaid:
        return paid
    count, _ = plans.spend_up_to(tx, allowance, plans.OPEN_ITEM, len(unpaid), clock.now())
    return paid + unpaid[:count]
