"""Who calls: finding the holders of API keys, for one request or for a batch."""

from collections.abc import Iterable, Sequence
from typing import Any

from miniback import clock, ids
from miniback.clock import SECOND_MS
from miniback.db import Tx
from miniback.errors import Forbidden, Unauthenticated
from miniback.plans import Allowance, Plan, Plans
from miniback.projects import key_store, keys, store
from miniback.projects.models import ID, Caller

# The contract (section 2) wants the last use written within 60 s.
TOUCH_EVERY_MS = 30 * SECOND_MS


def checked_key(key: str) -> str:
    """Return the hash of a key that may exist; refuse one that is missing or mistyped."""
    if not key:
        raise Unauthenticated(
            "API key is required. Provide it via 'x-api-key' header or 'api_key' query parameter."
        )
    if not keys.is_well_formed(key):
        raise no_such_key()
    return keys.hashed(key)


def identify_all(tx: Tx, plans: Plans, key_hashes: Iterable[str], now: int) -> dict[str, Caller]:
    """Return the holders of those keys that live."""
    return living(key_store.find_callers(tx, tuple(sorted(key_hashes))), plans, now)


def identify_now(tx: Tx, plans: Plans, key_hash: str) -> Caller | None:
    """Return the holder of a key, None where it does not live."""
    return identify_all(tx, plans, [key_hash], clock.now()).get(key_hash)


def living(rows: Iterable[Sequence[Any]], plans: Plans, now: int) -> dict[str, Caller]:
    """Make callers of what key_store.find_callers() has found, but for keys that have expired."""
    return {row[0]: _holder(row, plans, now) for row in rows if row[-1] is None or row[-1] > now}


def _holder(row: Sequence[Any], plans: Plans, now: int) -> Caller:
    key_hash, account_id, project_id, last_used_at, status, plan, anchor, mark, _ = row
    is_touch_due = not last_used_at or last_used_at < now - TOUCH_EVERY_MS
    allowance = Allowance(account_id, plans[plan], anchor)
    return Caller(account_id, project_id, key_hash, status, is_touch_due, allowance, mark=mark)


def target(tx: Tx, plans: Plans, account_id: str | None, project_id: str) -> Caller | None:
    """Return where a submission without a key of that very project goes, None where nowhere."""
    is_one = ids.is_one(ID, project_id)
    row = store.find_target(tx, account_id or "", project_id) if is_one else None
    if row is None:
        return None
    account_id, status, plan, anchor = row
    return Caller(
        account_id, project_id, "", status, False, Allowance(account_id, plans[plan], anchor)
    )


def require_plan(plan: Plan, method: str) -> None:
    """Refuse what a plan does not open to a key (contract section 2)."""
    if not plan.reads:
        raise Unauthenticated(
            f"{method} requests are available on paid plans only. FREE plan users can only POST"
            " feedback. Upgrade to STARTER or PRO for full API access."
        )


def no_such_key() -> Forbidden:
    """Return the one refusal for a key that opens nothing and a project that is not there."""
    return Forbidden("Invalid API key or project not found")
