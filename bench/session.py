"""One session of measuring: options, the yardstick, filled databases, and every run's figures."""

import contextlib
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

import bases
import load
import servers
import turns
from bases import Base
from load import Load, Loads, Post, Shot
from servers import Server
from stores import Store
from turns import Served

WARM_UP_S = 1.0
Run = Callable[[], Load]
Opening = Callable[[], contextlib.AbstractContextManager[Served]]


class Options(msgspec.Struct, frozen=True):
    """What was asked for on the command line."""

    rounds: int
    seconds: float
    rows: int
    few_rows: int
    posts: int
    only: list[str]
    is_markdown: bool


class Session:
    """What every case needs."""

    def __init__(self, options: Options, scratch: Path) -> None:
        self.options = options
        self.scratch = scratch
        self.loads: Loads = {}

    @property
    def has_many(self) -> bool:
        """Tell whether a large database was asked for."""
        return self.options.rows > 0

    def send(self, server: Server, shot: Shot, connections: int = load.CONNECTIONS) -> Load:
        """Measure one run against a server."""
        return self._run(server, shot, self.options.seconds, connections)

    def warm_up(self, server: Server, shot: Shot) -> Load:
        """Send the same for a moment first."""
        return self._run(server, shot, WARM_UP_S)

    def interleave(self, case: str, runs: Mapping[str, Run]) -> Loads:
        """Run all in turn, round by round, so that a slow minute hits each alike.

        In another order each round, since a run meets what the one before it has left behind.
        """
        found: Loads = {name: [] for name in runs}
        for _ in range(self.options.rounds):
            for name in random.sample(list(runs), len(runs)):
                found[name].append(runs[name]())
        return self._keep(case, found)

    def alternate(
        self,
        case: str,
        openings: Mapping[str, Opening],
        times: int = 1,
        turn_s: float = turns.TURN_S,
        alone: Mapping[str, Run] = MappingProxyType({}),
    ) -> Loads:
        """Measure servers that stand side by side, a moment each in turn, and new ones each round.

        So many `times` as many rounds, each as much longer, where little is to be told apart. What
        runs `alone` comes after each round: where the disk stalls, it does for seconds on end.
        """
        found: Loads = {}
        for _ in range(times * self.options.rounds):
            with contextlib.ExitStack() as stack:
                served = {name: stack.enter_context(each()) for name, each in openings.items()}
                measured = turns.measure(served, times * self.options.seconds, self._run, turn_s)
            measured |= {name: run() for name, run in alone.items()}
            for name, each in measured.items():
                found.setdefault(name, []).append(each)
        return self._keep(case, found)

    @contextlib.contextmanager
    def yardstick(self) -> Iterator[Served]:
        """Run echo, warmed up."""
        with servers.echo(self.scratch) as server:
            yield self.warm(server, Post("mbk_echo", "/echo"))

    def warm(self, server: Server, shot: Shot) -> Served:
        """Warm a server up, and return what is to be measured."""
        self.warm_up(server, shot)
        return server, shot

    def few(self) -> Base:
        """Return the small filled database, on SQLite."""
        return bases.sqlite(self.options.few_rows)

    def many(self) -> Base:
        """Return the large one."""
        return bases.sqlite(self.options.rows)

    @contextlib.contextmanager
    def fresh(
        self, base: Base, env: Mapping[str, str] = MappingProxyType({}), name: str = "writing"
    ) -> Iterator[tuple[Store, Server]]:
        """Run the product on a copy of a base that is written to and thrown away."""
        store = base.copied(self.scratch / name)
        with self._on(store, env) as server:
            yield store, server

    @contextlib.contextmanager
    def serving(self, base: Base, plans: str = "", name: str = "serving") -> Iterator[Server]:
        """Run the product on a copy of a base."""
        store = base.copied(self.scratch / f"{name}-{base.facts.rows}")
        with self._on(store, {"MINIBACK_PLANS": plans} if plans else {}) as server:
            yield server

    @contextlib.contextmanager
    def _on(self, store: Store, env: Mapping[str, str]) -> Iterator[Server]:
        try:
            with servers.miniback({**store.env, **env}, self.scratch) as server:
                yield server
        finally:
            store.drop()

    def _keep(self, case: str, loads: Loads) -> Loads:
        self.loads |= {f"{case}/{name}": each for name, each in loads.items()}
        return loads

    def _run(
        self, server: Server, shot: Shot, seconds: float, connections: int = load.CONNECTIONS
    ) -> Load:
        """Run wrk, and blame the server if it is gone."""
        server.check()
        try:
            return load.run(server.url, shot, self.scratch, seconds, connections)
        finally:
            server.check()
