"""What is written of the settings is written from them: the page's table, and .env.example."""

import os
import re
from collections.abc import Callable

from miniback import settings
from tests.house import House
from tests.packaging.wheelhouse import ROOT

PAGE, EXAMPLE = ROOT / "docs" / "settings.md", ROOT / ".env.example"
_TABLE = re.compile(r"^\| variable \| default .*?\n(?=\n)", re.M | re.S)
WRITES = os.environ.get("MINIBACK_WRITE_SETTINGS") == "1"


def test_the_table_of_the_page_is_that_of_the_settings() -> None:
    page = PAGE.read_text()
    if WRITES:
        PAGE.write_text(_TABLE.sub(lambda _: settings.table(), page))

    assert _TABLE.findall(PAGE.read_text()) == [settings.table()]


def test_the_example_of_a_file_is_that_of_the_settings() -> None:
    if WRITES:
        EXAMPLE.write_text(settings.variables())

    assert EXAMPLE.read_text() == settings.variables()


def test_the_command_prints_both(new_house: Callable[..., House]) -> None:
    house = new_house("sqlite")

    assert house.run("settings").stdout == EXAMPLE.read_text()
    assert house.run("settings", "--markdown").stdout == settings.table()


def test_every_value_of_the_example_is_one_that_a_server_takes() -> None:
    lines = re.findall(r"^#(MINIBACK_\w+)=(.*)$", EXAMPLE.read_text(), re.M)
    examples = {name: value for name, value in lines if not name.endswith("_FILE") and value}

    assert len(examples) > 20
    read = settings.read(examples)
    assert read.base_url == "https://feedback.example.com"
    assert settings.unknown(examples) == []
