"""Reading the settings, once, from MINIBACK_* variables or the files that they name."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from miniback.errors import Misconfigured
from miniback.settings.models import Network, Settings

PREFIX = "MINIBACK_"
_YES = ("1", "true", "yes", "on")
_HIGHEST_COUNT = 100_000
_SHORTEST_SECRET = 16
_NO = ("0", "false", "no", "off")
# By these the commands for people with a key find a server and what it sends; see docs/cli.md.
_OF_CALLERS = ("url", "api_key", "webhook_secret")
# A path that stands in pages, cookies and headers as it is.
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")


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
    bare = value.rstrip("/")
    if not is_address or not _PATH.fullmatch(urlsplit(bare).path) or "?" in value or "#" in value:
        raise ValueError(
            "must be an address such as https://feedback.example.com or"
            " https://example.com/feedback"
        )
    return bare


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
