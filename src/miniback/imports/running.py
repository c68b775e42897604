"""Carrying out the steps of an import, some in a transaction, so that each may come again."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from miniback import accounts, feedback, ids, projects
from miniback.db import Tx
from miniback.feedback import Brought, Change, Kept, Note
from miniback.imports.lines import ChangeLine, NoteLine, Pictured
from miniback.imports.models import HEADS, Format, Kind, Plan, Problem, Progress, Step, added
from miniback.plans import Allowance

MOST_NOTES = 200
_TAGGED = (feedback.Kind.TAG, feedback.Kind.UNTAG)


class Outcome(NamedTuple):
    """What some steps came to: what is new by kind, what was there, what is worth telling."""

    counts: dict[str, int]
    known: int
    bad: int
    notes: tuple[str, ...]


class Run:
    """One run over a file for an account; it learns what the names of the file are here."""

    def __init__(self, allowance: Allowance, plan: Plan) -> None:
        self._allowance = allowance
        self._account_id = allowance.account_id
        self._is_archive = plan.format is Format.ARCHIVE
        self._people: dict[str, str] = {}
        self._projects: dict[str, str] = {}
        self._tags: dict[str, str] = {}
        self._verbs: dict[Kind, Callable[[Tx, list[Any]], tuple[int, list[str]]]] = {
            Kind.PERSON: self._bring_people,
            Kind.PROJECT: self._bring_projects,
            Kind.TAG: self._bring_tags,
            Kind.VIEW: self._bring_views,
            Kind.ITEM: self._bring_items,
            Kind.NOTE: self._bring_notes,
            Kind.CHANGE: self._bring_changes,
            Kind.IMAGE: self._bring_images,
        }

    def carry_out(self, tx: Tx, steps: Sequence[Step], after: int) -> Outcome:
        """Bring what steps hold; those up to a number were brought before and count no more."""
        counts: Counter[str] = Counter()
        known = bad = 0
        notes: list[str] = []
        for (kind, is_new), group in groupby(steps, lambda step: (step.kind, step.number > after)):
            values = [step.value for step in group]
            good = [value for value in values if not isinstance(value, Problem)]
            fitting = [value for value in good if self._has_place(kind, value)]
            came, told = self._verbs[kind](tx, fitting) if fitting else (0, [])
            if is_new:
                counts[kind.value] += came
                known += len(fitting) - came
                bad += len(values) - len(fitting)
                notes += told
        return Outcome(dict(counts), known, bad, tuple(notes))

    def _has_place(self, kind: Kind, value: Any) -> bool:
        """Tell whether the project of something in an archive has come."""
        if not self._is_archive or kind in (*HEADS, Kind.NOTE):
            return True
        line = value.line if isinstance(value, Pictured) else value
        return line.project_id in self._projects

    def _bring_people(self, tx: Tx, people: list[accounts.Person]) -> tuple[int, list[str]]:
        """Find who is a member here, by address; the others are remembered as they were."""
        members = {each.email: each.id for each in accounts.people(tx, self._account_id).values()}
        former = [each for each in people if each.email not in members]
        accounts.keep_former(tx, self._account_id, former)
        self._people |= {each.id: members.get(each.email, each.id) for each in people}
        return len(people), []

    def _bring_projects(self, tx: Tx, copies: list[projects.Copy]) -> tuple[int, list[str]]:
        notes, came = [], 0
        for copy in copies:
            arrived = projects.bring_in(tx, self._allowance, copy)
            self._projects[copy.id] = arrived.project.id
            came += arrived.is_new
            notes += [f"{arrived.project.slug}: {each}" for each in arrived.differences]
        return came, notes

    def _bring_tags(self, tx: Tx, tags: list[feedback.Tag]) -> tuple[int, list[str]]:
        self._tags |= feedback.bring_tags(tx, self._account_id, tags)
        left = [tag.name for tag in tags if tag.id not in self._tags]
        told = [f"{name}: there is no room for this tag" for name in left]
        return len(tags) - len(left), told

    def _bring_views(self, tx: Tx, views: list[feedback.View]) -> tuple[int, list[str]]:
        left = feedback.bring_views(tx, self._account_id, views)
        told = [f"{left}: there is no room for so many views"] if left else []
        return len(views) - left, told

    def _bring_items(self, tx: Tx, items: list[Brought]) -> tuple[int, list[str]]:
        placed = [self._translated(item) for item in items] if self._is_archive else items
        return feedback.bring_in(tx, self._account_id, placed), []

    def _translated(self, item: Brought) -> Brought:
        return item._replace(
            project_id=self._projects[item.project_id],
            tags=tuple(self._tags[each] for each in item.tags if each in self._tags),
            assignee_id=self._people.get(item.assignee_id, ""),
        )

    def _bring_notes(self, tx: Tx, lines: list[NoteLine]) -> tuple[int, list[str]]:
        at = self._positions(tx, (line.feedback_id for line in lines))
        notes = [
            Note(line.id, at[line.feedback_id], self._who(line.person_id), line.content)
            for line in lines
            if line.feedback_id in at
        ]
        return feedback.bring_notes(tx, self._account_id, notes), []

    def _bring_changes(self, tx: Tx, lines: list[ChangeLine]) -> tuple[int, list[str]]:
        at = self._positions(tx, (line.feedback_id for line in lines))
        changes = [self._change(line, at) for line in lines]
        return feedback.bring_changes(tx, self._account_id, changes), []

    def _change(self, line: ChangeLine, at: dict[str, int]) -> Change:
        names: dict[str, str] = {}
        if line.kind is feedback.Kind.ASSIGN:
            names = self._people
        elif line.kind in _TAGGED:
            names = self._tags
        return Change(
            line.id,
            # What was done to an item that is gone is kept where it lay.
            at.get(line.feedback_id, ids.position(line.feedback_id)),
            self._projects[line.project_id],
            line.kind.value,
            names.get(line.was, line.was),
            names.get(line.became, line.became),
            self._who(line.person_id),
            line.way.value,
            line.act,
        )

    def _bring_images(self, tx: Tx, images: list[Pictured]) -> tuple[int, list[str]]:
        at = self._positions(tx, (each.line.feedback_id for each in images))
        came = 0
        for line, image, uploaded_at in images:
            if line.feedback_id in at:
                project_id = self._projects[line.project_id]
                kept = Kept(line.id, project_id, at[line.feedback_id], uploaded_at)
                came += feedback.bring_image(tx, self._account_id, kept, image)
        return came, []

    def _positions(self, tx: Tx, feedback_ids: Iterable[str]) -> dict[str, int]:
        return feedback.brought_positions(tx, self._account_id, list(dict.fromkeys(feedback_ids)))

    def _who(self, person_id: str | None) -> str:
        return self._people.get(person_id, "") if person_id else ""


def advanced(progress: Progress, steps: Sequence[Step], outcome: Outcome) -> Progress:
    """Return how far it has come after some steps."""
    if not steps:
        return progress
    return Progress(
        max(progress.steps, steps[-1].number),
        added(progress.counts, outcome.counts),
        progress.known + outcome.known,
        progress.bad + outcome.bad,
        (*progress.notes, *outcome.notes)[:MOST_NOTES],
    )
