"""Going through a file: its steps, some at a time, and what a check has found of them."""

import time
from collections import Counter
from collections.abc import Generator, Iterator
from typing import BinaryIO, NamedTuple

from miniback.feedback import Brought
from miniback.imports import archive, tables
from miniback.imports.fitting import Place
from miniback.imports.models import (
    HEADS,
    MOST_PROBLEMS,
    Format,
    Kind,
    Look,
    Problem,
    Report,
    Step,
)

# Of a table more names of tags than an account could have are not looked at.
_MOST_TAGS = 1_000
_HEAVIEST_BYTES = 2_000_000
_LONGEST_S = 5.0


class Portion(NamedTuple):
    """Some steps, and whether they are the last; none where only time has passed."""

    steps: list[Step]
    is_last: bool


def steps(file: BinaryIO, look: Look, place: Place) -> Generator[Step, None, None]:
    """Yield the steps of a file."""
    if place.plan.format is Format.ARCHIVE:
        return archive.steps(file)
    return tables.steps(file, look, place)


def portion(stream: Iterator[Step], most: int, after: int) -> Portion:
    """Return the next steps behind one that is done, and those again that others name."""
    began, weight = time.monotonic(), 0
    found: list[Step] = []
    for step in stream:
        if step.number > after or step.kind in HEADS:
            found.append(step)
            weight += step.weight
        is_late = time.monotonic() - began > _LONGEST_S
        if len(found) >= most or weight > _HEAVIEST_BYTES or is_late:
            return Portion(found, is_last=False)
    return Portion(found, is_last=True)


class Check:
    """What has been found while going through a file without bringing anything."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._steps = self._bad = 0
        self._counts: Counter[str] = Counter()
        self._tags: dict[str, str] = {}
        self._projects: set[str] | None = None

    def take(self, steps: list[Step], *, is_archive: bool) -> None:
        """Look at some steps."""
        for step in steps:
            self._steps += 1
            problem = step.value if isinstance(step.value, Problem) else None
            if problem is None and is_archive:
                problem = self._reference(step)
            elif problem is None and isinstance(step.value, Brought):
                self._note_tags(step.value)
            if problem is None:
                self._counts[step.kind.value] += 1
                continue
            self._bad += 1
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)

    @property
    def report(self) -> Report:
        """All of it."""
        return Report(self._steps, dict(self._counts), self._bad, tuple(self._tags.values()))

    def _note_tags(self, brought: Brought) -> None:
        for name in brought.tags:
            if len(self._tags) < _MOST_TAGS:
                self._tags.setdefault(name.casefold(), name)

    def _reference(self, step: Step) -> Problem | None:
        """Refuse what is of a project that the archive does not have."""
        self._projects = self._projects if self._projects is not None else set()
        if step.kind is Kind.PROJECT:
            self._projects.add(step.value.id)
        elif step.kind is Kind.ITEM and step.value.project_id not in self._projects:
            return Problem(step.number, f"{step.value.id} is of a project that is not here")
        return None
