"""Every setting, read once from MINIBACK_* variables; docs/settings.md explains each."""

import ipaddress
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from miniback.errors import Misconfigured

PREFIX = "MINIBACK_"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_YES = ("1", "true", "yes", "on")
_HIGHEST_COUNT = 100_000
_SHORTEST_SECRET = 16
_NO = ("0", "false", "no", "off")
# By these the commands for people with a key find a server and what it sends; see docs/cli.md.
_OF_CALLERS = ("url", "api_key", "webhook_secret")


class Settings(msgspec.Struct, frozen=True):
    """What an operator may change.

    `replica_url`: a replica of the database, on PostgreSQL, for what only shows.
    `plans` is JSON that reshapes the plan table: `{"FREE": {"calls": 1000}}`; see plans/models.py.
    `registration`: whether strangers may open accounts. `billing` is off or manual. With
    `allow_private_targets` webhooks may go to private addresses and over plain http. `deliveries`:
    whether this server sends what is to be told, or leaves it to `miniback worker`. `insights`:
    whether they are computed, for plans that have them. `visitor_limit` and
    `project_limit`: how much feedback is taken at the public door in 15 minutes, from one visitor
    and for one project; 0 for no limit. `import_limit_mb`: how large a file may be
    that is uploaded. `metrics_token`: who brings it may read /metrics. `connection_limit`: how many
    clients a process serves at the same time. `drain_s`: how long a server that is told to end
    still takes requests, while it says already that it is not ready. `security_contact`: an address
    that security.txt gives out. `backup_every_hours`: how often a backup is
    made, 0 for never; `backup_keep` of them stay.
    """

    data_dir: Path = Path("data")
    database_url: str = ""
    replica_url: str = ""
    base_url: str = ""
    default_plan: str = "FREE"
    plans: str = ""
    api_key_in_query: bool = True
    registration: bool = False
    billing: str = "off"
    smtp_url: str = ""
    mail_from: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    allow_private_targets: bool = False
    deliveries: bool = True
    insights: bool = True
    visitor_limit: int = 10
    project_limit: int = 1_000
    import_limit_mb: int = 512
    backup_every_hours: int = 0
    backup_dir: Path | None = None
    backup_keep: int = 7
    backup_before_migration: bool = True
    language: str = "en"
    log_level: str = "info"
    access_log: bool = False
    metrics_token: str = ""
    connection_limit: int = 1_000
    drain_s: int = 0
    security_contact: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether people reach this server by https alone."""
        return self.base_url.lower().startswith("https:")

    @property
    def database(self) -> str:
        """The database's URL; without one it is SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'miniback.db'}"

    @property
    def backup_folder(self) -> Path:
        """Where backups lie."""
        return self.backup_dir or self.data_dir / "backups"


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings, raising Misconfigured with a sentence that names the wrong variable."""
    given = {
        name: _checked(name, text)
        for name in _CHECKS
        if (text := variable(environment, PREFIX + name.upper()))
    }
    if given.get("smtp_url") and not given.get("mail_from"):
        raise Misconfigured(f"{PREFIX}MAIL_FROM must name the address that mail comes from")
    if given.get("replica_url") and not _is_server(str(given.get("database_url", ""))):
        raise Misconfigured(
            f"{PREFIX}REPLICA_URL names a replica of a PostgreSQL database, which"
            f" {PREFIX}DATABASE_URL does not name; set both, or neither"
        )
    return Settings(**given)  # type: ignore[arg-type]


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Return the MINIBACK_* variables that no setting answers to, misspelt ones most likely."""
    known = {PREFIX + name.upper() for name in (*_CHECKS, *_OF_CALLERS)}
    known |= {name + "_FILE" for name in known}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def variable(environment: Mapping[str, str], name: str) -> str:
    """Return a variable's value, or the contents of the file that NAME_FILE points to."""
    value = environment.get(name, "").strip()
    path = environment.get(name + "_FILE", "").strip()
    if value and path:
        raise Misconfigured(f"{name} and {name}_FILE are both set; keep one of them")
    if not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{name}_FILE cannot be read: {error}") from error


def _checked(name: str, value: str) -> object:
    try:
        return _CHECKS[name](value)
    except ValueError as error:
        raise Misconfigured(f"{PREFIX}{name.upper()} {error}") from error


def _text(value: str) -> str:
    return value


def _switch(value: str) -> bool:
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise ValueError("must be on or off")


def _database(value: str) -> str:
    is_file = value.startswith("sqlite:///") and not value.endswith("/")
    if is_file or _is_server(value):
        return value
    raise ValueError(
        "must be sqlite:///relative/path, sqlite:////absolute/path or a postgresql:// address"
    )


def _replica(value: str) -> str:
    if _is_server(value):
        return value
    raise ValueError("must be a postgresql:// address")


def _is_server(value: str) -> bool:
    return value.startswith(("postgresql://", "postgres://"))


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://feedback.example.com")
    return value.rstrip("/")


def _mail_server(value: str) -> str:
    try:
        parts = urlsplit(value)
        if parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0:
            return value
    except ValueError:
        pass
    raise ValueError("must be an address such as smtp://user:password@mail.example.com:587")


def _sender(value: str) -> str:
    if "@" in parseaddr(value)[1] and "\n" not in value:
        return value
    raise ValueError("must be an address such as Miniback <feedback@example.com>")


def _networks(value: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(each.strip()) for each in value.split(",") if each.strip())


def _count(value: str) -> int:
    if value.isascii() and value.isdigit() and int(value) <= _HIGHEST_COUNT:
        return int(value)
    raise ValueError(f"must be a whole number from 0 to {_HIGHEST_COUNT}")


def _contact(value: str) -> str:
    if value.startswith(("mailto:", "https://")) and value.isascii() and value.isprintable():
        return value
    raise ValueError("must be an address such as mailto:security@example.com or https://…")


def _count_from_one(value: str) -> int:
    count = _count(value)
    if not count:
        raise ValueError(f"must be a whole number from 1 to {_HIGHEST_COUNT}")
    return count


def _long_secret(value: str) -> str:
    if len(value) >= _SHORTEST_SECRET:
        return value
    raise ValueError(f"must have {_SHORTEST_SECRET} characters or more, of a random generator")


def _one_of(*allowed: str) -> Callable[[str], str]:
    def checked(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError(f"must be {', '.join(allowed[:-1])} or {allowed[-1]}")
        return value.lower()

    return checked


_CHECKS: dict[str, Callable[[str], object]] = {
    "data_dir": Path,
    "database_url": _database,
    "replica_url": _replica,
    "base_url": _address,
    "default_plan": _text,
    "plans": _text,
    "api_key_in_query": _switch,
    "registration": _switch,
    "billing": _one_of("off", "manual"),
    "smtp_url": _mail_server,
    "mail_from": _sender,
    "trusted_proxies": _networks,
    "allow_private_targets": _switch,
    "deliveries": _switch,
    "insights": _switch,
    "visitor_limit": _count,
    "project_limit": _count,
    "import_limit_mb": _count,
    "backup_every_hours": _count,
    "backup_dir": Path,
    "backup_keep": _count,
    "backup_before_migration": _switch,
    # xx writes every text of ours so that one that is missing from the catalogue is seen.
    "language": _one_of("en", "xx"),
    "log_level": _one_of("debug", "info", "warning", "error"),
    "access_log": _switch,
    "metrics_token": _long_secret,
    "connection_limit": _count_from_one,
    "drain_s": _count,
    "security_contact": _contact,
}
