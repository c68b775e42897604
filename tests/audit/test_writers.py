"""Many at once, in several processes, leave one chain; and old entries come into it."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from miniback import audit, db, projects
from miniback.audit import Actor, Way
from miniback.db import Tx
from tests.audit.logs import log_of, verified
from tests.house import House, running, until

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
ACTS = 1_000 if IS_SOAK else 60
# The chain began with migration 12; this is how the log was before.
BEFORE = (
    "DROP TABLE audit_log",
    "DROP TABLE audit_heads",
    "ALTER TABLE earlier_audit_log RENAME TO audit_log",
    "DELETE FROM migrations WHERE name LIKE '0012%'",
)
EARLIER = (
    "INSERT INTO audit_log (account_id, id, action, user_id, way, details) VALUES"
    " (:account_id, :id, 'retention.applied', '', 'SYSTEM', :details)"
)


def test_many_acts_in_two_processes_leave_one_chain(house: House) -> None:
    busy, other = house.account(), house.account()
    by = Actor(Way.CLI)

    def rename(number: int) -> bool:
        """Do something by the server, or in this process, which writes by itself."""
        who, name = (busy if number % 5 else other), f"Name {number}"
        if number % 2:
            return who.put(f"/api/projects/{who.project_id}", json={"name": name}).is_success
        house.tx(projects.decide, who.id, who.project_id, {"visitorLimit": number + 1}, by)
        return True

    with ThreadPoolExecutor(12) as threads:
        outcomes = list(threads.map(rename, range(ACTS)))

    logs = [log_of(house, each.id) for each in (busy, other)]
    changed = [entry for log in logs for entry in log if entry.action == "project.changed"]
    assert len(changed) == outcomes.count(True) >= ACTS * 0.9
    assert {entry.way for entry in changed} == {"API", "CLI"}
    for account, log in zip((busy, other), logs, strict=True):
        assert [entry.number for entry in log] == list(range(1, len(log) + 1))
        walked = house.tx(audit.walk, account.id, audit.START, len(log) + 1)
        assert (walked.reached.number, walked.fault) == (len(log), None)


def test_what_is_older_than_the_chain_comes_into_it(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database)
    assert house.run("migrate").returncode == 0
    busy, quiet = house.account(), house.account()

    def go_back(tx: Tx) -> None:
        for statement in BEFORE:
            tx.run(statement)
        for account in (busy, quiet):
            for number in (2, 1):
                entry_id = f"audit_0000000000000000000000{number:02}"
                tx.run(EARLIER, account_id=account.id, id=entry_id, details=f'{{"items":{number}}}')

    house.tx(go_back)
    db.migrate(db.engine_for(house.database_url))
    # Whoever is the first to do something brings them in; for the others a worker does.
    assert house.run("key", "create", "--project", busy.project_id).returncode == 0

    with running(house):
        until(lambda: len(log_of(house, quiet.id)) == 2, "the worker")
        log = log_of(house, busy.id)

    assert [(each.number, each.details.get("items")) for each in log] == [(1, 1), (2, 2), (3, None)]
    assert verified(house) == (0, {"accounts": 2, "entries": 5, "wrong": []})
