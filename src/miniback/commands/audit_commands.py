"""Commands about the audit log: prove that nobody has changed it, and write it to a file."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from typing import Annotated, Any, BinaryIO, NamedTuple

import typer

from miniback import accounts, audit, db, logbook
from miniback.audit import BY_COMMAND, START, Fault, Head, Walked
from miniback.commands.endings import FAILED, fail
from miniback.commands.options import AsJson, chosen_settings, migrated, say_json
from miniback.db import Database, Engine, Tx

_PORTION = 500
STDOUT = "-"


class Verified(NamedTuple):
    """How many entries of an account are as they were recorded, and the first that is not."""

    account_id: str
    entries: int
    fault: Fault | None


app = typer.Typer()
audit_app = typer.Typer(help="Prove and export the audit log.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")


@audit_app.command("verify")
def verify(
    account: Annotated[
        str,
        typer.Option("--account", help="An account's id or its owner's address; all without it."),
    ] = "",
    head: Annotated[
        str, typer.Option(help="NUMBER:HASH of an end that was kept outside; with --account.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Walk along every account's chain, beside a running server; exit code 1 where one is broken.

    Named is the first entry of each log that is not as it was recorded.
    """
    if head and not account:
        raise typer.BadParameter("--head belongs to one account; name it with --account")
    found = asyncio.run(_verified(migrated(chosen_settings()), account, _kept(head)))
    count, entries, wrong = len(found), sum(each.entries for each in found), _wrong(found)
    if as_json:
        say_json({"accounts": count, "entries": entries, "wrong": wrong})
    elif not wrong:
        typer.echo(f"All is as it was recorded: {entries} entries of {count} accounts")
    if wrong:
        named = [
            f"Account {each['account']}: entry {each['entry']} {each['problem']}" for each in wrong
        ]
        fail("\n".join(named), FAILED)


@audit_app.command("export")
def export(
    account: Annotated[
        str, typer.Option("--account", help="The account's id or its owner's address.")
    ],
    output: Annotated[
        str, typer.Option(help="The file to write; it must not exist. - is the standard output.")
    ] = STDOUT,
) -> None:
    """Write an account's audit log as JSON, a line an entry; the last line tells its end.

    Keep that line outside: with it, audit verify --head notices even a log that was written anew.
    """
    engine = migrated(chosen_settings())
    account_id = db.run(engine, _noted, account)
    try:
        if output == STDOUT:
            asyncio.run(_write(engine, account_id, sys.stdout.buffer))
            sys.stdout.buffer.flush()
        else:
            with open(output, "xb") as file:  # noqa: PTH123 - as a shell would name it
                asyncio.run(_write(engine, account_id, file))
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}", FAILED)


def _kept(text: str) -> Head | None:
    if not text:
        return None
    number, colon, entry_hash = text.partition(":")
    if not (colon and number.isascii() and number.isdigit() and len(number) < len(str(2**53))):
        raise typer.BadParameter("--head is written NUMBER:HASH")
    return Head(int(number), entry_hash.strip())


def _wrong(found: list[Verified]) -> list[dict[str, Any]]:
    return [
        {"account": each.account_id, "entry": each.fault.number, "problem": each.fault.problem}
        for each in found
        if each.fault
    ]


async def _verified(engine: Engine, account: str, kept: Head | None) -> list[Verified]:
    """Verify the account that is named, or one after the other."""
    database = Database(engine)
    found = []
    try:
        if account:
            account_id: str | None = (await database.read(accounts.named, account)).id
        else:
            account_id = await database.read(accounts.following, "")
        while account_id:
            found.append(await _walked(database, account_id, kept))
            account_id = "" if account else await database.read(accounts.following, account_id)
        return found
    finally:
        database.close()


async def _walked(database: Database, account_id: str, kept: Head | None) -> Verified:
    """Walk along a chain in portions, each in a snapshot of its own: what follows is only added."""
    walked = Walked(START, None, False)
    while not walked.is_over:
        walked = await database.read(audit.walk, account_id, walked.reached, _PORTION)
    fault = walked.fault or await database.read(_against, account_id, kept)
    return Verified(account_id, walked.reached.number, fault)


def _against(tx: Tx, account_id: str, kept: Head | None) -> Fault | None:
    """Compare with an end that was kept outside; a log that was written anew does not have it."""
    if kept is None or kept == START:
        return None
    found = audit.after(tx, account_id, kept.number - 1, 1)
    if found and found[0].number == kept.number and found[0].hash == kept.hash:
        return None
    return Fault(kept.number, "is not the one that was kept outside")


def _noted(tx: Tx, name: str) -> str:
    account_id = accounts.named(tx, name).id
    logbook.note_export(tx, account_id, "jsonl", BY_COMMAND)
    return account_id


async def _write(engine: Engine, account_id: str, sink: BinaryIO) -> None:
    async for line in _lines(engine, account_id):
        sink.write(line)


async def _lines(engine: Engine, account_id: str) -> AsyncGenerator[bytes, None]:
    """Give the log up to where it ends now, and that end."""
    database = Database(engine)
    try:
        head = await database.read(audit.head, account_id) or START
        number = 0
        while number < head.number:
            entries = await database.read(audit.after, account_id, number, _PORTION)
            if not entries:
                break
            for each in entries:
                if each.number <= head.number:
                    yield logbook.json_line(each)
            number = entries[-1].number
        yield logbook.head_line(account_id, head)
    finally:
        database.close()
