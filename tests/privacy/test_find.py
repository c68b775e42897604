"""One person is found by address, by id and by an id that was vouched for, wherever it lies."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniback import db
from tests.feedback.batch import new_project
from tests.house import House, until
from tests.inbox.acting import set_status
from tests.privacy.sent import ADA, IMAGE, NOTED, PEOPLE, TEXT, found, say, say_all, vouched
from tests.visitor import Member, owner, said

# As it was before there were submitters.
_BEFORE = ("DROP TABLE submitters", "DROP TABLE erasures", "DROP TABLE audit_log")
_WITHOUT_COLUMN = (
    "DROP INDEX projects_that_forget",
    "ALTER TABLE projects DROP COLUMN forgets_at",
    "DELETE FROM migrations WHERE name = '0010_duties.sql'",
)


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def test_a_person_is_found_by_address_on_every_shelf_and_in_the_bin(
    house: House, bob: Member
) -> None:
    items = say_all(bob)
    say(bob.account, email="eve@example.test")

    assert sorted(found(house, bob.account, "--email", ADA.upper())) == sorted(items.values())


@pytest.mark.parametrize(
    ("context", "user_id"),
    [
        ({"userId": "user-7"}, "user-7"),
        ({"user_id": " user-8 "}, "user-8"),
        ({"userId": 42}, "42"),
        ({"userId": "\u0000" + "x" * 3_000}, None),
        ({"userId": "é" * 300}, "é" * 300),
        ({"userId": 10**400}, None),
    ],
)
def test_a_person_is_found_by_the_id_that_came_along(
    house: House, bob: Member, context: dict[str, Any], user_id: str | None
) -> None:
    item = say(bob.account, **context)

    assert user_id is None or found(house, bob.account, "--user-id", user_id) == [item]


def test_ids_that_differ_in_case_are_two_people(house: House, bob: Member) -> None:
    say(bob.account, userId="user-A")

    assert found(house, bob.account, "--user-id", "user-a") == []


def test_a_person_is_found_by_an_id_that_was_vouched_for(house: House, bob: Member) -> None:
    item = vouched(bob, "user-7")

    assert found(house, bob.account, "--user-id", "user-7") == [item]
    sql = "SELECT subject FROM submitters WHERE account_id = :id ORDER BY subject"
    subjects = [each for (each,) in house.rows(sql, id=bob.account.id)]
    assert subjects == ["user:user-7", "verified:user-7"]


@pytest.mark.parametrize("context", [{}, {"email": None}, {"email": ["a@b.c"], "userId": {}}])
def test_an_item_that_tells_nothing_costs_nothing(
    house: House, bob: Member, context: dict[str, Any]
) -> None:
    say(bob.account, **context)

    assert house.rows("SELECT 1 FROM submitters WHERE account_id = :id", id=bob.account.id) == []


def test_items_that_came_before_are_found_too(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database).start()
    bob = owner(house)
    other = new_project(bob.account)["id"]
    items = [*say_all(bob).values(), vouched(bob, ADA)]
    bob.call("POST", f"/api/projects/{other}/feedback", json={"message": "One"})
    assert house.stop() == 0
    for statement in (*_BEFORE, *_WITHOUT_COLUMN):
        house.change(statement)

    db.migrate(db.engine_for(house.database_url))
    house.start()

    sql = "SELECT 1 FROM outbox WHERE event = 'submitters.missing'"
    until(lambda: not house.rows(sql), "older items to be entered")
    assert sorted(found(house, bob.account, "--email", ADA)) == sorted(items[:3])
    assert found(house, bob.account, "--user-id", ADA) == [items[3]]
    assert house.stop() == 0


def test_nobody_finds_what_is_anothers(house: House, bob: Member) -> None:
    say(owner(house).account, email=ADA)

    assert found(house, bob.account, "--email", ADA) == []
    assert "Nothing has come with this address" in said(bob.submit(PEOPLE, who=ADA))


def test_the_page_counts_by_project_and_leads_to_the_items(house: House, bob: Member) -> None:
    items = say_all(bob)

    page = bob.submit(PEOPLE, who=ADA.lower())

    assert "3 items" in said(page)
    assert "My Website 3" in said(page)
    assert f'href="/inbox/{items["spam"]}"' in page.text
    assert f'href="/inbox/{items["gone"]}"' not in page.text


def test_whoever_is_looked_for_stands_in_no_address_and_no_log(house: House, bob: Member) -> None:
    say(bob.account, email="secret-ada@example.test")
    page = bob.submit(PEOPLE, who="secret-ada@example.test")

    assert page.status_code == 200
    assert "?" not in str(page.url)
    assert "secret-ada" not in house.log


@pytest.mark.parametrize("who", ["", "  ", "x" * 321])
def test_a_search_for_nobody_is_422(bob: Member, who: str) -> None:
    assert bob.submit(PEOPLE, who=who).status_code == 422


def read(content: bytes) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The items and the other files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        items = json.loads(file.read("feedback.json"))["feedback"]
        return items, {name: file.read(name) for name in file.namelist()[1:]}


def test_the_file_has_items_context_history_and_images_but_no_notes(bob: Member) -> None:
    items = say_all(bob)

    answer = bob.submit(f"{PEOPLE}/export", "/settings/appearance", who=ADA)

    assert answer.headers["content-type"] == "application/zip"
    told, images = read(answer.content)
    assert {each["id"]: each["shelf"] for each in told} == {
        items["seen"]: "LIVE",
        items["spam"]: "SPAM",
        items["gone"]: "BIN",
    }
    seen = next(each for each in told if each["id"] == items["seen"])
    assert (seen["message"], seen["context"]) == (TEXT, {"email": ADA, "page": TEXT})
    assert [(each["from"], each["to"]) for each in seen["history"]] == [("NEW", "REVIEWED")]
    assert {name: images[name] for name in seen["attachments"]} == images
    assert list(images.values()) == [IMAGE]
    assert NOTED.encode() not in answer.content
    assert "3 items of a person handed out" in said(bob.get(PEOPLE))


def test_the_command_writes_the_same_file_and_no_other(
    house: House, bob: Member, tmp_path: Path
) -> None:
    items = [say(bob.account, userId="user-7") for _ in range(45)]
    set_status(bob.account, items[0], "RESOLVED")
    output = tmp_path / "ada.zip"
    arguments = ["--account", bob.account.id, "--user-id", "user-7", "--output", str(output)]

    done, again = (house.run("submitter", "export", *arguments) for _ in range(2))

    assert (done.returncode, again.returncode) == (0, 2)
    assert "cannot be written" in again.stderr
    told, _ = read(output.read_bytes())
    assert [each["id"] for each in told] == items[::-1]


@pytest.mark.parametrize("whom", [[], ["--email", "a@b.c", "--user-id", "7"]])
def test_a_command_wants_one_of_address_and_id(house: House, bob: Member, whom: list[str]) -> None:
    done = house.run("submitter", "find", "--account", bob.account.id, *whom)

    assert (done.returncode, "--email or --user-id" in done.stderr) == (2, True)
