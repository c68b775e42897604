"""`miniback demo` leaves nothing, and no other command fills a database by itself."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.demos import demonstrated
from tests.house import MINIBACK, PATIENCE_S, House, running, until

ROOT = Path(__file__).parents[1]
NOT_CONFIGURED = 78


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A program that stands for a browser: it writes down what it is told to open."""
    program = tmp_path / "www-browser"
    program.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    program.chmod(0o700)
    return program


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_its_end_is_a_good_one_and_leaves_nothing(tmp_path: Path, by: signal.Signals) -> None:
    with demonstrated(tmp_path, "--no-open") as demo:
        demo.told("Password")
        data = demo.data
        assert data.is_dir()

        assert demo.end(by) == 0
        assert not data.exists()


def test_it_heeds_no_setting_and_touches_no_data(tmp_path: Path) -> None:
    settings = {"MINIBACK_DATA_DIR": "kept", "MINIBACK_PLANS": "{", "MINIBACK_LANGUAGE": "?"}
    with demonstrated(tmp_path, "--no-open", **settings) as demo:
        demo.told("Password")
        assert demo.end() == 0

    assert [each.name for each in tmp_path.iterdir()] == ["stdout.log"]


def test_the_browser_of_the_system_is_sent_to_the_demo_page(tmp_path: Path, browser: Path) -> None:
    opened = tmp_path / "opened"
    with demonstrated(tmp_path, BROWSER=str(browser)) as demo:
        page = demo.told("A page with the widget")
        until(lambda: opened.exists() and opened.read_text() == f"{page}\n", "the browser")


@pytest.mark.parametrize("options", [("--no-open",), ()])
def test_where_nothing_is_to_be_opened_it_only_prints(
    tmp_path: Path, browser: Path, options: tuple[str, ...]
) -> None:
    # Without a screen Python would take one that fills the terminal, as this one could.
    variables = {"PATH": f"{browser.parent}:{os.environ['PATH']}"}
    if options:
        variables["BROWSER"] = str(browser)
    with demonstrated(tmp_path, *options, **variables) as demo:
        demo.told("Password")
        assert demo.end() == 0

    assert not (tmp_path / "opened").exists()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with demonstrated(tmp_path, "--no-open") as demo:
        port = demo.told("The inbox").split(":")[2].partition("/")[0]
        second = subprocess.run(
            [*MINIBACK, "demo", "--no-open", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    assert second.returncode == NOT_CONFIGURED
    assert f"Port {port} on 127.0.0.1 is in use" in second.stderr


def test_a_new_server_is_empty_until_somebody_sets_it_up(
    new_house: Callable[..., House], database: str
) -> None:
    with running(new_house(database)) as house:
        tables = ("users", "accounts", "projects", "feedback")
        assert [house.row(f"SELECT count(*) FROM {each}") for each in tables] == [(0,)] * 4


def test_make_run_does_nothing_but_serve() -> None:
    _, recipe = (ROOT / "Makefile").read_text().split("\nrun:")
    (command,) = [line for line in recipe.split("\n\n")[0].splitlines()[1:] if line.strip()]

    assert command.strip() == "$(BIN)/miniback serve --port $(PORT)"
