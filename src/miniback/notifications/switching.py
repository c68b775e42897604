"""Whether targets are told: enabled and disabled by members, by their own readers, by failing."""

from miniback import outbox
from miniback.audit import BY_ITSELF, Action, Actor, Way
from miniback.db import Tx
from miniback.notifications import delivery_store, service, target_store
from miniback.notifications.models import Kind, Target, TargetStatus
from miniback.plans import Allowance


def enable(tx: Tx, allowance: Allowance, target_id: str, by: Actor) -> Target:
    """Tell somebody again who is told nothing now; an address of mail is asked once more."""
    target = service.locked(tx, allowance.account_id, target_id)
    service.check_plan(allowance, target.kind)
    if target.status is TargetStatus.ACTIVE:
        return target
    if target.kind is not Kind.EMAIL:
        target = service.changed(tx, target, {"status": TargetStatus.ACTIVE})
    else:
        service.check_count(allowance, target_store.all_of(tx, target.account_id), target)
        delivery_store.drop_waiting(tx, target.account_id, target.id)
        changes = {"status": TargetStatus.UNVERIFIED, "reason": ""}
        target = service.changed(tx, target, changes)
        service.ask(tx, target)
    service.record(tx, target, Action.TARGET_ENABLED, by)
    return target


def stop(tx: Tx, account_id: str, target_id: str, by: Actor) -> Target:
    """Tell somebody nothing for now, as a member asks."""
    target = service.locked(tx, account_id, target_id)
    if target.status is TargetStatus.DISABLED:
        return target
    target = service.changed(tx, target, {"status": TargetStatus.DISABLED})
    service.record(tx, target, Action.TARGET_DISABLED, by)
    return target


def confirm(tx: Tx, account_id: str, target_id: str) -> Target:
    """Tell an address of mail from now on, whose owner has said yes."""
    target = service.locked(tx, account_id, target_id)
    if target.status is not TargetStatus.UNVERIFIED:
        return target
    target = service.changed(tx, target, {"status": TargetStatus.ACTIVE})
    # Whoever holds the link has said so; nobody here is known by name.
    service.record(tx, target, Action.TARGET_ENABLED, Actor(Way.PAGE), isConfirmed=True)
    return target


def unsubscribe(tx: Tx, account_id: str, target_id: str) -> None:
    """Tell an address no more, as its own reader asks; the owners need no mail about that."""
    target = service.locked(tx, account_id, target_id)
    reason = "Whoever reads this address wants no more mail."
    target_store.update(tx, target._replace(status=TargetStatus.DISABLED, reason=reason))
    service.listen(tx, account_id)
    if target.status is not TargetStatus.DISABLED:
        service.record(tx, target, Action.TARGET_DISABLED, Actor(Way.PAGE), reason="unsubscribed")


def disable(tx: Tx, account_id: str, target_id: str, reason: str) -> bool:
    """Stop telling somebody who cannot be told; False where it was stopped before."""
    target = target_store.lock(tx, account_id, target_id)
    if target is None or target.status is TargetStatus.DISABLED:
        return False
    target_store.update(tx, target._replace(status=TargetStatus.DISABLED, reason=reason))
    service.listen(tx, account_id)
    outbox.record(tx, account_id, outbox.TARGET_DISABLED, target_id)
    service.record(tx, target, Action.TARGET_DISABLED, BY_ITSELF, reason="failing")
    return True
