"""POSTs: their rate, their tail, and that every answer is a row."""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import bases
import load
import turns
import wal
from bases import Base
from lines import Line, against, single, tail
from load import Load, Loads, Post
from servers import Server
from session import Opening, Run, Session
from stores import Sqlite, Store
from turns import Served

SETTLING_S = 0.5  # for what was in flight when the warm-up ended


class Poster:
    """Posts to a fresh copy of a base each time and counts what was kept."""

    def __init__(
        self, session: Session, base: Base, *, is_keyed: bool = False, name: str = "writing"
    ) -> None:
        door = base.facts.big
        self.kept: list[int] = []
        self.frames: list[float] = []
        self._session, self._base, self._name = session, base, name
        self._shot = Post(door.key, f"/api/projects/{door.project_id}/feedback", is_keyed)

    def __call__(self) -> Load:
        """Measure one run."""
        with self.opened() as (server, shot):
            return self._session.send(server, shot)

    @contextlib.contextmanager
    def opened(self) -> Iterator[Served]:
        """Run a server, warmed up; count the rows that have come in by its end."""
        with self._session.fresh(self._base, name=self._name) as (store, server):
            before = self._warmed_up(server, store)
            yield server, self._shot
            self._look_at_log(store)
            server.stop()  # what was in flight is kept or not from here on
            self.kept.append(store.count() - before)

    def surplus(self, loads: Sequence[Load]) -> list[int]:
        """Return how many rows more than answers there were in each run."""
        return [rows - load.ok for rows, load in zip(self.kept, loads, strict=True)]

    def _warmed_up(self, server: Server, store: Store) -> int:
        """Warm up, and return the rows that are there once all has settled."""
        self._session.warm_up(server, self._shot)
        time.sleep(SETTLING_S)
        return store.count()

    def _look_at_log(self, store: Store) -> None:
        """Read the frames a commit while the log is still there."""
        frames = wal.frames_per_commit(store.file) if isinstance(store, Sqlite) else None
        self.frames += [] if frames is None else [frames]


def sqlite(session: Session) -> list[Line]:
    """POST on SQLite, plain and with idempotency keys; its latencies with nobody beside it."""
    plain, alone = (Poster(session, session.few(), name=name) for name in ("plain", "alone"))
    keyed = Poster(session, session.few(), is_keyed=True, name="keyed")
    openings = {"plain": plain.opened, "keyed": keyed.opened}
    loads = beside_echo(session, "post", openings, {"alone": alone})
    surplus = [
        *plain.surplus(loads["plain"]),
        *keyed.surplus(loads["keyed"]),
        *alone.surplus(loads["alone"]),
    ]
    return [
        against("post", loads["plain"], loads["echo"]),
        against("post-keyed", loads["keyed"], loads["echo"]),
        tail("post-tail", loads["alone"]),
        kept("post-rows", surplus),
        *frames("post-frames", plain),
        *frames("post-keyed-frames", keyed),
    ]


def postgres(session: Session) -> list[Line]:
    """POST on PostgreSQL, one busy account; its latencies with nobody beside it."""
    base = bases.postgres(session.options.few_rows)
    plain, alone = (Poster(session, base, name=name) for name in ("plain", "alone"))
    loads = beside_echo(session, "postgres", {"plain": plain.opened}, {"alone": alone})
    return [
        against("postgres", loads["plain"], loads["echo"]),
        tail("postgres-tail", loads["alone"]),
        kept("postgres-rows", plain.surplus(loads["plain"]) + alone.surplus(loads["alone"])),
    ]


def growth(session: Session) -> list[Line]:
    """POST to a large database against a small one."""
    few = Poster(session, session.few(), name="few")
    many = Poster(session, session.many(), name="many")
    loads = session.alternate("growth", {"few": few.opened, "many": many.opened})
    name = "growth" if session.options.rows <= 1_000_000 else "growth-10m"
    return [
        against(name, loads["many"], loads["few"]),
        kept("growth-rows", few.surplus(loads["few"]) + many.surplus(loads["many"])),
        *frames("growth-frames", many),
    ]


def beside_echo(
    session: Session,
    case: str,
    openings: Mapping[str, Opening],
    alone: Mapping[str, Run] = MappingProxyType({}),
) -> Loads:
    """Measure POSTs and echo side by side."""
    beside: dict[str, Opening] = {"echo": session.yardstick, **openings}
    return session.alternate(case, beside, turn_s=turns.LONG_TURN_S, alone=alone)


def kept(name: str, surplus: Sequence[int]) -> Line:
    """Hold the rows of all runs against the answers."""
    lost = f"{-min(surplus):,} answers have no row" if min(surplus) < 0 else ""
    shown = f"{min(surplus)} to {max(surplus)} in {len(surplus)} runs"
    return single(name, f"{shown} of {load.CONNECTIONS} connections", [max(surplus)], lost)


def frames(name: str, poster: Poster) -> list[Line]:
    """Show the log's frames a commit, where they could be read."""
    if not poster.frames:
        return []
    return [single(name, f"{len(poster.frames)} readings of the log", poster.frames)]
