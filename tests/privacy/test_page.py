"""The page of one person's data: what it shows, hands out, asks and remembers."""

import re

import pytest

from tests.audit.logs import log_of
from tests.house import House
from tests.privacy.sent import (
    ADA,
    IMAGE,
    NOTED,
    PEOPLE,
    TEXT,
    erase,
    found,
    read,
    say,
    say_all,
)
from tests.visitor import Member, owner, said

# What is asked here does not depend on the database.
DATABASES = ("sqlite",)


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def test_a_form_sent_twice_erases_once_and_is_logged_once(house: House, bob: Member) -> None:
    say(bob.account, email=ADA)
    erase(bob, ADA, once="the very same form")
    later = say(bob.account, email=ADA)

    erase(bob, ADA, once="the very same form")

    assert found(house, bob.account, ADA) == [later]
    sql = "SELECT count(*) FROM audit_log WHERE account_id = :id AND action = 'person.erased'"
    assert house.row(sql, id=bob.account.id) == (1,)


def test_the_log_knows_a_person_by_a_mark_alone(house: House, bob: Member) -> None:
    for _ in range(2):
        say(bob.account, email=ADA)
        erase(bob, ADA)
    say(bob.account, userId="user-7")
    erase(bob, "user-7")

    entries = [each.details for each in log_of(house, bob.account.id)]
    entries = [each for each in entries if "person" in each]
    first, second, third = (each.pop("person") for each in entries)
    assert (first == second, first == third) == (True, False)
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert entries == [{"items": 1}] * 3
    page = said(bob.get(PEOPLE))
    assert page.count("1 item of a person erased") == 3


def test_nothing_is_erased_until_the_person_is_typed(house: House, bob: Member) -> None:
    item = say(bob.account, email=ADA)

    asked = erase(bob, ADA, sure="")
    mistyped = erase(bob, ADA, typed="ada@example.com")

    assert "Erase 1 item with its images" in said(asked)
    assert mistyped.status_code == 422
    assert found(house, bob.account, ADA) == [item]


@pytest.mark.parametrize("who", ["", "  ", "x" * 321])
def test_a_search_for_nobody_is_422(bob: Member, who: str) -> None:
    assert bob.submit(PEOPLE, who=who).status_code == 422


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
    assert (seen["message"], seen["context"]["page"]) == (TEXT, TEXT)
    assert [(each["from"], each["to"]) for each in seen["history"]] == [("NEW", "REVIEWED")]
    assert {name: images[name] for name in seen["attachments"]} == images
    assert list(images.values()) == [IMAGE]
    assert NOTED.encode() not in answer.content
    assert "3 items of a person handed out" in said(bob.get(PEOPLE))


def test_a_long_log_is_paged(house: House, bob: Member) -> None:
    for _ in range(51):
        bob.submit(f"{PEOPLE}/export", "/settings/appearance", who=ADA)

    page = bob.get(PEOPLE)

    (older,) = re.findall(rf'href="({PEOPLE}[?]before=[^"]+)"', page.text)
    assert said(page).count("handed out") == 50
    assert said(bob.get(older)).count("handed out") == 1
