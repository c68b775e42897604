"""Plans: what each one allows, and how much of it is used up in the current period."""

from miniback.plans.models import FREE, PRO, STARTER, Plan, Plans, named, reshaped
from miniback.plans.periods import Period, period_at
from miniback.plans.service import (
    CALL,
    HELD_ITEM,
    KEYED_ITEM,
    OPEN_ITEM,
    Allowance,
    forget_held,
    over_quota,
    rate_headers,
    release,
    spend_calls,
    spend_up_to,
    spent_or_refused,
    used_now,
)
from miniback.plans.store import Usage

__all__ = [
    "CALL",
    "FREE",
    "HELD_ITEM",
    "KEYED_ITEM",
    "OPEN_ITEM",
    "PRO",
    "STARTER",
    "Allowance",
    "Period",
    "Plan",
    "Plans",
    "Usage",
    "forget_held",
    "named",
    "over_quota",
    "period_at",
    "rate_headers",
    "release",
    "reshaped",
    "spend_calls",
    "spend_up_to",
    "spent_or_refused",
    "used_now",
]
