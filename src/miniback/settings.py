"""Every setting, read once from MINIBACK_* variables; docs/settings.md explains each."""

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from miniback.errors import Misconfigured

PREFIX = "MINIBACK_"
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


class Settings(msgspec.Struct, frozen=True):
    """What an operator may change.

    `plans` is JSON that reshapes the plan table: `{"FREE": {"calls": 1000}}`; see plans/models.py.
    """

    data_dir: Path = Path("data")
    database_url: str = ""
    base_url: str = ""
    default_plan: str = "FREE"
    plans: str = ""
    api_key_in_query: bool = True
    log_level: str = "info"

    @property
    def database(self) -> str:
        """The database's URL; without one it is SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'miniback.db'}"


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings, raising Misconfigured with a sentence that names the wrong variable."""
    given = {
        name: _checked(name, value)
        for name in _CHECKS
        if (value := _value(environment, PREFIX + name.upper()))
    }
    return msgspec.convert(given, Settings)


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Return the MINIBACK_* variables that no setting answers to, misspelt ones most likely."""
    known = {PREFIX + name.upper() for name in _CHECKS}
    known |= {name + "_FILE" for name in known}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _value(environment: Mapping[str, str], name: str) -> str:
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
    if is_file or value.startswith(("postgresql://", "postgres://")):
        return value
    raise ValueError(
        "must be sqlite:///relative/path, sqlite:////absolute/path or a postgresql:// address"
    )


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or parts.query or parts.fragment:
        raise ValueError("must be an address such as https://feedback.example.com")
    return value.rstrip("/")


def _level(value: str) -> str:
    if value.lower() in ("debug", "info", "warning", "error"):
        return value.lower()
    raise ValueError("must be debug, info, warning or error")


_CHECKS: dict[str, Callable[[str], object]] = {
    "data_dir": Path,
    "database_url": _database,
    "base_url": _address,
    "default_plan": _text,
    "plans": _text,
    "api_key_in_query": _switch,
    "log_level": _level,
}
