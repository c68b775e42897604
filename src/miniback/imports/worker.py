"""Carries imports out: looks a file through, brings what it holds, and clears it away."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from typing import IO

import structlog

from miniback import accounts, outbox
from miniback.db import Database, Tx
from miniback.errors import NotFound, Refusal, Unavailable
from miniback.imports import service, stepping, store
from miniback.imports.fitting import Place
from miniback.imports.models import Format, Import, Problem, Report, State, Step
from miniback.imports.running import Run
from miniback.imports.stepping import Check, Portion
from miniback.outbox import Event
from miniback.plans import Allowance, Plans
from miniback.work import Pace, keep_working

EVENTS = (outbox.IMPORT_ASKED,)
# A check holds nobody up; so many rows are looked at between two words on how far it is.
_CHECKED_AT_ONCE = 2_000
_FIRST_PORTION, _LARGEST_PORTION = 20, 1_000
_PIECES_AT_ONCE = 4

log = structlog.get_logger()


class Worker:
    """Does what imports ask for, one after the other."""

    def __init__(self, db: Database, plans: Plans) -> None:
        self._db = db
        self._plans = plans
        self._pace = Pace(_FIRST_PORTION, _LARGEST_PORTION)

    async def run(self) -> None:
        """Look for work until cancelled."""
        await keep_working(self._db, EVENTS, self._take_up, [service.forget_old])

    async def _take_up(self, event: Event) -> None:
        try:
            await self._carry_out(event)
        except Unavailable:
            raise  # the database comes back, and so does the event
        except Refusal as refusal:
            await self._fail(event, str(refusal))
        except Exception:
            log.exception("import_failed", import_id=event.subject)
            await self._fail(event, "Something broke; the server's log says what")
        await self._clear(event)

    async def _carry_out(self, event: Event) -> None:
        each = await self._db.read(store.find, event.account_id, event.subject)
        if each is None or each.state not in (State.CHECKING, State.RUNNING):
            return
        allowance = await self._db.read(self._allowance, event.account_id)
        people = await self._db.read(service.emails, event.account_id)
        if each.look is None or each.plan is None:
            raise NotFound("The file is gone")
        with tempfile.TemporaryFile() as file:
            await self._fetch(event, file)
            stream = stepping.steps(file, each.look, Place(each.plan, people))
            # It lets go of the file before that is closed.
            with contextlib.closing(stream):
                if each.state is State.CHECKING:
                    await self._check(event, stream, is_archive=each.plan.format is Format.ARCHIVE)
                else:
                    await self._bring(event, stream, Run(allowance, each.plan), each)

    async def _fetch(self, event: Event, file: IO[bytes]) -> None:
        """Write a file down where it can be read from any place."""
        number = 0
        names = (event.account_id, event.subject)
        while piece := await self._db.read(store.piece, *names, number):
            await asyncio.to_thread(file.write, piece)
            number += 1
            if number % 100 == 0:
                await self._db.write(outbox.renew, event)

    async def _check(self, event: Event, stream: Iterator[Step], *, is_archive: bool) -> None:
        check = Check()
        goes_on = True
        while goes_on:
            portion = await asyncio.to_thread(stepping.portion, stream, _CHECKED_AT_ONCE, 0)
            check.take(portion.steps, is_archive=is_archive)
            problems = check.problems if portion.is_last else None
            goes_on = await self._db.write(self._note_check, event, check.report, problems)

    async def _bring(self, event: Event, stream: Iterator[Step], run: Run, each: Import) -> None:
        after, goes_on = each.progress.steps, True
        while goes_on:
            portion = await asyncio.to_thread(stepping.portion, stream, self._pace.portion, after)
            goes_on = await self._db.write(self._bring_some, event, run, portion)

    def _bring_some(self, tx: Tx, event: Event, run: Run, portion: Portion) -> bool:
        began = time.monotonic()
        names = (event.account_id, event.subject)
        goes_on = service.bring(tx, *names, run, portion.steps, is_last=portion.is_last)
        outbox.renew(tx, event)
        self._pace.feel(time.monotonic() - began)
        return goes_on

    def _note_check(
        self, tx: Tx, event: Event, report: Report, problems: Sequence[Problem] | None
    ) -> bool:
        outbox.renew(tx, event)
        return service.note_check(tx, event.account_id, event.subject, report, problems)

    async def _fail(self, event: Event, reason: str) -> None:
        await self._db.write(service.fail, event.account_id, event.subject, reason)

    async def _clear(self, event: Event) -> None:
        """Delete the file of what has ended, in portions, and then forget the event."""
        while await self._db.write(self._clear_some, event):
            pass

    def _clear_some(self, tx: Tx, event: Event) -> bool:
        each = store.find(tx, event.account_id, event.subject)
        has_ended = each is None or each.state in (State.DONE, State.CANCELLED, State.FAILED)
        names = (event.account_id, event.subject)
        gone = store.delete_pieces(tx, *names, _PIECES_AT_ONCE) if has_ended else 0
        (outbox.renew if gone else outbox.done)(tx, event)
        return bool(gone)

    def _allowance(self, tx: Tx, account_id: str) -> Allowance:
        account = accounts.find(tx, account_id)
        if account is None:
            raise NotFound("The account is gone")
        return Allowance(account.id, self._plans[account.plan], account.anchor)
