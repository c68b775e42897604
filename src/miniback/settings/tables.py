"""The settings as people read them: the table of docs/settings.md, and a file of variables."""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_type_hints

import msgspec

from miniback.settings.models import Settings, Told
from miniback.settings.reading import PREFIX

_WIDTH = 98
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
_HEAD = """\
# The settings of Miniback, with what goes where nothing is set. Take the # away in front of those
# that you change. Each may also come from a file, which keeps secrets out of the environment:
# MINIBACK_SMTP_URL_FILE=/run/secrets/smtp
"""


class Listed(NamedTuple):
    """A setting as it is listed."""

    name: str
    default: str
    told: Told


def table() -> str:
    """Write all settings as a table in Markdown."""
    head = ["| variable | default | meaning |", "| --- | --- | --- |"]
    return "\n".join([*head, *map(_row, _listed())]) + "\n"


def variables() -> str:
    """Write all settings as a file of variables, each turned off and explained."""
    return "\n".join([_HEAD, *map(_variable, _listed())])


def _listed() -> Iterator[Listed]:
    hints = get_type_hints(Settings, include_extras=True)
    for field in msgspec.structs.fields(Settings):
        (told,) = hints[field.name].__metadata__
        yield Listed(PREFIX + field.name.upper(), _written(field.default), told)


def _written(value: object) -> str:
    """Write a default as its variable would be set."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if isinstance(value, int | str | Path) else ""


def _row(each: Listed) -> str:
    default = each.told.unset or (f"`{each.default}`" if each.default else "")
    cells = [f"`{each.name}`", default, each.told.meaning]
    return "| " + " | ".join(cells).replace("|  |", "| |") + " |"


def _variable(each: Listed) -> str:
    meaning = _LINK.sub(r"\1", each.told.meaning).replace("`", "")
    lines = textwrap.wrap(meaning, _WIDTH, break_long_words=False, break_on_hyphens=False)
    value = each.default or each.told.example
    return "".join(f"# {line}\n" for line in lines) + f"#{each.name}={value}\n"
