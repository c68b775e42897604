"""Work that goes on after an answer: taking up events of the outbox, and clearing away what is old.

Events are in the database, so the work survives a restart; any number of processes may do it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from miniback import outbox
from miniback.db import Database, Tx
from miniback.errors import Refusal
from miniback.outbox import Event

LOOK_EVERY_S = 1.0
FORGET_EVERY_S = 600.0
_FORGOTTEN_AT_ONCE = 20

TakeUp = Callable[[Event], Awaitable[None]]
Forget = Callable[[Tx, int], int]

log = structlog.get_logger()


class Pace:
    """How much is done at a time: as much as holds other writes up for some milliseconds."""

    LONGEST_S = 0.05

    def __init__(self, first: int, largest: int) -> None:
        self.portion = first
        self._largest = largest

    def feel(self, took_s: float) -> None:
        """Make the next portion smaller after one that took long, larger after a quick one."""
        if took_s > self.LONGEST_S / 2:
            self.portion = max(1, int(self.portion * self.LONGEST_S / 2 / took_s))
        elif took_s < self.LONGEST_S / 5:
            self.portion = min(self._largest, self.portion * 2)


async def keep_looking(
    look: Callable[[], Awaitable[object]],
    forget: Callable[[], Awaitable[object]] | None = None,
    *,
    named: str = "work",
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Look for something to do until cancelled, and now and then forget what is old.

    What goes wrong is logged as `named` has it, and is looked for again.
    """
    loop = asyncio.get_running_loop()
    forgotten = loop.time()
    while True:
        try:
            await look()
            if forget and loop.time() - forgotten > FORGET_EVERY_S:
                forgotten = loop.time()
                await forget()
        except Refusal as refusal:
            log.warning(f"{named}_postponed", reason=str(refusal))
        except Exception:
            log.exception(f"{named}_failed")
        await asyncio.sleep(every_s)


async def keep_working(
    db: Database, events: Sequence[str], take_up: TakeUp, forget: Sequence[Forget]
) -> None:
    """Take up events as they come due, one at a time, until cancelled.

    An event that fails comes up again when its lease runs out. Each of `forget` deletes up to so
    many rows that are old, and returns how many it were.
    """

    async def take_all() -> None:
        while await _take_one(db, events, take_up):
            pass

    async def forget_all() -> None:
        for clear in forget:
            while await db.write(clear, _FORGOTTEN_AT_ONCE):
                pass

    await keep_looking(take_all, forget_all)


async def _take_one(db: Database, events: Sequence[str], take_up: TakeUp) -> bool:
    """Do all that one event asks for; False where none is due."""
    if not await db.look_up(outbox.is_any_due, events):
        return False
    event = await db.write(outbox.claim, events)
    if event is None:
        return False
    await take_up(event)
    return True
