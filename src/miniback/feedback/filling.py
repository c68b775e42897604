"""Entering who has sent the items that are older than the table of submitters."""

from miniback import outbox
from miniback.db import Again, Tx
from miniback.feedback import gate_store, submitter_store, submitters
from miniback.feedback.submitter_store import Sent


def fill_some(tx: Tx, account_id: str, portion: int) -> bool:
    """Enter a portion of an account's items; False where all are entered."""
    event = outbox.hold_next(tx, account_id, outbox.SUBMITTERS_MISSING)
    if event is None:
        return False
    project_id, _, after = event.subject.partition(" ")
    last = int(after) if after else -1
    positions = submitter_store.positions_after(tx, account_id, project_id, last, portion)
    if not positions:
        outbox.done(tx, event)
        return True
    _enter(tx, account_id, project_id, positions)
    outbox.note(tx, event, f"{project_id} {positions[-1]}")
    return True


def _enter(tx: Tx, account_id: str, project_id: str, positions: list[int]) -> None:
    documents = submitter_store.held_documents(tx, account_id, positions)
    if len(documents) < len(positions):
        raise Again  # one was deleted or brought back at this very moment
    vouched = gate_store.identities(tx, account_id, positions)
    submitter_store.insert_all(
        tx,
        [
            Sent(
                account_id,
                project_id,
                position,
                submitters.of_document(document, vouched.get(position, "")),
            )
            for position, document in sorted(documents.items())
        ],
    )
