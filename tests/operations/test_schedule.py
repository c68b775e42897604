"""Backups on a schedule: one of all processes makes them, and it is seen how they end."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniback.accounts import Role
from tests.house import House, running, until
from tests.operations.safe import restored
from tests.visitor import Member, member_of, owner

HOUR_MS = 3_600_000
SCHEDULED = (
    "SELECT ended_at, failure, path FROM backups WHERE reason = 'SCHEDULE' ORDER BY began_at"
)


@pytest.fixture(scope="module")
def scheduled(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """Two processes that make a backup an hour, and keep two."""
    environment = {"MINIBACK_BACKUP_EVERY_HOURS": "1", "MINIBACK_BACKUP_KEEP": "2"}
    with running(new_house(database, environment=environment, workers=2)) as house:
        yield house


@pytest.fixture(scope="module")
def bob(scheduled: House) -> Member:
    """The administrator of the server."""
    return owner(scheduled)


def let_pass(house: House, hours: int) -> None:
    """Make all that was done so much longer ago."""
    house.change(
        "UPDATE backups SET began_at = began_at - :ms, ended_at = ended_at - :ms,"
        " seen_at = seen_at - :ms",
        ms=hours * HOUR_MS,
    )


def ended(house: House, count: int) -> list[tuple[int | None, str, str]]:
    """Wait until so many scheduled backups have ended, and return them."""

    def found() -> list[tuple[int | None, str, str]]:
        rows = house.rows(SCHEDULED)
        return rows if len(rows) >= count and all(each[0] for each in rows) else []

    rows: list[tuple[int | None, str, str]] = until(found, f"{count} backups")
    return rows


def told(member: Member) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", member.get("/settings/system").text))


def test_backups_are_made_one_after_the_other_by_one_process(
    scheduled: House, bob: Member, new_house: Callable[..., House], database: str
) -> None:
    ended(scheduled, 1)
    for count in (2, 3):
        let_pass(scheduled, 1)
        rows = ended(scheduled, count)

    assert [(len(rows), {failure for _, failure, _ in rows})] == [(3, {""})]
    assert [Path(path).exists() for *_, path in rows] == [False, True, True]
    restored(new_house(database), Path(rows[-1][2]))
    assert "The last backup is good" in told(bob)


def test_one_that_fails_is_told_and_tried_again(scheduled: House, bob: Member) -> None:
    before = len(ended(scheduled, 1))
    folder = scheduled.folder / "backups"
    folder.rename(scheduled.folder / "elsewhere")
    folder.write_text("In the way")
    let_pass(scheduled, 1)

    *_, (_, failure, _) = ended(scheduled, before + 1)
    assert "could not be made" in failure
    assert "The last backup failed" in told(bob)
    assert "backup_failed" in scheduled.log

    folder.unlink()
    let_pass(scheduled, 1)
    assert ended(scheduled, before + 2)[-1][1] == ""
    assert "The last backup is good" in told(bob)


def test_old_ones_and_none_are_told(scheduled: House, bob: Member) -> None:
    ended(scheduled, 1)
    scheduled.change("DELETE FROM backups WHERE reason = 'COMMAND'")
    # A good one of long ago, and one that is being made since: the schedule waits for it.
    let_pass(scheduled, 24)
    scheduled.change(
        "INSERT INTO backups (id, reason, began_at, seen_at) SELECT 'backup_now', 'SCHEDULE',"
        " max(began_at) + :day, max(began_at) + 10 * :day FROM backups",
        day=24 * HOUR_MS,
    )
    assert "The last backup is older than it should be" in told(bob)

    scheduled.change("DELETE FROM backups WHERE id <> 'backup_now'")
    assert "No backup has been made yet" in told(bob)
    scheduled.change("DELETE FROM backups")


def test_the_page_is_for_the_administrator_alone(scheduled: House, bob: Member) -> None:
    other = member_of(scheduled, bob.account, Role.ADMIN)

    assert bob.get("/settings/system").status_code == 200
    assert other.get("/settings/system").status_code == 403
    assert 'href="/settings/system"' in bob.get("/settings/profile").text
    assert 'href="/settings/system"' not in other.get("/settings/profile").text
