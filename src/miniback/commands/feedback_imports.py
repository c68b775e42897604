"""The command that sends feedback from a file by key, each item once however often it is run."""

import csv
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import msgspec
import typer

from miniback.commands import feedback_lines
from miniback.commands.calling import (
    ToProject,
    Url,
    calling,
    code_of,
    project_id,
    told,
)
from miniback.commands.endings import REFUSED, fail
from miniback.commands.feedback_lines import Keys, Kind, Line
from miniback.commands.showing import Bar, bar, printable
from miniback_client import Client, Invalid, MinibackError, TooLarge
from miniback_client.call import Answer, Call
from miniback_client.calls import feedback

STDIN = "-"
KINDS = {".jsonl": Kind.JSONL, ".ndjson": Kind.JSONL, ".json": Kind.JSON, ".csv": Kind.CSV}
# A server that restarts meanwhile is waited for.
PATIENCE_S = 60.0
_REPLAYED = "idempotent-replayed"
_PROBLEMS_KEPT = 1_000

app = typer.Typer()

KindOfFile = Annotated[
    Kind | None, typer.Option("--format", "-f", help="The kind of file; else by its name.")
]


@dataclass
class Outcome:
    """How far it has come; `shown` shows it."""

    shown: Bar
    found: int = 0
    stored: int = 0
    known: int = 0
    bad: int = 0
    problems: list[dict[str, str | int]] = field(default_factory=list)
    ended: MinibackError | None = None

    def refuse(self, line: int, problem: str) -> None:
        """Tell of a line that is not taken."""
        self.bad += 1
        self.shown.say(f"Line {line}: {printable(problem)}")
        if len(self.problems) < _PROBLEMS_KEPT:
            self.problems.append({"line": line, "problem": problem})


@app.command(
    "import",
    epilog="miniback feedback import feedback.csv --project shop --dry-run\n\n"
    "miniback feedback import feedback.jsonl --project shop\n\n"
    "other-tool | miniback feedback import - --format jsonl --project shop",
)
def import_feedback(
    file: Annotated[str, typer.Argument(help="The file to send; - is the standard input.")],
    project: ToProject,
    kind: KindOfFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only read the file and say what is wrong with it.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the outcome as one JSON object.")
    ] = False,
    url: Url = "",
) -> None:
    """Send feedback from a file, as new items: one API call and one feedback item each.

    Run again within 24 hours, it stores nothing twice and goes on where it ended. Lines that are
    not taken are named on stderr, and the exit code is 3. What items get from the server (id,
    status, times, tags) is not sent: to bring that, whoever runs it uses "miniback import".
    """
    chosen = kind or _by_name(file)
    with _opened(file) as opened, bar("Import") as shown:
        outcome = Outcome(shown)
        lines = _read(opened, chosen, outcome)
        if dry_run:
            for _ in lines:
                pass
        else:
            with calling(url, PATIENCE_S) as calls:
                _send_all(calls, project, lines, outcome)
    _say(outcome, as_json=as_json, is_dry=dry_run)
    if outcome.ended:
        fail(told(outcome.ended), code_of(outcome.ended))
    if outcome.bad:
        raise typer.Exit(REFUSED)


def _by_name(file: str) -> Kind:
    kind = KINDS.get(Path(file).suffix.lower())
    if kind is None:
        raise typer.BadParameter(f"Say with --format what kind of file {file} is")
    return kind


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == STDIN:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from error


def _read(file: BinaryIO, kind: Kind, outcome: Outcome) -> Iterator[Line]:
    """Give the lines that may be sent, and tell of the others."""
    number = 0
    try:
        for line in feedback_lines.read(file, kind):
            number = line.number
            outcome.shown.advance()
            if line.problem:
                outcome.refuse(number, line.problem)
            else:
                outcome.found += 1
                yield line
    except (ValueError, csv.Error, RecursionError) as error:
        outcome.refuse(number + 1, f"from here on the file cannot be read: {error}")


def _send_all(calls: Client, project: str, lines: Iterator[Line], outcome: Outcome) -> None:
    keys = Keys(project_id(calls, project))
    for line in lines:
        if not _send(calls, keys, line, outcome):
            return


def _send(calls: Client, keys: Keys, line: Line, outcome: Outcome) -> bool:
    """Send an item; False where no other would get through either."""
    call: Call[Any] = feedback.submit(
        keys.project_id, line.message, context=line.context, idempotency_key=keys.key(line)
    )
    try:
        is_known: bool = calls.carrier.carry_out(replace(call, read=_is_replay))
    except (Invalid, TooLarge) as error:
        outcome.refuse(line.number, told(error))
    except ValueError as error:  # half a character, or no number
        outcome.refuse(line.number, f"it cannot be sent as JSON: {error}")
    except MinibackError as error:
        outcome.ended = error
        return False
    else:
        outcome.known += is_known
        outcome.stored += not is_known
    return True


def _is_replay(answer: Answer) -> bool:
    return _REPLAYED in answer.headers


def _say(outcome: Outcome, *, as_json: bool, is_dry: bool) -> None:
    if as_json:
        counts = {"found": outcome.found, "stored": outcome.stored, "alreadyThere": outcome.known}
        more = {"bad": outcome.bad, "problems": outcome.problems, "dryRun": is_dry}
        typer.echo(msgspec.json.encode({**counts, **more}).decode())
        return
    if is_dry:
        typer.echo(f"{outcome.found} can be sent")
    else:
        typer.echo(f"{outcome.stored} stored, {outcome.known} were there already")
    if outcome.bad:
        typer.echo(f"{outcome.bad} could not be taken")
