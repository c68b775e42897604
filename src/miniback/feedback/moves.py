"""Items in motion: what each is found by, and what became of it."""

from collections.abc import Sequence
from typing import NamedTuple

from miniback import text
from miniback.db import Tx
from miniback.feedback import annotation_store, models
from miniback.feedback.acts import Annotation
from miniback.feedback.models import Item, Shelf


class State(NamedTuple):
    """An item at one moment, with all that it is found by."""

    item: Item
    shelf: Shelf
    annotation: Annotation = Annotation()
    note_words: tuple[str, ...] = ()
    has_notes: bool = False

    @property
    def tokens(self) -> list[str]:
        """What the search index finds it by."""
        item, annotation = self.item, self.annotation
        labels = models.labels(item.project_id, item.status, item.source, item.facets)
        labels += ["_" + name for name in (*annotation.tags, annotation.assignee_id) if name]
        noted = ["_NOTED"] if self.has_notes else []
        return [*item.words, *self.note_words, *labels, *noted]


class Moved(NamedTuple):
    """What became of one item; None where it was not there, or is not there any more."""

    before: State | None
    after: State | None
    was: str
    became: str


def states(tx: Tx, account_id: str, placed: Sequence[tuple[Item, Shelf]]) -> list[State]:
    """Add to items what the team has added to them."""
    positions = [item.position for item, _ in placed]
    if not positions:
        return []
    annotations = annotation_store.of_items(tx, account_id, positions)
    words: dict[int, list[str]] = {}
    for note in annotation_store.notes_of(tx, account_id, positions):
        words.setdefault(note.position, []).extend(text.words(note.content))
    return [
        State(
            item,
            shelf,
            annotations.get(item.position, Annotation()),
            tuple(words.get(item.position, ())),
            item.position in words,
        )
        for item, shelf in placed
    ]
