"""Adding to the rollups what new items told, once a second, many batches at a time (ADR 0026)."""

import time

from miniback.db import Database
from miniback.feedback import rollup_store, rollups
from miniback.work import Pace, keep_looking

_FIRST_PORTION, _LARGEST_PORTION = 500, 10_000


class Folder:
    """Adds what waits; any number of processes may do it."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._pace = Pace(_FIRST_PORTION, _LARGEST_PORTION)

    async def run(self) -> None:
        """Look for what waits until cancelled."""
        await keep_looking(self._look)

    async def _look(self) -> None:
        if await self._db.look_up(rollup_store.has_additions):
            await self._fold()

    async def _fold(self) -> None:
        """Add what there is; what comes meanwhile waits for more of its kind."""
        taken = portion = 1
        while taken == portion:
            began, portion = time.monotonic(), self._pace.portion
            taken = await self._db.write(rollups.fold, portion)
            self._pace.feel(time.monotonic() - began)
