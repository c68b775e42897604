"""Every setting: its type, what it is where nobody sets it, and what it means.

docs/settings.md and .env.example are written from here (tables.py), so a meaning is Markdown, with
links as that page has them.
"""

import ipaddress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Told(msgspec.Struct, frozen=True):
    """What people are told of a setting.

    `unset` says what goes without it, where its default does not; `example` is a value for those
    that have no default.
    """

    meaning: str
    unset: str = ""
    example: str = ""


class Settings(msgspec.Struct, frozen=True):
    """What an operator may change."""

    data_dir: Annotated[
        Path,
        Told(
            "The folder for everything that is kept on disk. Made where it is missing, "
            "readable by its owner alone.",
        ),
    ] = Path("data")
    database_url: Annotated[
        str,
        Told(
            "`sqlite:///relative/path.db`, `sqlite:////absolute/path.db`, or any "
            "`postgresql://` (or `postgres://`) address that libpq understands, a socket's "
            "`?host=` too.",
            unset="SQLite in the data folder",
            example="postgresql://miniback:password@localhost/miniback",
        ),
    ] = ""
    replica_url: Annotated[
        str,
        Told(
            "A streaming replica of that PostgreSQL database, for what only shows: "
            "`postgresql://…`. See [several "
            "nodes](operations.md#several-nodes-and-a-replica).",
            example="postgresql://miniback:password@replica/miniback",
        ),
    ] = ""
    base_url: Annotated[
        str,
        Told(
            "The address under which people see this server, such as "
            "`https://feedback.example.com`, or `https://example.com/feedback` where it "
            "stands [below a path](proxies.md#below-a-path). Pages from there may always "
            "post to a project.",
            unset="where `serve` listens",
            example="https://feedback.example.com",
        ),
    ] = ""
    default_plan: Annotated[
        str,
        Told(
            "The plan that new accounts start on.",
        ),
    ] = "FREE"
    plans: Annotated[
        str,
        Told(
            "Changes to [the plans](#plans), as JSON.",
            example='{"FREE": {"items": 1000}}',
        ),
    ] = ""
    api_key_in_query: Annotated[
        bool,
        Told(
            "Whether a key may travel as `?api_key=`. Turn it off where nothing needs it: "
            "addresses end up in logs and histories.",
        ),
    ] = True
    registration: Annotated[
        bool,
        Told(
            "Whether strangers may open accounts of their own at `/signup`, by a link that "
            "is mailed to them.",
        ),
    ] = False
    billing: Annotated[
        str,
        Told(
            "`off` tells no prices anywhere: plans are profiles of limits. `manual` tells "
            "them; the administrator changes plans in both.",
        ),
    ] = "off"
    smtp_url: Annotated[
        str,
        Told(
            "The mail server: `smtp://user:password@mail.example.com:587` (with STARTTLS, "
            "which the server must offer unless it is this very machine) or "
            "`smtps://…:465`. Without one nothing is mailed, and links for lost passwords, "
            "and those that confirm addresses, stand in the server's log.",
            example="smtp://user:password@mail.example.com:587",
        ),
    ] = ""
    mail_from: Annotated[
        str,
        Told(
            "Whom mail comes from: `Miniback <feedback@example.com>`. Needed with a mail server.",
            example="Miniback <feedback@example.com>",
        ),
    ] = ""
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Told(
            "Addresses and networks, with commas between, whose `X-Forwarded-For` is "
            "believed: `127.0.0.1, 10.0.0.0/8`. Name your proxy here, or everybody shares "
            "one limit of tries to sign in.",
            example="127.0.0.1",
        ),
    ] = ()
    allow_private_targets: Annotated[
        bool,
        Told(
            "Whether webhooks and chats may be at private addresses, on any port and over "
            "plain http: for an intranet whose people all trust each other.",
        ),
    ] = False
    deliveries: Annotated[
        bool,
        Told(
            "Whether `serve` itself sends webhooks, mails and messages to chats. Where it "
            "is off, `miniback worker` does, as many of them as you like on PostgreSQL.",
        ),
    ] = True
    insights: Annotated[
        bool,
        Told(
            "Whether insights are computed, for accounts whose plan has them: what repeats "
            "and what rises, on this machine alone.",
        ),
    ] = True
    visitor_limit: Annotated[
        int,
        Told(
            "How much feedback one visitor may send to a project without a key, in 15 "
            "minutes; `0` for no limit. A project can set its own. Visitors are told apart "
            "by address, so name your proxy above.",
        ),
    ] = 10
    project_limit: Annotated[
        int,
        Told(
            "How much all visitors together may send to one project without a key, in 15 "
            "minutes; `0` for no limit.",
        ),
    ] = 1_000
    import_limit_mb: Annotated[
        int,
        Told(
            "How large a file may be that is uploaded to be imported, in MB; `0` for no "
            "uploads. `miniback import` has no limit.",
        ),
    ] = 512
    backup_every_hours: Annotated[
        int,
        Told(
            "How often the server makes a backup by itself, in hours; `0` for never. See "
            "[backup.md](backup.md).",
        ),
    ] = 0
    backup_dir: Annotated[
        Path | None,
        Told(
            "The folder for backups. Best on another disk.",
            unset="`backups` in the data folder",
            example="/var/backups/miniback",
        ),
    ] = None
    backup_keep: Annotated[
        int,
        Told(
            "How many backups of the schedule stay; `0` for all.",
        ),
    ] = 7
    backup_before_migration: Annotated[
        bool,
        Told(
            "Whether a backup is made before a new version changes the database. Turn it "
            "off where the database is large and you make backups of your own.",
        ),
    ] = True
    language: Annotated[
        str,
        Told(
            "`en`, or `xx`, which accents each text of the dashboard, for finding those "
            "that cannot be translated.",
        ),
    ] = "en"
    log_level: Annotated[
        str,
        Told(
            "`debug`, `info`, `warning` or `error`. The same trouble is told once a second "
            "at the most; `repeated` says how often it has come up since.",
        ),
    ] = "info"
    access_log: Annotated[
        bool,
        Told(
            "Whether each answer is a line of the log: method, path, status, milliseconds "
            "and the request's id, never the query.",
        ),
    ] = False
    metrics_token: Annotated[
        str,
        Told(
            "Opens [`/metrics`](operations.md) to whoever brings it as a bearer token; 16 "
            "random characters or more.",
        ),
    ] = ""
    connection_limit: Annotated[
        int,
        Told(
            "How many clients a process serves at the same time; one more is answered 503. "
            "Open pages and live inboxes count, too.",
        ),
    ] = 1_000
    drain_s: Annotated[
        int,
        Told(
            "How many seconds a server that is told to end still takes requests, while "
            "`/readyz` answers 503 already: as long as your balancer takes to notice.",
        ),
    ] = 0
    security_contact: Annotated[
        str,
        Told(
            "Whom to tell of a hole in this server: `mailto:security@example.com` or an "
            "`https://` address. `/.well-known/security.txt` gives it out.",
            example="mailto:security@example.com",
        ),
    ] = ""

    @property
    def is_secure(self) -> bool:
        """Whether people reach this server by https alone."""
        return self.base_url.lower().startswith("https:")

    @property
    def root(self) -> str:
        """The path below which people reach this server, '' where it has a host of its own."""
        return urlsplit(self.base_url).path

    @property
    def database(self) -> str:
        """The database's URL; without one it is SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'miniback.db'}"

    @property
    def backup_folder(self) -> Path:
        """Where backups lie."""
        return self.backup_dir or self.data_dir / "backups"
