"""Backups and restores as an operator makes them, and what a database holds."""

import json
from pathlib import Path
from typing import Any

from miniback import clock, db, ids, plans
from tests.house import House


def filled(house: House) -> House:
    """Make the house's database, with one item in it; no server is needed for that."""
    house.folder.mkdir(exist_ok=True)
    db.migrate(db.engine_for(house.database_url))
    house.account(plans.PRO)
    add(house, "First")
    return house


def add(house: House, message: str) -> None:
    """Put an item into the database."""
    item_id = ids.new("feedback")
    house.change(
        "INSERT INTO feedback (account_id, position, id, project_id, shelf, status, source,"
        " document, created_at, updated_at) SELECT account_id, :position, :id, id, 'LIVE', 'NEW',"
        " 'API', :document, '', :now FROM projects",
        position=ids.position(item_id),
        id=item_id,
        document=json.dumps({"message": message})[:-1],
        now=clock.now(),
    )


def backed_up(house: House, *arguments: str) -> Path:
    """Make a backup beside whatever runs, and return where it lies."""
    done = house.run("backup", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["path"])


def restored(house: House, path: Path, *arguments: str) -> dict[str, Any]:
    """Bring a backup back, and return what the command told."""
    done = house.run("restore", str(path), "--json", *arguments)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def refused(house: House, path: Path, *arguments: str) -> str:
    """Try to bring a backup back in vain, and return why."""
    done = house.run("restore", str(path), *arguments)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def manifest_of(path: Path) -> Path:
    """Return the file beside a backup that tells of it."""
    return path.with_name(path.name + ".json")


def messages(house: House) -> list[str]:
    """Return what was said, as the database has it, in order."""
    rows = house.rows("SELECT document FROM feedback ORDER BY position")
    return [json.loads(document + "}")["message"] for (document,) in rows]


# As they were before migration 0014; the others that it made anew keep their names.
_FORMER_INDEXES = {"outbox_by_due": "outbox (due_at)", "imports_by_age": "imports (updated_at)"}
_LATER_INDEXES = (
    *("outbox_by_event", "outbox_by_account", "imports_by_state", "deliveries_that_arrived"),
    "attachments_that_wait_by_project",
)


def made_older(house: House) -> None:
    """Make a database one that the version before has left."""
    for table in ("backups", "heard", "high_water", "rollup_additions"):
        house.change("DROP TABLE " + table)
    for name, place in _FORMER_INDEXES.items():
        house.change(f"CREATE INDEX {name} ON {place}")
    for name in _LATER_INDEXES:
        house.change(f"DROP INDEX {name}")
    for table in ("api_keys", "sessions"):
        house.change(f"ALTER TABLE {table} DROP COLUMN mark")
    house.change("DELETE FROM migrations WHERE name >= '0013'")
