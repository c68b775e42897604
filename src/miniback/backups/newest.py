"""How new the data of a database is, so that a restore never goes back unasked."""

from collections.abc import Mapping

from miniback import clock, ids
from miniback.db import Contents, Tx

# What every change that somebody would miss leaves behind, by the table that it is seen in.
_SIGNALS = {
    "feedback": "SELECT max(position) FROM feedback",
    "changes": "SELECT max(id) FROM changes",
    "notes": "SELECT max(id) FROM notes",
    "accounts": "SELECT max(id) FROM accounts",
    "users": "SELECT max(id) FROM users",
    "projects": "SELECT max(updated_at) FROM projects",
}


def newest(tx: Tx, contents: Contents) -> dict[str, int]:
    """Return the newest position of each kind of data; a table of a later version is left out."""
    found = {}
    for table, sql in _SIGNALS.items():
        if table in contents.rows:
            row = tx.one(sql)
            found[table] = _position(row[0] if row else None)
    return found


def told_newer(there: Mapping[str, int], backup: Mapping[str, int]) -> str:
    """Say what is newer in a database than in a backup, '' where nothing is."""
    newer = [name for name, position in there.items() if position > backup.get(name, 0)]
    if not newer:
        return ""
    last = max(ids.position_time(there[name]) for name in newer)
    return f"{', '.join(newer)} changed last at {clock.iso(last)}"


def _position(value: object) -> int:
    """Bring ids and times to one measure: positions, which sort by time."""
    if isinstance(value, str):
        return ids.position(value)
    number = value if isinstance(value, int) else 0
    is_time = number < 1 << 48
    return ids.lowest_position(number) if is_time else number
