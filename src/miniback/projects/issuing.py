"""Keys and secrets of projects: each is made here, shown once, and stopped here."""

import secrets
from typing import Any

from miniback import audit, clock, idempotency
from miniback.audit import BY_ITSELF, Action, Actor
from miniback.db import Tx
from miniback.idempotency import Claim
from miniback.projects import key_store, keys, store
from miniback.projects.models import ApiKey
from miniback.projects.service import locked, named


def issue_key(
    tx: Tx, account_id: str, project_id: str, overlap_s: int, by: Actor = BY_ITSELF
) -> tuple[str, ApiKey]:
    """Give a project a new key; the one before lives on for a while, any earlier one stops."""
    locked(tx, account_id, project_id)
    now = clock.now()
    before = key_store.find_current(tx, account_id, project_id)
    key_store.delete_earlier(tx, account_id, project_id)
    if overlap_s:
        key_store.expire(tx, account_id, project_id, now + overlap_s * clock.SECOND_MS)
    else:
        key_store.delete_all(tx, account_id, project_id)
    key = keys.new()
    kept = ApiKey(account_id, project_id, keys.hashed(key), keys.masked(key), now, None)
    key_store.insert(tx, kept)
    told = {**_shown(kept), "replaces": _ending(before) if before else None, "overlapS": overlap_s}
    audit.record(tx, account_id, Action.KEY_ISSUED, by, told)
    return key, kept


def issue_key_once(
    tx: Tx, project_id: str, overlap_s: int, claim: Claim, by: Actor
) -> tuple[str, ApiKey] | None:
    """Give a project a new key, unless it was done by this very claim: a key is shown once."""
    account_id = claim.account_id
    if idempotency.find(tx, account_id, project_id, claim.call, [claim.key]):
        return None
    issued = issue_key(tx, account_id, project_id, overlap_s, by)
    idempotency.keep(tx, [(claim, issued[1].masked)])
    return issued


def revoke_keys(tx: Tx, account_id: str, project_id: str, by: Actor = BY_ITSELF) -> None:
    """Stop every key of a project at once, one on its way out too."""
    locked(tx, account_id, project_id)
    before = key_store.find_current(tx, account_id, project_id)
    key_store.delete_all(tx, account_id, project_id)
    if before:
        audit.record(tx, account_id, Action.KEY_REVOKED, by, _shown(before))


def current_key(tx: Tx, account_id: str, project_id: str) -> ApiKey | None:
    """Return what is known of a project's key, None where it has none."""
    named(tx, account_id, project_id)
    return key_store.find_current(tx, account_id, project_id)


def identity_secret(
    tx: Tx, account_id: str, project_id: str, *, anew: bool = False, by: Actor = BY_ITSELF
) -> str:
    """Return the secret by which a customer's server vouches for visitors; it begins when asked."""
    locked(tx, account_id, project_id)
    kept = store.identity_secret(tx, account_id, project_id)
    if kept and not anew:
        return kept
    made = secrets.token_urlsafe(32)
    store.set_identity_secret(tx, account_id, project_id, made)
    action = Action.SECRET_ROTATED if kept else Action.SECRET_MADE
    audit.record(tx, account_id, action, by, {"projectId": project_id, "secret": "identity"})
    return made


def _shown(key: ApiKey) -> dict[str, Any]:
    """Return what the audit log keeps of a key: its last signs, as the page shows them."""
    return {"projectId": key.project_id, "key": _ending(key)}


def _ending(key: ApiKey) -> str:
    return key.masked[-4:]
