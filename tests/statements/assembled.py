"""Statements that are put together as the product runs: sent for real, and written down."""

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from miniback.audit.store import Wanted
from miniback.audit.store import page as page_of_log
from miniback.backups.newest import newest
from miniback.db import Asked, Contents, Row
from miniback.db.engine import Session
from miniback.feedback import (
    annotation_store,
    clearing,
    gate_store,
    listing,
    rollup_store,
    store,
    submitter_store,
)
from miniback.feedback.listing import FIRST_POSITION, LAST_POSITION, STREAMS, Filter, Slice
from miniback.feedback.models import Shelf, Source, Status
from miniback.feedback.rollup_store import Place
from tests.statements import filled
from tests.statements.samples import PAGE
from tests.statements.sources import HOUSE

Call = tuple[Callable[..., object], tuple[Any, ...]]


class Sent(NamedTuple):
    """A statement that was sent, by which function, and with what values."""

    name: str
    line: int
    sql: str
    values: Mapping[str, Any]


class Recorder:
    """A transaction that writes down what is sent through it, on its way to a real one.

    What an engine makes of several pieces comes by here again as one statement.
    """

    def __init__(self, session: Session) -> None:
        self.sent: list[Sent] = []
        self._session = session

    def all(self, sql: str, **values: Any) -> list[Row]:
        self._note(sql, values)
        return self._session.all(sql, **values)

    def one(self, sql: str, **values: Any) -> Row | None:
        self._note(sql, values)
        return self._session.one(sql, **values)

    def run(self, sql: str, **values: Any) -> int:
        self._note(sql, values)
        self._session.run(sql, **values)
        return 0  # so that none is spared because another had something to do

    def merge(self, *pieces: Any, **values: Any) -> list[int]:
        found: list[int] = type(self._session).merge(self, *pieces, **values)  # type: ignore[arg-type]
        return found

    def ask(self, sql: str, **values: Any) -> Asked:
        self._note(sql, values)
        return self._session.ask(sql, **values)

    def hold_rows(self, sql: str, **values: Any) -> Asked:
        asked: Asked = type(self._session).hold_rows(self, sql, **values)  # type: ignore[arg-type]
        return asked

    def _note(self, sql: str, values: Mapping[str, Any]) -> None:
        for frame in inspect.stack()[1:]:
            path = frame.filename.removeprefix(f"{HOUSE}/")
            # A comprehension belongs to the function that it stands in.
            is_ours = path != frame.filename and not frame.function.startswith("<")
            if is_ours and path not in ("db/sqlite.py", "db/postgres.py"):
                self.sent.append(Sent(f"{path} {frame.function}", frame.lineno, sql, {**values}))
                return


def sent(session: Session, account: int, numbers: Sequence[int]) -> list[Sent]:
    """Let everything that puts statements together do so, in each way that it can, and undo it.

    `numbers` are positions of the account's first project.
    """
    recorder = Recorder(session)
    session.hold()
    for call, given in _calls(filled.account_id(account), filled.first_project(account), numbers):
        call(recorder, *given)
    session.undo()
    session.release()
    return list({each.sql: each for each in recorder.sent}.values())


def _calls(account: str, project: str, numbers: Sequence[int]) -> Iterator[Call]:
    """Yield the calls, each a function and what it takes behind the transaction."""
    for chosen in _filters(account, project):
        streams = [stream for stream in STREAMS if chosen.takes(stream)]
        dated = chosen._replace(oldest=numbers[0], newest=numbers[-1])
        yield listing.newest_first, (chosen, streams, _SLICE)
        yield listing.oldest_first, (chosen, streams, _SLICE)
        yield listing.count, (dated, streams)
    yield listing.at_positions, (account, numbers, listing.ITEM)
    for wanted in _log_filters():
        yield page_of_log, (account, wanted, None, PAGE)
    for place in (Place(account), Place(account, project)):
        yield rollup_store.by_hour, (place, *_A_MONTH, 0)
        yield rollup_store.told, (place, "dimension_1", _A_MONTH, PAGE)
    yield from _submitters(account, project, numbers)
    yield store.oldest_held, (account, PAGE)
    yield annotation_store.delete_of, (account, numbers)
    yield clearing.erase, (account, numbers)
    yield clearing.clear_some, (account, project, PAGE)
    yield gate_store.forget_old, (PAGE,)
    yield newest, (Contents([], dict.fromkeys(_TOLD_BY, 1)),)


_TOLD_BY = ("feedback", "changes", "notes", "accounts", "users", "projects")
_SLICE = Slice(listing.ITEM, PAGE, 0)
# Quarters of an hour, as they are numbered here.
_A_MONTH = (1_010_000, 1_010_000 + 30 * 96)


def _filters(account: str, project: str) -> Iterator[Filter]:
    for project_id, status, source, but_deleted, shelf in itertools.product(
        (None, project),
        (None, Status.NEW),
        (None, Source.API),
        (False, True),
        (Shelf.LIVE, Shelf.HELD),
    ):
        yield Filter(
            account, project_id, status, source, FIRST_POSITION, LAST_POSITION, but_deleted, shelf
        )


def _log_filters() -> Iterator[Wanted]:
    for actions, user_id, start, end in itertools.product(
        ((), ("action_1000000",)), ("", "nobody"), (None, 0), (None, 2**41)
    ):
        yield Wanted(actions, user_id, start, end)


def _submitters(account: str, project: str, numbers: Sequence[int]) -> Iterator[Call]:
    for count in (1, 2, 3):
        subjects = [f"subject_{number}" for number in numbers[:count]]
        yield submitter_store.positions, (account, subjects, LAST_POSITION, PAGE)
        yield submitter_store.counts, (account, subjects)
    yield submitter_store.items, (account, numbers)
    yield submitter_store.positions_after, (account, project, 0, PAGE)
    yield submitter_store.older, (account, project, LAST_POSITION, PAGE)
    yield submitter_store.held_documents, (account, numbers)
