"""Backups beside a running server, and what comes back of them (fault F15)."""

import json
import os
import random
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from miniback import db, ids, plans
from tests.faults import load
from tests.house import Account, House, awaited, running
from tests.operations.safe import (
    add,
    backed_up,
    filled,
    made_older,
    manifest_of,
    messages,
    refused,
    restored,
)

CYCLES = 100 if os.environ.get("MINIBACK_SOAK") else 3
POSTS = 600
CONNECTIONS = 30


@pytest.mark.parametrize("cycle", range(CYCLES))
def test_what_was_answered_before_a_backup_began_comes_back(
    house: House, new_house: Callable[..., House], database: str, cycle: int
) -> None:
    account, chance = house.account(plans.PRO), random.Random(cycle)
    before, beside = load.posts(chance.randrange(50, POSTS)), load.posts(POSTS)
    awaited(load.send(house, account, before, CONNECTIONS))
    with ThreadPoolExecutor(1) as thread:
        sending = thread.submit(awaited, load.send(house, account, beside, CONNECTIONS))
        path = backed_up(house, "--to", f"{house.folder}/beside/", "--keep", "2")
        sending.result()

    other = new_house(database)
    restored(other, path)

    there = set(load.stored(other, account))
    assert {post.status for post in [*before, *beside]} == {201}
    assert {(post.marker, post.item_id) for post in before} <= there
    assert there <= {(post.marker, post.item_id) for post in [*before, *beside]}
    figures = load.figures(other, account)
    assert figures == dict.fromkeys(figures, len(there))


def test_a_server_goes_on_with_what_was_restored(
    house: House, new_house: Callable[..., House], database: str
) -> None:
    bob = house.account(plans.PRO)
    item = bob.say("Kept well")
    path = backed_up(house)

    with running(new_house(database)) as other:
        other.stop()
        restored(other, path, "--replace-newer")
        other.start()
        there = Account(**{**vars(bob), "client": other.client})

        assert there.get(f"/api/feedback/{item['id']}").json()["data"]["message"] == "Kept well"
        assert there.say("And on")["message"] == "And on"
        assert [each["id"] for each in there.get("/api/feedback?search=kept").json()["data"]] == [
            item["id"]
        ]


def test_a_backup_is_readable_by_its_owner_alone(house: House) -> None:
    old_mask = os.umask(0)
    try:
        path = backed_up(house, "--to", f"{house.folder}/private/")
    finally:
        os.umask(old_mask)

    made = [path.parent, path, manifest_of(path)]
    assert [each for each in made if stat.S_IMODE(each.stat().st_mode) & 0o077] == []
    assert sorted(path.parent.iterdir()) == sorted(made[1:])


def test_only_so_many_are_kept(house: House) -> None:
    folder = f"{house.folder}/few/"
    paths = [backed_up(house, "--to", folder, "--keep", "2") for _ in range(4)]

    kept = [*paths[2:], *map(manifest_of, paths[2:])]
    assert sorted(Path(folder).iterdir()) == sorted(kept)


def test_a_file_that_is_there_is_never_written_over(house: House, tmp_path: Path) -> None:
    path = backed_up(house, "--to", f"{tmp_path}/own.copy")

    done = house.run("backup", "--to", str(path))

    assert (done.returncode, path.name) == (3, "own.copy")
    assert "is there already" in done.stderr


def test_two_backups_at_once_do_not_meet(house: House, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: house.run("backup", "--to", f"{tmp_path}/"), range(3)))

    assert {each.returncode for each in done} <= {0, 3}
    good = [each for each in done if each.returncode == 0]
    assert good
    assert len(list(tmp_path.iterdir())) == 2 * len(good)


@pytest.fixture
def other(database: str, new_house: Callable[..., House]) -> House:
    """A house with something in it, and nobody serving it."""
    return filled(new_house(database))


