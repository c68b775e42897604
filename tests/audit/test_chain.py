"""What is recorded stays as it was: the database refuses, and verifying notices."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from miniback import audit
from miniback.audit import BY_ITSELF, Action
from miniback.db import Tx
from tests.audit.logs import log_of, unguard, verified
from tests.house import Account, House

COUNT = 8
PUT_IN = (
    "INSERT INTO audit_log SELECT account_id, 9, id, action, way, user_id, project_id,"
    " details, hash FROM audit_log WHERE number = 2"
)
# What somebody does to a log of 8 entries, and the first that is wrong then.
SPOILED: dict[str, tuple[list[str], int]] = {
    "an action": (["UPDATE audit_log SET action = 'key.revoked' WHERE number = 4"], 4),
    "a person": (["UPDATE audit_log SET user_id = 'user_1' WHERE number = 4"], 4),
    "a way": (["UPDATE audit_log SET way = 'CLI' WHERE number = 4"], 4),
    "a key": (["UPDATE audit_log SET project_id = 'proj_1' WHERE number = 4"], 4),
    "a time": (["UPDATE audit_log SET id = 'audit_000000000000000000000000' WHERE number = 4"], 4),
    "details": (['UPDATE audit_log SET details = \'{"format":"x"}\' WHERE number = 4'], 4),
    "a blank": (["UPDATE audit_log SET details = details || ' ' WHERE number = 4"], 4),
    "a hash": (["UPDATE audit_log SET hash = '0' WHERE number = 4"], 4),
    "the last hash": (["UPDATE audit_log SET hash = '0' WHERE number = 8"], 8),
    "one deleted": (["DELETE FROM audit_log WHERE number = 4"], 4),
    "the first deleted": (["DELETE FROM audit_log WHERE number = 1"], 1),
    "two exchanged": (
        [
            "UPDATE audit_log SET number = -1 WHERE number = 3",
            "UPDATE audit_log SET number = 3 WHERE number = 5",
            "UPDATE audit_log SET number = 5 WHERE number = -1",
        ],
        3,
    ),
    "a tail cut off": (["DELETE FROM audit_log WHERE number > 6"], 7),
    "one put behind": ([PUT_IN], 9),
    "the end forgotten": (["DELETE FROM audit_heads"], 9),
    "the entries forgotten": (["DELETE FROM audit_log"], 1),
    "all forgotten": (["DELETE FROM audit_heads", "DELETE FROM audit_log"], 1),
    "another end": (["UPDATE audit_heads SET hash = '0'"], 8),
}


class Spoiled(NamedTuple):
    """A database whose logs somebody has changed, one each way, and what verifying says."""

    house: House
    accounts: dict[str, str]
    before: dict[str, Any]
    code: int
    wrong: dict[str, int]


def filled(house: House) -> str:
    """An account with 8 entries; returns its id."""
    account: Account = house.account()
    done = len(log_of(house, account.id))

    def fill(tx: Tx) -> None:
        for number in range(COUNT - done):
            audit.record(tx, account.id, Action.LOG_EXPORTED, BY_ITSELF, {"format": str(number)})

    house.tx(fill)
    return account.id


def spoil(house: House, account_id: str, *statements: str) -> None:
    def change(tx: Tx) -> None:
        for each in statements:
            glue = " AND" if " WHERE" in each else " WHERE"
            assert tx.run(f"{each}{glue} account_id = :id", id=account_id) >= 1

    house.tx(change)


@pytest.fixture(scope="module")
def spoiled(database: str, new_house: Callable[..., House]) -> Spoiled:
    """Verified once before and once after, since a command takes its time to start."""
    house = new_house(database)
    assert house.run("migrate").returncode == 0
    unguard(house, database)
    accounts = {how: filled(house) for how in SPOILED}
    _, before = verified(house)
    for how, account_id in accounts.items():
        spoil(house, account_id, *SPOILED[how][0])
    # One that nobody has touched.
    accounts[""] = filled(house)
    code, found = verified(house)
    wrong = {each["account"]: each["entry"] for each in found["wrong"]}
    return Spoiled(house, accounts, before, code, wrong)


def test_what_nobody_has_changed_is_as_it_was_recorded(spoiled: Spoiled) -> None:
    count = len(SPOILED)

    assert spoiled.before == {"accounts": count, "entries": count * COUNT, "wrong": []}
    assert spoiled.accounts[""] not in spoiled.wrong


@pytest.mark.parametrize("how", SPOILED)
def test_the_first_entry_that_is_wrong_is_named(spoiled: Spoiled, how: str) -> None:
    assert spoiled.code == 1
    assert spoiled.wrong[spoiled.accounts[how]] == SPOILED[how][1]


def test_a_person_is_told_which_entry_is_wrong(spoiled: Spoiled) -> None:
    account_id = spoiled.accounts["a tail cut off"]

    told = spoiled.house.run("audit", "verify", "--account", account_id)

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f"Account {account_id}: entry 7 is missing, and all after it up to 8\n"


def test_a_log_that_was_written_anew_is_found_by_an_end_that_was_kept_outside(
    spoiled: Spoiled,
) -> None:
    house = spoiled.house
    account_id = filled(house)
    lines = house.run("audit", "export", "--account", account_id).stdout.splitlines()
    head = json.loads(lines[-1])["head"]
    kept = f"{head['number']}:{head['hash']}"
    assert verified(house, "--account", account_id, "--head", kept)[0] == 0

    spoil(house, account_id, "DELETE FROM audit_log", "DELETE FROM audit_heads")
    house.tx(audit.record, account_id, Action.LOG_EXPORTED, BY_ITSELF, {})

    assert verified(house, "--account", account_id) == (
        0,
        {"accounts": 1, "entries": 1, "wrong": []},
    )
    code, found = verified(house, "--account", account_id, "--head", kept)
    assert (code, found["wrong"][0]["entry"]) == (1, head["number"])


REFUSED = [
    "UPDATE audit_log SET action = 'x' WHERE account_id = :id",
    "UPDATE audit_log SET details = details WHERE account_id = :id",
    "DELETE FROM audit_log WHERE account_id = :id",
    "DELETE FROM audit_heads WHERE account_id = :id",
    "UPDATE audit_heads SET number = 1 WHERE account_id = :id",
    "UPDATE audit_heads SET hash = 'x' WHERE account_id = :id",
]


ONLY = {
    "sqlite": [
        "INSERT OR REPLACE INTO audit_log SELECT account_id, number, id, 'x', way, user_id,"
        " project_id, details, hash FROM audit_log WHERE account_id = :id",
    ],
    "postgres": ["TRUNCATE audit_log", "TRUNCATE audit_heads"],
}


def test_the_database_refuses_to_change_what_is_recorded(
    house: House, database: str, bob: Account
) -> None:
    before = log_of(house, bob.id)

    for statement in (*REFUSED, *ONLY[database]):
        values = {"id": bob.id} if ":id" in statement else {}
        with pytest.raises(Exception, match=r"The audit log is only added to|retry"):
            house.change(statement, **values)

    assert log_of(house, bob.id) == before


def test_the_documented_way_to_compute_the_hashes_is_right(
    house: House, bob: Account, tmp_path: Path
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "audit-log.md").read_text()
    (program,) = re.findall("```python\n(.*?)```", page, re.DOTALL)
    bob.put(f"/api/projects/{bob.project_id}", json={"name": 'Größe "x" \\ </b> \u2028 🐟'})
    exported = house.run("audit", "export", "--account", bob.id).stdout
    spoiled = exported.replace("project.changed", "project.created", 1)

    codes = []
    for text in (exported, spoiled):
        (tmp_path / "log.jsonl").write_text(text, encoding="utf-8", newline="\n")
        computed = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False)
        codes.append(computed.returncode)

    assert codes == [0, 1]
    assert "Größe" in exported
