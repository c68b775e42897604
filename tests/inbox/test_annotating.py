"""Tags and assignees for many at once, by the form below the list (IN6)."""

import html
import re

import pytest

from miniback.accounts import Role
from tests.feedback.batch import fill
from tests.house import Account, House
from tests.inbox.acting import (
    act,
    assign,
    assignee_of,
    checked,
    field_on,
    figures_are_right,
    listed,
    send,
    tag,
    tags_of,
    undo,
    user_id,
)
from tests.visitor import Member, member_of, owner_of, said

MANY = 130


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


@pytest.fixture
def max_(house: House, bob: Account) -> Member:
    """A colleague of hers."""
    return member_of(house, bob, Role.MEMBER)


def told_after(member: Member, **fields: str) -> str:
    """Send the form below the list as a browser without script does; return what is told then."""
    answer = send(member, "/inbox/act", **fields)
    assert answer.status_code == 303, answer.text
    return said(member.get(answer.headers["location"]))


def take_back(member: Member, **fields: str) -> None:
    """Send the form, and the one in the message that it is answered with."""
    answer = send(member, "/inbox/act", **fields)
    page = member.get(answer.headers["location"]).text
    path = re.search(r'action="(/inbox/undo/[^"]+)"', page)
    assert path, page
    assert send(member, html.unescape(path[1])).status_code == 303


def test_in6_items_that_are_checked_get_the_tag_that_is_filled_in(
    house: House, bob: Account, bea: Member
) -> None:
    first, second, other = [bob.say()["id"] for _ in range(3)]

    told = told_after(bea, action="TAG", tag=" Late  bug ", **checked(first, second))

    assert "2 items tagged" in told
    assert [tags_of(bob, each) for each in (first, second, other)] == [*[["Late bug"]] * 2, []]
    figures_are_right(house, bob)


def test_in6_the_tag_that_is_filled_in_is_taken_off(
    house: House, bob: Account, bea: Member
) -> None:
    first, second = [bob.say()["id"] for _ in range(2)]
    tag(bob, first, "bug", "kept")

    told = told_after(bea, action="UNTAG", tag="BUG", **checked(first, second))

    assert "A tag taken off 1 item" in told
    assert tags_of(bob, first) == ["kept"]
    figures_are_right(house, bob)


def test_a_tag_that_there_is_not_is_taken_off_nothing_and_not_made(
    bob: Account, bea: Member
) -> None:
    item = bob.say()["id"]
    tag(bob, item, "kept")

    assert "A tag taken off 0 items" in told_after(bea, action="UNTAG", tag="none", **checked(item))
    assert act(bea, "UNTAG:none", all="1")["done"] == 0

    assert tags_of(bob, item) == ["kept"]
    assert [each["name"] for each in bob.get("/api/tags").json()["data"]] == ["kept"]


def test_in6_items_are_assigned_to_whom_is_chosen_and_to_nobody(
    house: House, bob: Account, bea: Member, max_: Member
) -> None:
    items = [bob.say()["id"] for _ in range(2)]
    chosen = user_id(house, max_.email)

    assert "2 items assigned" in told_after(
        bea, action="ASSIGN", assignee=chosen, **checked(*items)
    )
    assert [assignee_of(bob, each) for each in items] == [max_.email] * 2
    assert "1 item is nobody's now" in told_after(
        bea, action="ASSIGN", assignee="", **checked(items[0])
    )

    assert [assignee_of(bob, each) for each in items] == ["", max_.email]
    figures_are_right(house, bob)


@pytest.mark.parametrize("action", ["TAG", "UNTAG", "ASSIGN"])
def test_in6_what_the_form_has_done_is_taken_back(
    house: House, bob: Account, bea: Member, max_: Member, action: str
) -> None:
    first, second = [bob.say()["id"] for _ in range(2)]
    tag(bob, first, "bug")
    assign(bob, first, bob.email)
    fields = {"tag": "bug", "assignee": user_id(house, max_.email)}

    take_back(bea, action=action, **fields, **checked(first, second))

    assert [tags_of(bob, each) for each in (first, second)] == [["bug"], []]
    assert [assignee_of(bob, each) for each in (first, second)] == [bob.email, ""]
    figures_are_right(house, bob)


@pytest.mark.parametrize("action", ["TAG", "ASSIGN"])
def test_in6_all_that_match_are_tagged_or_assigned_and_taken_back(
    house: House, bob: Account, bea: Member, action: str
) -> None:
    ids = fill(house, bob, [("apple", "pear")[number % 2] for number in range(MANY)])
    page, label = bea.get("/inbox?search=apple"), {"TAG": "tag=ripe", "ASSIGN": "assignee=me"}
    fields = {"tag": "ripe", "assignee": user_id(house, bob.email), "all": "1"}
    later = bob.say("apple")["id"]
    kept = {name: field_on(page, name) for name in ("query", "newest")}

    done = act(bea, action, **fields, **kept)

    wanted = ids[::2][::-1]
    assert done["done"] == len(wanted)
    found = bea.get(f"/inbox/export.csv?{label[action]}").text
    assert re.findall("feedback_[a-z0-9]+", found) == wanted
    assert later not in found
    assert undo(bea, done)["done"] == len(wanted)
    assert "feedback_" not in bea.get(f"/inbox/export.csv?{label[action]}").text
    figures_are_right(house, bob)


@pytest.mark.parametrize("name", ["", "  ", "a,b", "x" * 41])
@pytest.mark.parametrize("action", ["TAG", "UNTAG"])
def test_a_tag_that_cannot_be_is_refused(bob: Account, bea: Member, action: str, name: str) -> None:
    item = bob.say()["id"]

    answer = send(bea, "/inbox/act", action=action, tag=name, **checked(item))

    assert answer.status_code == 400
    assert tags_of(bob, item) == []


def test_nobody_of_another_account_is_assigned_to(
    house: House, bob: Account, bea: Member, mallory: Account
) -> None:
    item = bob.say()["id"]
    stranger = user_id(house, mallory.email)

    answer = send(bea, "/inbox/act", action="ASSIGN", assignee=stranger, **checked(item))

    assert (answer.status_code, assignee_of(bob, item)) == (400, "")


def test_the_form_offers_the_accounts_own_tags_and_people(
    house: House, bob: Account, bea: Member, max_: Member, mallory: Account
) -> None:
    tag(bob, bob.say()["id"], "bug")
    tag(mallory, mallory.say()["id"], "mallory's")

    form = bea.get("/inbox").text.split('<form id="act"')[1].split("</form>")[0]

    assert re.findall(r"<datalist.*?</datalist>", form) == [
        '<datalist id="known-tags"><option value="bug"></option></datalist>'
    ]
    people = re.findall(r'<option value="(user_[^"]+)"', form)
    assert people == [user_id(house, each) for each in (bea.email, max_.email)]


def test_what_is_in_quarantine_is_neither_tagged_nor_assigned(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    act(bea, "SPAM", item)

    form = bea.get("/inbox?shelf=SPAM").text.split('<form id="act"')[1]

    assert 'value="TAG"' not in form
    assert act(bea, "TAG:bug", item)["done"] == 0
    assert listed(bob, "tag=bug") == []


def test_whoever_only_looks_on_is_offered_neither(house: House, bob: Account) -> None:
    item = bob.say()["id"]
    viewer = member_of(house, bob, Role.VIEWER)

    assert 'value="TAG"' not in viewer.get("/inbox").text
    answer = send(viewer, "/inbox/act", action="TAG", tag="bug", **checked(item))
    assert (answer.status_code, tags_of(bob, item)) == (403, [])
