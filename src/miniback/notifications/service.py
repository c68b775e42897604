"""What one does with targets: add, change, rotate, test; within the plan (contract 3)."""

import base64
import secrets
from collections.abc import Sequence
from typing import Any

from miniback import accounts, audit, clock, idempotency, ids, plans, projects
from miniback.audit import BY_ITSELF, Action, Actor
from miniback.db import Tx
from miniback.errors import Conflict, Forbidden, NotFound, TooMany
from miniback.idempotency import Claim
from miniback.notifications import delivery_store, target_store
from miniback.notifications.models import (
    DELIVERY,
    EVENTS,
    MOST_TARGETS,
    NO_ITEM,
    TARGET,
    TEST,
    VERIFY,
    Delivery,
    DeliveryStatus,
    Kind,
    Target,
    TargetStatus,
    Wanted,
)
from miniback.plans import Allowance

# After a new secret the old one signs along for so long.
OVERLAP_MS = clock.DAY_MS
_SECRET_BYTES = 24


def add(tx: Tx, allowance: Allowance, wanted: Wanted, by: Actor = BY_ITSELF) -> Target:
    """Start telling somebody, within the plan; one whose address is known already is Conflict.

    An address of mail is asked first: nobody is told by mail who has not said yes (T31).
    """
    check_plan(allowance, wanted.kind)
    # Two at once would each find room for one.
    accounts.hold(tx, allowance.account_id)
    known = target_store.all_of(tx, allowance.account_id)
    _check_room(allowance, known, wanted)
    _check_projects(tx, allowance.account_id, wanted.projects)
    target = Target(
        account_id=allowance.account_id,
        id=ids.new(TARGET),
        kind=wanted.kind,
        address=wanted.address,
        events=wanted.events,
        projects=wanted.projects,
        secret=new_secret() if wanted.kind is Kind.WEBHOOK else "",
        status=TargetStatus.UNVERIFIED if wanted.kind is Kind.EMAIL else TargetStatus.ACTIVE,
        **wanted.more,
    )
    target_store.insert(tx, target)
    if target.kind is Kind.EMAIL:
        ask(tx, target)
    listen(tx, allowance.account_id)
    record(tx, target, Action.TARGET_ADDED, by)
    return target


def add_once(
    tx: Tx, allowance: Allowance, wanted: Wanted, claim: Claim, by: Actor
) -> tuple[Target, bool]:
    """Do the same for a form, which may be sent twice; tell whether this was the first time."""
    known = idempotency.find(tx, claim.account_id, "", claim.call, [claim.key])
    if known:
        return named(tx, claim.account_id, known[claim.key].answer), False
    target = add(tx, allowance, wanted, by)
    idempotency.keep(tx, [(claim, target.id)])
    return target, True


def change(
    tx: Tx, account_id: str, target_id: str, changes: dict[str, Any], by: Actor = BY_ITSELF
) -> Target:
    """Change a target; one that is active again begins anew."""
    before = locked(tx, account_id, target_id)
    target = changed(tx, before, changes)
    different = [name for name in changes if getattr(target, name) != getattr(before, name)]
    if different:
        record(tx, target, Action.TARGET_CHANGED, by, changed=different)
    return target


def changed(tx: Tx, before: Target, changes: dict[str, Any]) -> Target:
    """Do the same to a target that is held; whoever asks records it."""
    account_id = before.account_id
    _check_projects(tx, account_id, changes.get("projects", ()))
    target = before._replace(**changes)
    if target.address != before.address:
        _check_new(target_store.all_of(tx, account_id), target.kind, target.address)
    if target.status is TargetStatus.ACTIVE and before.status is not TargetStatus.ACTIVE:
        target = target._replace(failures=0, failing_since=None, reason="")
    target_store.update(tx, target)
    listen(tx, account_id)
    target_store.due(tx, target, clock.now())
    return target


def remove(tx: Tx, account_id: str, target_id: str, by: Actor = BY_ITSELF) -> None:
    """Tell somebody nothing any more; what waits for them is forgotten by and by."""
    target = locked(tx, account_id, target_id)
    target_store.delete(tx, account_id, target_id)
    listen(tx, account_id)
    delivery_store.delete_some_of_target(tx, account_id, target_id, 1_000)
    record(tx, target, Action.TARGET_REMOVED, by)


def rotate(tx: Tx, account_id: str, target_id: str, by: Actor = BY_ITSELF) -> Target:
    """Give a webhook a new secret; for a day the old one signs along."""
    before = locked(tx, account_id, target_id)
    target = before._replace(
        secret=new_secret(), old_secret=before.secret, old_ends_at=clock.now() + OVERLAP_MS
    )
    target_store.update(tx, target)
    record(tx, target, Action.SECRET_ROTATED, by)
    return target


def rotate_once(tx: Tx, target_id: str, claim: Claim, by: Actor) -> Target | None:
    """Do the same for a form, unless it was done by this very claim: a secret is shown once."""
    if idempotency.find(tx, claim.account_id, "", claim.call, [claim.key]):
        return None
    target = rotate(tx, claim.account_id, target_id, by)
    idempotency.keep(tx, [(claim, target.id)])
    return target


def test(tx: Tx, account_id: str, target_id: str) -> Delivery:
    """Tell a target something that is marked as a test."""
    target = locked(tx, account_id, target_id)
    if target.status is not TargetStatus.ACTIVE:
        raise Conflict("It is told nothing now; enable it first")
    return _tell_of_no_item(tx, target, TEST)


