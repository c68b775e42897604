"""Commands about webhooks for people with a key: set them up, try them, and receive them here."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from miniback import settings
from miniback.commands import exactly, webhook_receiver
from miniback.commands.calling import Url, calling, complete_project
from miniback.commands.feedback_changes import confirm
from miniback.commands.showing import Column, moment, printable, say_list, say_rows
from miniback.errors import Misconfigured
from miniback_client.calls import webhooks

SECRET = "MINIBACK_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable
PORT = 4040
COLUMNS = (
    Column("id"),
    Column("status"),
    Column("told last"),
    Column("events"),
    Column("address", is_long=True),
)
DELIVERIES = (
    Column("id"),
    Column("at"),
    Column("event"),
    Column("status"),
    Column("tries"),
    Column("answer", is_long=True),
)

app = typer.Typer()
webhook_app = typer.Typer(
    help="Webhooks, with an API key (MINIBACK_URL, MINIBACK_API_KEY).", no_args_is_help=True
)
app.add_typer(webhook_app, name="webhooks")

AsJson = Annotated[bool, typer.Option("--json", help="Print what the API answers, as JSON.")]
AsList = Annotated[bool, typer.Option("--json", help="Print a JSON list of what the API answers.")]
WebhookId = Annotated[str, typer.Argument(metavar="ID", help="The webhook's id.")]


class Event(StrEnum):
    """What a webhook may be told of."""

    CREATED = "feedback.created"
    UPDATED = "feedback.updated"


@webhook_app.command("list", epilog="miniback webhooks list")
def list_webhooks(as_json: AsList = False, url: Url = "") -> None:
    """List the account's webhooks, the oldest first."""
    with calling(url) as calls:
        if as_json:
            say_list(exactly.several(calls, webhooks.all_webhooks()))
            return
        found = calls.webhooks.list()
    say_rows(
        COLUMNS,
        (
            (each.id, each.status, moment(each.last_delivered_at), ", ".join(each.events), each.url)
            for each in found
        ),
    )


@webhook_app.command(
    "create",
    epilog="miniback webhooks create https://example.com/hook --event feedback.created",
)
def create_webhook(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where to send to.")],
    event: Annotated[
        list[Event] | None, typer.Option("--event", help="Of what to tell; repeatable. Of all.")
    ] = None,
    project: Annotated[
        list[str] | None,
        typer.Option(
            "--project",
            "-p",
            help="Of this project's feedback, by id; repeatable. Of all projects'.",
            autocompletion=complete_project,
        ),
    ] = None,
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Add a webhook, and print its id and its secret, this once."""
    events = [each.value for each in event or Event]
    call = webhooks.create(address, events, projects=project or [])  # type: ignore[arg-type]  # Event is just these
    with calling(url) as calls:
        if as_json:
            typer.echo(exactly.one(calls, call))
            return
        made = calls.carrier.carry_out(call)
    typer.echo(f"Webhook   {printable(made.id)}\nSecret    {printable(made.secret)}")
    typer.echo("The secret is shown this once; keep it in a safe place.", err=True)


@webhook_app.command("delete", epilog="miniback webhooks delete ID")
def delete_webhook(
    webhook_id: WebhookId,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
    url: Url = "",
) -> None:
    """Delete a webhook; what waits for it is forgotten."""
    if not is_sure:
        confirm(f"Delete webhook {printable(webhook_id)}?")
    with calling(url) as calls:
        answer = exactly.one(calls, webhooks.delete(webhook_id))
    typer.echo(answer if as_json else printable(webhook_id))


@webhook_app.command("test", epilog="miniback webhooks test ID\n\nminiback webhooks deliveries ID")
def send_test(webhook_id: WebhookId, as_json: AsJson = False, url: Url = "") -> None:
    """Have the server send a test, and print the id of its delivery."""
    with calling(url) as calls:
        if as_json:
            typer.echo(exactly.one(calls, webhooks.test(webhook_id)))
            return
        delivery = calls.webhooks.test(webhook_id)
    typer.echo(f"{printable(delivery.id)}\t{printable(delivery.status)}")


@webhook_app.command("deliveries", epilog="miniback webhooks deliveries ID --limit 5")
def list_deliveries(
    webhook_id: WebhookId,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="So many.")] = 20,
    as_json: AsList = False,
    url: Url = "",
) -> None:
    """List what a webhook was told, the newest first, and what it answered last."""
    call = webhooks.deliveries(webhook_id, limit=limit)
    with calling(url) as calls:
        if as_json:
            say_list(exactly.several(calls, call))
            return
        found = calls.carrier.carry_out(call)
    rows = []
    for each in found:
        last = each.attempts[-1] if each.attempts else None
        answer = f"{last.status or ''} {last.answer}".strip() if last else ""
        tries = str(len(each.attempts))
        rows.append((each.id, moment(each.created_at), each.event, each.status, tries, answer))
    say_rows(DELIVERIES, rows)


@webhook_app.command(
    "listen",
    epilog="miniback webhooks create http://127.0.0.1:4040 --event feedback.created\n\n"
    f"{SECRET}_FILE=secret.txt miniback webhooks listen\n\n"
    "miniback webhooks listen --forward-to http://127.0.0.1:3000/hook",
)
def listen(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes any free port.")
    ] = PORT,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    forward_to: Annotated[
        str, typer.Option("--forward-to", help="Where to hand them on.", show_default=False)
    ] = "",
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print each as JSON: its id, what was answered, its body."),
    ] = False,
) -> None:
    """Receive webhooks here, verify their signatures and print them, until Ctrl-C.

    MINIBACK_WEBHOOK_SECRET (or MINIBACK_WEBHOOK_SECRET_FILE) is the webhook's secret. The server
    must be able to reach this machine; a private address must be allowed by its operator.
    """
    secret = settings.variable(os.environ, SECRET)
    if not secret:
        raise Misconfigured(
            f"Set {SECRET}, or {SECRET}_FILE to a file that holds it: the secret that"
            " miniback webhooks create has shown"
        )
    webhook_receiver.receive(host, port, secret, forward_to, as_json=as_json)
