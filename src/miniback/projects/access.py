"""Who calls: finding the holders of API keys, for one request or for a batch."""

from collections.abc import Iterable, Sequence
from typing import Any

from miniback import clock, ids
from miniback.db import Tx
from miniback.errors import Forbidden, Unauthenticated
from miniback.plans import Allowance, Plan, Plans
from miniback.projects import key_store, keys, store
from miniback.projects.models import ID, Caller


def checked_key(key: str) -> str:
    """Return the hash of a key that may exist; refuse one that is missing or mistyped."""
    if not key:
        raise Unauthenticated(
            "API key is required. Provide it via 'x-api-key' header or 'api_key' query parameter."
        )
    key_hash = keys.hash_of_key(key)
    if not key_hash:
        raise no_such_key()
    return key_hash


def identify_all(tx: Tx, plans: Plans, key_hashes: Iterable[str], now: int) -> dict[str, Caller]:
    """Return the holders of those keys that live."""
    found = _find(tx, plans, sorted(key_hashes))
    return {each.key_hash: each for each in found if each.lives(now)}


def identify_now(tx: Tx, plans: Plans, key_hash: str) -> Caller | None:
    """Return the holder of a key, None where it does not live."""
    return identify_all(tx, plans, [key_hash], clock.now()).get(key_hash)


class Holders:
    """Finds the holder of a key by the plans of this house; what it finds can be recalled."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans

    def find(self, tx: Tx, key_hash: str) -> Caller | None:
        """Return the holder, also of a key that has expired; the time is for who asks to know."""
        return next(iter(_find(tx, self._plans, [key_hash])), None)


def _find(tx: Tx, plans: Plans, key_hashes: Sequence[str]) -> list[Caller]:
    return [_holder(row, plans) for row in key_store.find_callers(tx, key_hashes)]


def _holder(row: Sequence[Any], plans: Plans) -> Caller:
    key_hash, account_id, project_id, last_used_at, status, plan, anchor, mark, expires_at = row
    allowance = Allowance(account_id, plans[plan], anchor)
    return Caller(
        account_id,
        project_id,
        key_hash,
        status,
        allowance,
        last_used_at=last_used_at,
        expires_at=expires_at,
        mark=mark,
    )


def target(tx: Tx, plans: Plans, account_id: str | None, project_id: str) -> Caller | None:
    """Return where a submission without a key of that very project goes, None where nowhere."""
    is_one = ids.is_one(ID, project_id)
    row = store.find_target(tx, account_id or "", project_id) if is_one else None
    if row is None:
        return None
    account_id, status, plan, anchor = row
    return Caller(account_id, project_id, "", status, Allowance(account_id, plans[plan], anchor))


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
