"""Commands that change feedback by key: one item or many, named by ids or by what a list prints."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

from miniback.commands import exactly
from miniback.commands.calling import Url, calling, told
from miniback.commands.endings import REFUSED
from miniback.commands.filters import Status
from miniback.commands.showing import printable
from miniback_client import Client, NotFound
from miniback_client.calls import feedback

STDIN = "-"

app = typer.Typer()

Ids = Annotated[
    list[str],
    typer.Argument(
        metavar="ID", help="Items' ids; - reads them from standard input, first on each line."
    ),
]


NewStatus = Annotated[
    Status | None, typer.Option("--status", "-s", case_sensitive=False, help="The status.")
]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", "-t", help="Just this tag, or these; '' takes all off."),
]
AddedTags = Annotated[
    list[str] | None, typer.Option("--add-tag", help="This tag, too; repeatable.")
]
RemovedTags = Annotated[
    list[str] | None, typer.Option("--remove-tag", help="No longer this tag; repeatable.")
]
NewAssignee = Annotated[
    str | None,
    typer.Option("--assignee", help="Who sees to it, by id or address; '' for nobody."),
]


@dataclass(frozen=True)
class Change:
    """What is set on each item; None is left as it is."""

    status: Status | None
    tags: list[str] | None
    added: list[str]
    removed: list[str]
    assignee: str | None
    note: str

    @property
    def is_nothing(self) -> bool:
        """Whether nothing would change."""
        is_set = self.status or self.added or self.removed or self.note
        return not is_set and self.tags is None and self.assignee is None

    def carry_out(self, calls: Client, feedback_id: str) -> list[str]:
        """Change an item, the status last, and say what it has now."""
        said = []
        if self.tags is not None or self.added or self.removed:
            tags = calls.feedback.set_tags(feedback_id, self._tags(calls, feedback_id))
            said.append(f"tags {', '.join(tags)}" if tags else "no tags")
        if self.assignee is not None:
            person = calls.feedback.set_assignee(feedback_id, self.assignee or None)
            said.append(f"assignee {person.email}" if person else "no assignee")
        if self.note:
            calls.feedback.add_note(feedback_id, self.note)
            said.append("note added")
        if self.status:
            said.append(calls.feedback.set_status(feedback_id, self.status.value).status)
        return said

    def _tags(self, calls: Client, feedback_id: str) -> list[str]:
        had = calls.feedback.tags(feedback_id) if self.tags is None else self.tags
        wanted = dict.fromkeys([*had, *self.added])
        return [each for each in wanted if each and each not in self.removed]


@app.command(
    "set",
    epilog="miniback feedback set ID --status RESOLVED --note 'Fixed in 2.1'\n\n"
    "miniback feedback list --search checkout --ids | miniback feedback set - --add-tag shop",
)
def set_feedback(  # noqa: PLR0913, PLR0917 - the options of a command are its arguments
    ids: Ids,
    status: NewStatus = None,
    tag: Tags = None,
    add_tag: AddedTags = None,
    remove_tag: RemovedTags = None,
    assignee: NewAssignee = None,
    note: Annotated[
        str, typer.Option("--note", help="A note to add, for the team.", show_default=False)
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each item as the API answers it, a line each.")
    ] = False,
    url: Url = "",
) -> None:
    """Set status, tags or assignee of items, or add a note; what is not named stays.

    An item that is not there is named on stderr, the others are changed, and the exit code is 3.
    """
    change = Change(status, tag, add_tag or [], remove_tag or [], assignee, note)
    if change.is_nothing:
        raise typer.BadParameter("Say what to set: --status, --tag, --assignee, …; see --help")
    with calling(url) as calls:

        def carry_out(feedback_id: str) -> str:
            said = change.carry_out(calls, feedback_id)
            if as_json:
                return exactly.item(calls, feedback_id).json
            return f"{printable(feedback_id)}\t{printable('; '.join(said))}"

        _each(ids, carry_out)


@app.command(
    "delete",
    epilog="miniback feedback delete ID\n\n"
    "miniback feedback list --tag spam --ids | miniback feedback delete - --yes",
)
def delete_feedback(
    ids: Ids,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what the API answers, a line each.")
    ] = False,
    url: Url = "",
) -> None:
    """Delete items for good."""
    if not is_sure:
        confirm(f"Delete {len(ids)} items for good?", can_ask=STDIN not in ids)
    with calling(url) as calls:

        def carry_out(feedback_id: str) -> str:
            answer = exactly.one(calls, feedback.delete(feedback_id))
            return answer if as_json else printable(feedback_id)

        _each(ids, carry_out)


def confirm(question: str, *, can_ask: bool = True) -> None:
    """Go on if a person says so; where nobody can be asked, --yes must have been said."""
    if not can_ask or not sys.stdin.isatty():
        raise typer.BadParameter("Nobody can be asked here; say --yes")
    typer.confirm(question, abort=True, err=True)


def _each(ids: list[str], carry_out: Callable[[str], str]) -> None:
    """Do something for each item and print what is said of it, whichever are missing."""
    missing = 0
    for feedback_id in _given(ids):
        try:
            typer.echo(carry_out(feedback_id))
        except NotFound as error:
            typer.echo(f"{printable(feedback_id)}: {told(error)}", err=True)
            missing += 1
    if missing:
        raise typer.Exit(REFUSED)


def _given(ids: Iterable[str]) -> Iterator[str]:
    for each in ids:
        if each != STDIN:
            yield each
            continue
        for line in sys.stdin:
            yield from line.split(maxsplit=1)[:1]