def test_a_backup_is_refused_while_a_server_serves(house: House) -> None:
    told = refused(house, backed_up(house), "--replace-newer")

    assert "Another server already serves" in told or "connections to the database are open" in told


def test_a_backup_is_refused_while_another_program_has_the_database(other: House) -> None:
    path = backed_up(other)
    session = db.engine_for(other.database_url).connect(writes=False)
    session.one("SELECT count(*) FROM feedback")
    try:
        told = refused(other, path)
    finally:
        session.close()

    assert "Another program has" in told or "connections to the database are open" in told
    assert messages(other) == ["First"]


def test_restores_within_a_second_each_keep_what_they_replace(other: House) -> None:
    path = backed_up(other)

    kept = [restored(other, path, "--replace-newer")["kept"] for _ in range(4)]

    assert len(set(kept)) == 4


def test_newer_data_is_replaced_only_where_that_is_said(other: House) -> None:
    path = backed_up(other)
    add(other, "Second")

    told = refused(other, path)
    assert "newer than this backup" in told
    assert messages(other) == ["First", "Second"]
    kept = restored(other, path, "--replace-newer")["kept"]

    assert messages(other) == ["First"]
    assert "before" in kept
    if "schema" in kept:
        kept = kept.removeprefix("the schema ")
        assert other.row(f"SELECT count(*) FROM {kept}.feedback") == (2,)
    else:
        old = House(other.folder, f"sqlite:///{kept}")
        assert messages(old) == ["First", "Second"]


def test_a_change_of_an_item_is_newer_too(other: House) -> None:
    path = backed_up(other)
    assert "kept" in restored(other, path)

    other.change(
        "INSERT INTO changes (account_id, id, position, project_id, kind, was, became, user_id,"
        " way, act) SELECT account_id, :id, position, project_id, 'STATUS', 'NEW', 'RESOLVED', '',"
        " 'API', '' FROM feedback",
        id=ids.new("change"),
    )

    assert "newer than this backup" in refused(other, path)


@pytest.mark.parametrize("place", ["middle", "short"])
def test_a_damaged_backup_is_refused(other: House, place: str) -> None:
    path = backed_up(other)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40 if place == "middle" else 0
    path.write_bytes(content if place == "middle" else content[:5_000])

    assert "is damaged" in refused(other, path)
    assert messages(other) == ["First"]


def test_a_backup_without_its_manifest_is_refused(other: House) -> None:
    path = backed_up(other)
    manifest_of(path).unlink()

    assert "belongs to the backup" in refused(other, path)
    assert "no backup at" in refused(other, path.with_name("nothing.db"))


def test_a_backup_of_a_newer_version_is_refused(other: House) -> None:
    path = backed_up(other)
    manifest = json.loads(manifest_of(path).read_text())
    manifest["migrations"].append("9999_flying.sql")
    manifest_of(path).write_text(json.dumps(manifest))

    assert "newer version of Miniback" in refused(other, path)


def test_a_backup_of_the_other_kind_is_refused(
    other: House, new_house: Callable[..., House], database: str
) -> None:
    stranger = new_house({"sqlite": "postgres", "postgres": "sqlite"}[database])

    assert "miniback export archive" in refused(stranger, backed_up(other))


def test_an_older_backup_is_brought_up_to_this_version(
    other: House, new_house: Callable[..., House], database: str
) -> None:
    made_older(other)
    path = backed_up(other)
    assert "0013_backups.sql" not in json.loads(manifest_of(path).read_text())["migrations"]

    fresh = new_house(database)
    restored(fresh, path)

    assert messages(fresh) == ["First"]
    assert fresh.row("SELECT number FROM high_water") == (0,)


def test_a_database_that_is_not_there_has_no_backup(tmp_path: Path) -> None:
    done = House(tmp_path, f"sqlite:///{tmp_path}/none.db").run("backup")

    assert done.returncode == 78
    assert list(tmp_path.iterdir()) == []
