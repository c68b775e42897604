"""Items in bulk, through the product's own verbs: what a run finds is what they leave behind."""

import itertools
import random
import sys
from collections.abc import Iterator, Sequence

import msgspec

import words
from miniback import clock, feedback, ids, plans
from miniback.db import Tx, engine_for
from miniback.db.engine import Session
from miniback.feedback import Accepted, Entrance, Source, Status, Submission, rollups
from miniback.plans import Plans

BATCH = 500
# Up to now, evenly: what is counted by days has something to count.
DAYS = 90
# A batch comes in at one moment; few items are spread over as many moments as very many.
MOMENTS = 5_000
NO_LIMITS = '{"STARTER": {"calls": null, "items": null}}'
STATUSES = {Status.NEW: 60, Status.REVIEWED: 25, Status.RESOLVED: 15}
_TOLD_EVERY = 100_000
_FOLDED_AT_ONCE = 10_000


class Target(msgspec.Struct, frozen=True):
    """A project, and whose it is."""

    account_id: str
    project_id: str


class RefusedError(Exception):
    """The product did not take an item in."""


def fill(url: str, targets: Sequence[Target], rows: int) -> None:
    """Submit so many items and deal with some, half of them in the first project."""
    session = engine_for(url).connect(writes=True)
    table = plans.reshaped(NO_LIMITS)
    submissions = _submissions(targets)
    chance = random.Random(words.SEED)
    now = clock.now()
    began = now - DAYS * clock.DAY_MS
    ids.start_anew()
    size = max(1, min(BATCH, rows // MOMENTS))
    for done in range(0, rows, size):
        batch = list(itertools.islice(submissions, min(size, rows - done)))
        session.begin_write()
        with clock.standing_at(began + (now - began) * done // rows):
            _submit(session, batch, table, chance)
        session.commit()
        if done % _TOLD_EVERY < size:
            print(f"  filling: {done:,} of {rows:,}", file=sys.stderr)
            _fold(session)
    _fold(session)
    session.close()


def _fold(session: Session) -> None:
    """Add what came to the counts, as a server does all the time, lest runs pay for it."""
    folded = _FOLDED_AT_ONCE
    while folded == _FOLDED_AT_ONCE:
        session.begin_write()
        folded = rollups.fold(session, _FOLDED_AT_ONCE)
        session.commit()


def _submit(tx: Tx, batch: list[Submission], table: Plans, chance: random.Random) -> None:
    """Take in a batch and give its items their statuses."""
    statuses = chance.choices(list(STATUSES), list(STATUSES.values()), k=len(batch))
    outcomes = feedback.submit_all(tx, batch, table)
    for submission, outcome, status in zip(batch, outcomes, statuses, strict=True):
        if not isinstance(outcome, Accepted):
            raise RefusedError(str(outcome))
        if status is not Status.NEW and submission.account_id:
            feedback.set_status(tx, submission.account_id, outcome.id, status, feedback.BY_COMMAND)


def _submissions(targets: Sequence[Target]) -> Iterator[Submission]:
    """Yield submissions without end, every second one for the first project."""
    first, *others = targets
    in_turn = itertools.chain.from_iterable(
        zip(itertools.repeat(first), itertools.cycle(others), strict=False)
    )
    for target, draft in zip(in_turn, words.drafts(), strict=False):
        body = msgspec.json.encode(draft)
        read = feedback.read_draft(msgspec.json.decode(body), body)
        yield Submission(
            Entrance.DOOR, target.project_id, target.account_id, None, read, Source.API, None
        )
