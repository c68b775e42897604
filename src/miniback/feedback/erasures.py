"""Erasing very much in portions: all that one person has sent, or what a project keeps no longer.

What is meant stands in the database before the first portion, so that it goes on after a restart;
once all is gone, the search index is merged until no word of it is left there (ADR 0018).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import structlog

from miniback import audit, clock, ids, outbox, projects
from miniback.audit import BY_ITSELF, Action, Actor, Way
from miniback.db import Tx
from miniback.feedback import erasing, filling, listing, submitter_store, triage
from miniback.feedback.submitter_store import MOST_COUNTED, Submitted
from miniback.plans import Allowance

ID = "erasure"
# Whoever asked carries it out; where that is not finished by then, a worker goes on with it.
TAKEN_OVER_AFTER_MS = 5_000
MOST_SHOWN = 20

log = structlog.get_logger()


class Stage(StrEnum):
    """How far an erasure has come: entering who sent what, erasing items, tidying the index."""

    FILLING = "FILLING"
    ERASING = "ERASING"
    TIDYING = "TIDYING"


class Erasure(msgspec.Struct, frozen=True):
    """Which items are to be erased, none newer than a position, and by whom.

    Those of a person, by their subjects, or a project's. `told` are details for the audit log.
    """

    newest: int
    way: Way
    user_id: str
    told: dict[str, Any]
    subjects: tuple[str, ...] = ()
    project_id: str = ""

    @property
    def actor(self) -> Actor:
        """Who wants it."""
        return Actor(self.way, self.user_id)


class Progress(NamedTuple):
    """How many items were erased so far, and whether that is all."""

    done: int
    is_over: bool


class Found(NamedTuple):
    """What there is of a person: how many items by project, and the newest of them.

    `is_exact`: they are counted out. `is_whole`: no item is still to be looked through.
    """

    counts: dict[str, int]
    newest: list[Submitted]
    is_exact: bool
    is_whole: bool

    @property
    def total(self) -> int:
        """How many items there are."""
        return sum(self.counts.values())


_decoder = msgspec.json.Decoder(Erasure)


def find(tx: Tx, account_id: str, subjects: Sequence[str], limit: int) -> Found:
    """Find what a person has sent to an account, on any shelf and in the bin."""
    counts = submitter_store.counts(tx, account_id, subjects)
    newest, _ = portion(tx, account_id, subjects, listing.LAST_POSITION, limit)
    is_whole = not outbox.is_noted(tx, account_id, outbox.SUBMITTERS_MISSING)
    return Found(counts, newest, sum(counts.values()) < MOST_COUNTED, is_whole)


def portion(
    tx: Tx, account_id: str, subjects: Sequence[str], newest: int, limit: int
) -> tuple[list[Submitted], int | None]:
    """Return the newest items of a person, none newer than a position, and where more follow."""
    positions = submitter_store.positions(tx, account_id, subjects, newest, limit)
    items = submitter_store.items(tx, account_id, positions) if positions else []
    return items, positions[-1] - 1 if len(positions) == limit else None


def begin(
    tx: Tx, account_id: str, subjects: Sequence[str], actor: Actor, told: dict[str, Any]
) -> str:
    """Write down that all that a person has sent so far is to be erased; return its id."""
    newest = ids.position(ids.new(ID))
    erasure = Erasure(newest, actor.way, actor.user_id, told, subjects=tuple(subjects))
    erasure_id = ids.new(ID)
    _insert_all(tx, [_row(account_id, erasure_id, erasure, Stage.FILLING)])
    outbox.record(tx, account_id, outbox.ERASURE_BEGUN, erasure_id, TAKEN_OVER_AFTER_MS)
    return erasure_id


def begin_due(tx: Tx, limit: int) -> int:
    """Begin to erase what projects keep no longer, those whose day has come; return how many."""
    rows = []
    now = clock.now()
    for account_id, project_id, days in projects.take_due(tx, limit):
        newest = ids.lowest_position(now - days * clock.DAY_MS) - 1
        told = {"projectId": project_id, "days": days}
        erasure = Erasure(newest, BY_ITSELF.way, "", told, project_id=project_id)
        rows.append(_row(account_id, ids.new(ID), erasure, Stage.ERASING))
    if rows:
        _insert_all(tx, rows)
        begun = [(str(row["account_id"]), str(row["id"])) for row in rows]
        outbox.record_all(tx, outbox.ERASURE_BEGUN, begun)
    return len(rows)


def go_on(tx: Tx, allowance: Allowance, erasure_id: str, size: int) -> Progress:
    """Do a portion of an erasure; one that is not there is over."""
    account_id = allowance.account_id
    # Held to the end, so that of two who go on with it one waits.
    row = tx.one(
        "UPDATE erasures SET done = done WHERE account_id = :account_id AND id = :id"
        " RETURNING content, stage, done",
        account_id=account_id,
        id=erasure_id,
    )
    if row is None:
        return Progress(0, True)
    erasure, stage, done = _decoder.decode(row[0]), Stage(row[1]), int(row[2])
    if stage is Stage.FILLING and not filling.fill_some(tx, account_id, size):
        stage = Stage.ERASING
    elif stage is Stage.ERASING:
        erased = _erase_some(tx, allowance, erasure, size)
        done += erased or 0
        if erased is None:
            stage = Stage.TIDYING
            # The whole index is written anew: for a person, not day by day for each project.
            if not (done and erasure.subjects and tx.tidy_index(size, begin=True)):
                return _finish(tx, account_id, erasure_id, erasure, done)
    elif stage is Stage.TIDYING and not tx.tidy_index(size):
        return _finish(tx, account_id, erasure_id, erasure, done)
    _advance(tx, account_id, erasure_id, stage, done)
    return Progress(done, False)


def under_way(tx: Tx, account_id: str) -> list[int]:
    """Return how many items each erasure that goes on has erased so far, the newest first."""
    rows = tx.all(
        "SELECT done FROM erasures WHERE account_id = :account_id ORDER BY id DESC LIMIT :limit",
        account_id=account_id,
        limit=MOST_SHOWN,
    )
    return [int(done) for (done,) in rows]


def _erase_some(tx: Tx, allowance: Allowance, erasure: Erasure, size: int) -> int | None:
    """Erase a portion and return how many items that were, None where nothing is left."""
    account_id = allowance.account_id
    if erasure.subjects:
        positions = submitter_store.positions(
            tx, account_id, erasure.subjects, erasure.newest, size
        )
    else:
        positions = submitter_store.older(tx, account_id, erasure.project_id, erasure.newest, size)
    if not positions:
        return None
    return erasing.erase(tx, allowance, positions, erasure.actor, triage.new_act())


def _finish(tx: Tx, account_id: str, erasure_id: str, erasure: Erasure, done: int) -> Progress:
    """Log what was done, and forget whom it was about."""
    tx.run(
        "DELETE FROM erasures WHERE account_id = :account_id AND id = :id",
        account_id=account_id,
        id=erasure_id,
    )
    outbox.withdraw(tx, account_id, outbox.ERASURE_BEGUN, [erasure_id])
    action = Action.PERSON_ERASED if erasure.subjects else Action.RETENTION_APPLIED
    # A day on which nothing was old enough is nothing to account for.
    if done or erasure.subjects:
        audit.record(tx, account_id, action, erasure.actor, {**erasure.told, "items": done})
    if done and not erasure.subjects:
        log.info("retention_applied", project=erasure.project_id, items=done)
    return Progress(done, True)


def _row(account_id: str, erasure_id: str, erasure: Erasure, stage: Stage) -> dict[str, str]:
    content = msgspec.json.encode(erasure).decode()
    return {"account_id": account_id, "id": erasure_id, "content": content, "stage": stage.value}


def _insert_all(tx: Tx, rows: Sequence[dict[str, str]]) -> None:
    tx.run_many(
        "INSERT INTO erasures (account_id, id, content, stage, done)"
        " VALUES (:account_id, :id, :content, :stage, 0)",
        rows,
    )


def _advance(tx: Tx, account_id: str, erasure_id: str, stage: Stage, done: int) -> None:
    tx.run(
        "UPDATE erasures SET stage = :stage, done = :done"
        " WHERE account_id = :account_id AND id = :id",
        stage=stage.value,
        done=done,
        account_id=account_id,
        id=erasure_id,
    )
