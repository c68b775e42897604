"""Somebody to be told in the demo's account, so that there is something to look at."""

from miniback import clock, db, heard, plans
from miniback.db import Database, Tx
from miniback.notifications import (
    Kind,
    Links,
    Target,
    delivery_store,
    service,
    switching,
    target_store,
)
from miniback.notifications.models import Wanted
from miniback.plans import Allowance
from miniback.vault import Vault
from tests.house import House, awaited
from tests.imports.importing import checked_import

# What a server at the other end could have said.
_ANSWERS = ((500, "Internal Server Error"), (200, '{"ok": true}'))
_REASON = "It could not be reached for three days."


def places(house: House) -> dict[str, str]:
    """The names of what addresses of pages name, made when they are first asked for."""
    targets = house.tx(_targets)
    hook, _, mail = targets
    (delivery_id,) = house.row(
        "SELECT id FROM deliveries WHERE target_id = :id AND event = 'test'", id=hook.id
    )
    verify, unsubscribe = awaited(_links(house, mail))
    return {
        "webhook": hook.id,
        "delivery": delivery_id,
        "channel": mail.id,
        "import": house.tx(_import),
        "verify": verify,
        "unsubscribe": unsubscribe,
    }


def _targets(tx: Tx) -> list[Target]:
    sql = "SELECT id, plan, anchor FROM accounts ORDER BY id LIMIT 1"
    ((account_id, plan, anchor),) = tx.all(sql)
    if known := target_store.all_of(tx, account_id):
        return known
    allowance = Allowance(account_id, plans.reshaped("")[plan], anchor)
    hook, chat, mail = (
        service.add(tx, allowance, Wanted(kind, address, (heard.FEEDBACK_UPDATED,)))
        for kind, address in (
            (Kind.WEBHOOK, "https://shop.example/hook"),
            (Kind.SLACK, "https://shop.example/services/x"),
            (Kind.EMAIL, "team@example.test"),
        )
    )
    _tell(tx, hook)
    for each in (hook, chat):
        switching.disable(tx, account_id, each.id, _REASON)
    return [hook, chat, mail]


def _import(tx: Tx) -> str:
    """A file that waits for its owner, made once."""
    (account_id,) = tx.all("SELECT id FROM accounts ORDER BY id LIMIT 1")[0]
    known = tx.all("SELECT id FROM imports WHERE account_id = :id", id=account_id)
    return str(known[0][0]) if known else checked_import(tx, account_id)


def _tell(tx: Tx, hook: Target) -> None:
    """Let a test have been tried twice, in vain at first."""
    told = service.test(tx, hook.account_id, hook.id)
    row = {"account_id": hook.account_id, "id": told.id, "attempts": 2, "due_at": clock.now()}
    delivery_store.settle(tx, [{**row, "status": "DELIVERED"}])
    of_it = {"account_id": hook.account_id, "delivery_id": told.id, "at": clock.now()}
    delivery_store.add_attempts(
        tx,
        [
            {**of_it, "number": number, "took_ms": 84, "answer": answer, "content": content}
            for number, (answer, content) in enumerate(_ANSWERS, 1)
        ],
    )


async def _links(house: House, mail: Target) -> list[str]:
    database = Database(db.engine_for(house.database_url))
    try:
        links = Links(Vault(database), house.base_url)
        made = [await links.verify(mail), await links.unsubscribe(mail)]
        return [each.rpartition("/")[2] for each in made]
    finally:
        database.close()
