"""What is told to others of feedback: that it came, and that its status changed (contract 7)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from miniback import heard, ids
from miniback.db import Asked, Tx
from miniback.feedback import models
from miniback.feedback.acts import CHANGE
from miniback.feedback.models import Item, Status


class Happened(NamedTuple):
    """Something that happened to an item that is in sight; `at` in milliseconds.

    `was` is '' where it has just come.
    """

    account_id: str
    event: str
    position: int
    project_id: str
    was: str
    became: str
    at: int


def listening(tx: Tx, account_ids: Iterable[str]) -> Asked:
    """Ask ahead which accounts tell anybody of new items."""
    return heard.listening(tx, heard.FEEDBACK_CREATED, account_ids)


def created(tx: Tx, items: Sequence[tuple[str, str]], listeners: Asked | None = None) -> None:
    """Note that items, by account and id, have come into sight; ask who listens, if need be."""
    if items:
        listeners = listeners or listening(tx, [account_id for account_id, _ in items])
        heard.record(tx, heard.FEEDBACK_CREATED, items, listeners)


def updated(tx: Tx, account_id: str, changes: Sequence[str]) -> None:
    """Note changes of status by their ids."""
    if changes:
        listeners = heard.listening(tx, heard.FEEDBACK_UPDATED, [account_id])
        subjects = [(account_id, each) for each in changes]
        heard.record(tx, heard.FEEDBACK_UPDATED, subjects, listeners)


def happened(tx: Tx, subjects: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Happened]:
    """Return what the subjects of events mean, of items that are still in sight."""
    account_ids = sorted({account_id for account_id, _ in subjects})
    item_ids = [each for _, each in subjects if ids.is_one(models.ID, each)]
    change_ids = [each for _, each in subjects if ids.is_one(CHANGE, each)]
    came = _came(tx, account_ids, item_ids) if item_ids else {}
    changed = _changed(tx, account_ids, change_ids) if change_ids else {}
    return {**came, **changed}


def _came(
    tx: Tx, account_ids: Sequence[str], item_ids: Sequence[str]
) -> dict[tuple[str, str], Happened]:
    rows = tx.all(
        "SELECT account_id, id, position, project_id FROM feedback"
        " WHERE account_id IN (:account_ids[]) AND position IN (:positions[]) AND shelf = 'LIVE'",
        account_ids=list(account_ids),
        positions=[ids.position(each) for each in item_ids],
    )
    return {
        (account_id, item_id): Happened(
            account_id,
            heard.FEEDBACK_CREATED,
            position,
            project_id,
            "",
            Status.NEW.value,
            ids.created_at(item_id),
        )
        for account_id, item_id, position, project_id in rows
    }


def _changed(
    tx: Tx, account_ids: Sequence[str], change_ids: Sequence[str]
) -> dict[tuple[str, str], Happened]:
    rows = tx.all(
        "SELECT account_id, id, position, project_id, was, became FROM changes"
        " WHERE account_id IN (:account_ids[]) AND id IN (:ids[])",
        account_ids=list(account_ids),
        ids=list(change_ids),
    )
    return {
        (account_id, change_id): Happened(
            account_id,
            heard.FEEDBACK_UPDATED,
            position,
            project_id,
            was,
            became,
            ids.created_at(change_id),
        )
        for account_id, change_id, position, project_id, was, became in rows
    }


def in_sight(tx: Tx, account_id: str, positions: Sequence[int]) -> dict[int, Item]:
    """Return those of some items that are in sight, by position."""
    rows = tx.all(
        "SELECT position, document, status, source, created_at, updated_at, project_id, facets"
        "  FROM feedback"
        " WHERE account_id = :account_id AND position IN (:positions[]) AND shelf = 'LIVE'",
        account_id=account_id,
        positions=list(positions),
    )
    return {row[0]: Item(*row) for row in rows}