def ask(tx: Tx, target: Target) -> None:
    """Ask an address whether it wants to be told, once a day at most, whoever wants it."""
    try:
        accounts.try_once(tx, accounts.question_limits(target.address))
    except TooMany as refusal:
        raise TooMany(
            "This address was asked within the last day; look into its mailbox",
            refusal.retry_after_s or 0,
        ) from refusal
    _tell_of_no_item(tx, target, VERIFY)


def _tell_of_no_item(tx: Tx, target: Target, event: str) -> Delivery:
    now = clock.now()
    made = Delivery(
        account_id=target.account_id,
        id=ids.new(DELIVERY),
        target_id=target.id,
        event=event,
        position=NO_ITEM,
        project_id="",
        was="",
        became="NEW",
        happened_at=now,
        status=DeliveryStatus.WAITING,
        attempts=0,
        due_at=now,
    )
    delivery_store.insert_all(tx, [made])
    target_store.wake(tx, {(target.account_id, target.id): now})
    return made


def redeliver(tx: Tx, account_id: str, target_id: str, delivery_id: str) -> None:
    """Tell a target once more what it was told, or was not; the delivery keeps its name."""
    target = locked(tx, account_id, target_id)
    delivery = delivery_of(tx, target, delivery_id)
    now = clock.now()
    delivery_store.again(tx, account_id, delivery.id, now)
    target_store.wake(tx, {(account_id, target.id): now})


def delivery_of(tx: Tx, target: Target, delivery_id: str) -> Delivery:
    """Find a delivery of a target, or raise NotFound."""
    is_id = ids.is_one(DELIVERY, delivery_id)
    found = delivery_store.find(tx, target.account_id, delivery_id) if is_id else None
    if found is None or found.target_id != target.id:
        raise NotFound("Delivery not found")
    return found


def named(tx: Tx, account_id: str, target_id: str) -> Target:
    """Find a target of an account, or raise NotFound."""
    return _there(target_store.find, tx, account_id, target_id)


def locked(tx: Tx, account_id: str, target_id: str) -> Target:
    """Find a target to change it, while nobody else does, or raise NotFound."""
    return _there(target_store.lock, tx, account_id, target_id)


def new_secret() -> str:
    """Make a secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def check_plan(allowance: Allowance, kind: Kind) -> None:
    """Refuse a way of telling that the plan does not have."""
    if kind is not Kind.EMAIL and not allowance.plan.webhooks:
        raise Forbidden(
            "Webhooks and chats come with STARTER and PRO. Upgrade your plan to be told by them."
        )


def _check_room(allowance: Allowance, known: Sequence[Target], wanted: Wanted) -> None:
    _check_new(known, wanted.kind, wanted.address)
    mails = [each for each in known if each.kind is Kind.EMAIL]
    if wanted.kind is Kind.EMAIL and len(mails) >= allowance.plan.emails:
        raise _too_many(allowance)
    if len(known) >= MOST_TARGETS:
        raise Forbidden(f"An account tells at most {MOST_TARGETS} addresses; delete one first")


def check_count(allowance: Allowance, known: Sequence[Target], target: Target) -> None:
    """Refuse to tell one address of mail more than the plan has, after it has become smaller."""
    told = [each for each in known if each.kind is Kind.EMAIL and each.id != target.id]
    told = [each for each in told if each.status is not TargetStatus.DISABLED]
    if len(told) >= allowance.plan.emails:
        raise _too_many(allowance)


def _too_many(allowance: Allowance) -> Forbidden:
    count = plans.counted(allowance.plan.emails, "email address", "email addresses")
    return Forbidden(f"Your plan notifies {count}. Upgrade your plan to notify more.")


def _check_new(known: Sequence[Target], kind: Kind, address: str) -> None:
    if any(each.kind is kind and each.address == address for each in known):
        raise Conflict("This address is told already")


def _check_projects(tx: Tx, account_id: str, wanted: Sequence[str]) -> None:
    there = projects.names(tx, account_id, list(wanted)) if wanted else {}
    if any(each not in there for each in wanted):
        raise NotFound("Project not found")


def listen(tx: Tx, account_id: str) -> None:
    """Note of which events anybody of an account is told now."""
    accounts.hold(tx, account_id)
    targets = target_store.of_accounts(tx, [account_id])
    heard = [event for event in EVENTS if any(event in each.events for each in targets)]
    target_store.hear(tx, account_id, heard)


def _there(look: Any, tx: Tx, account_id: str, target_id: str) -> Target:
    found: Target | None = (
        look(tx, account_id, target_id) if ids.is_one(TARGET, target_id) else None
    )
    if found is None:
        raise unknown()
    return found


def record(tx: Tx, target: Target, action: Action, by: Actor, **more: Any) -> None:
    """Record what was done to a target.

    By its kind and, of a URL, its host: the rest of it may be a secret, and addresses of people
    have no place in a log that forgets nothing.
    """
    told = {"targetId": target.id, "kind": target.kind.value, **more}
    if target.kind is not Kind.EMAIL:
        told["host"] = target.host
    audit.record(tx, target.account_id, action, by, told)


def unknown() -> NotFound:
    """Return the refusal of a target that is not there."""
    return NotFound("Webhook not found")
