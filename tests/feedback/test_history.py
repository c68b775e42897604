"""What was done to an item: its timeline tells what, when, who and by what (ux.md FD4)."""

import html
import re

import pytest

from miniback.accounts import Role
from tests.house import Account, House
from tests.inbox.acting import act, assign, note, set_status, tag, undo
from tests.visitor import Member, member_of, owner_of


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


def timeline(member: Member, item_id: str) -> list[str]:
    """What the timeline of an item says, line by line without the times."""
    page = member.get(f"/inbox/{item_id}")
    assert page.status_code == 200, page.text
    lines = page.text.split('<ol class="timeline">')[1].split("</ol>")[0].split("</li>")[:-1]
    bare = [re.sub(r"<time.*?</time>|<svg.*?</svg>", "", line) for line in lines]
    assert all("<time" in line for line in lines)
    return [" ".join(html.unescape(re.sub("<[^>]+>", " ", each)).split()) for each in bare]


def test_a_new_item_was_received_and_nothing_else(bob: Account, bea: Member) -> None:
    assert timeline(bea, bob.say()["id"]) == ["Received API"]


def test_a_change_of_status_tells_who_and_by_what(house: House, bob: Account, bea: Member) -> None:
    item, ada = bob.say()["id"], member_of(house, bob, Role.MEMBER)

    set_status(bob, item, "REVIEWED")
    ada.call("PUT", f"/api/feedback/{item}", json={"status": "RESOLVED"})
    act(ada, "NEW", item)

    assert timeline(bea, item) == [
        f"Status: New {ada.email} on a page",
        f"Status: Resolved {ada.email} by the API",
        "Status: Reviewed by the API",
        "Received API",
    ]


def test_setting_the_same_status_is_no_change(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    set_status(bob, item, "NEW")
    act(bea, "NEW", item)

    assert timeline(bea, item) == ["Received API"]


def test_everything_that_a_team_does_is_told_the_newest_first(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    tag(bob, item, "bug")
    tag(bob, item)
    assign(bob, item, bob.email)
    note_id = note(bob, item, "Ask Ada")
    bob.delete(f"/api/feedback/{item}/notes/{note_id}")
    undo(bea, act(bea, "DELETE", item))
    undo(bea, act(bea, "SPAM", item))

    told = [line.removesuffix(f" {bob.email} on a page") for line in timeline(bea, item)]
    assert [line.removesuffix(" by the API") for line in told] == [
        *("Taken out of spam", "Marked as spam", "Brought back", "Deleted", "Note deleted"),
        *("Note added", f"Assigned: {bob.email}", "Tag taken off: bug", "Tagged: bug"),
        "Received API",
    ]


def test_an_undo_is_told_as_the_change_that_it_is(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    undo(bea, act(bea, "RESOLVED", item))

    assert timeline(bea, item)[:2] == [
        f"Status: New {bob.email} on a page",
        f"Status: Resolved {bob.email} on a page",
    ]


def test_the_timeline_of_an_item_tells_of_no_other(bob: Account, bea: Member) -> None:
    item, other = bob.say()["id"], bob.say()["id"]
    act(bea, "RESOLVED", other)

    assert timeline(bea, item) == ["Received API"]


def test_whoever_has_left_is_told_of_without_a_name(
    house: House, bob: Account, bea: Member
) -> None:
    item, ada = bob.say()["id"], member_of(house, bob, Role.MEMBER)
    act(ada, "RESOLVED", item)

    house.change(
        "DELETE FROM members WHERE user_id = (SELECT id FROM users WHERE email = :email)",
        email=ada.email,
    )

    assert timeline(bea, item)[0] == "Status: Resolved on a page"


def test_deleting_for_good_keeps_nothing_but_that_it_is_gone(house: House, bob: Account) -> None:
    item = bob.say()["id"]
    set_status(bob, item, "RESOLVED")
    tag(bob, item, "bug")

    bob.delete(f"/api/feedback/{item}")

    sql = "SELECT kind, way FROM changes WHERE account_id = :id"
    assert house.rows(sql, id=bob.id) == [("DELETE", "API")]


def test_a_release_is_told_as_done_by_itself(house: House, bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    set_status(bob, item, "RESOLVED")
    house.change(
        "UPDATE changes SET kind = 'RELEASE', way = 'SYSTEM' WHERE account_id = :id", id=bob.id
    )

    assert timeline(bea, item)[0] == "Released from the limit by itself"
