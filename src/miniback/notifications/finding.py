"""Finding a target where it is looked for: webhooks at one address, all others at another."""

from miniback.db import Tx
from miniback.notifications import service
from miniback.notifications.models import Kind, Target


def webhook(tx: Tx, account_id: str, target_id: str) -> Target:
    """Find a webhook of an account, or raise NotFound."""
    target = service.named(tx, account_id, target_id)
    if target.kind is not Kind.WEBHOOK:
        raise service.unknown()
    return target


def channel(tx: Tx, account_id: str, target_id: str) -> Target:
    """Find an address of mail or a chat of an account, or raise NotFound."""
    target = service.named(tx, account_id, target_id)
    if target.kind is Kind.WEBHOOK:
        raise service.unknown()
    return target
