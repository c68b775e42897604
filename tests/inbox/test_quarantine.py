"""Spam and held feedback on shelves of their own, and the way back (contract section 6)."""

from collections.abc import Callable, Iterator

import pytest

from miniback import plans
from tests.house import Account, House, running
from tests.inbox.acting import act, figures_are_right, ids_on, listed, tabs_on, tag, undo
from tests.visitor import Member, owner_of, said

PLANS = '{"FREE": {"items": 3, "calls": 50, "reads": true}}'
REASON = "Marked as spam by the team"


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


@pytest.fixture(scope="module")
def small(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server whose FREE plan ends after three items."""
    with running(new_house(database, environment={"MINIBACK_PLANS": PLANS})) as house:
        yield house


def knock(who: Account, message: str) -> str:
    """Say something at the public door, and return the item's id."""
    body = {"message": message, "projectSlug": who.slug}
    answer = who.client.post("/api/feedback", json=body)
    assert answer.status_code == 201, answer.text
    item_id: str = answer.json()["data"]["id"]
    return item_id


def items_used(house: House, who: Account) -> int:
    """How many items of the plan's allowance are used up."""
    sql = "SELECT CAST(sum(items) AS BIGINT) FROM usage WHERE account_id = :id"
    return int(house.row(sql, id=who.id)[0])


def test_spam_leaves_every_list_and_total_of_the_api(
    house: House, bob: Account, bea: Member
) -> None:
    spam, kept = bob.say("same words")["id"], bob.say("same words")["id"]
    tag(bob, spam, "bug")

    assert act(bea, "SPAM", spam)["done"] == 1

    for query in ("", "search=same", "start=2020-01-01", "status=NEW", f"project={bob.slug}"):
        assert listed(bob, query) == [kept]
    assert listed(bob, "tag=bug") == []
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 1
    figures_are_right(house, bob)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["", "/tags", "/assignee", "/notes"])
def test_spam_is_404_for_every_call(bob: Account, bea: Member, method: str, path: str) -> None:
    spam = bob.say()["id"]
    act(bea, "SPAM", spam)
    method = {"/notes": "POST"}.get(path, "PUT") if path and method == "DELETE" else method
    method = "GET" if path == "/notes" and method == "PUT" else method

    answer = bob.call(method, f"/api/feedback/{spam}{path}", json={"status": "NEW"})

    assert (answer.status_code, answer.json()) == (404, {"error": "Feedback not found"})


def test_spam_lies_on_its_shelf_with_the_reason(bob: Account, bea: Member) -> None:
    spam, kept = bob.say("Buy now")["id"], bob.say()["id"]
    act(bea, "SPAM", spam)

    page = bea.get("/inbox?shelf=SPAM")

    assert (ids_on(page), ids_on(bea.get("/inbox"))) == ([spam], [kept])
    assert (REASON in said(page), tabs_on(page)["SPAM"], tabs_on(page)["ALL"]) == (True, 1, 1)


def test_an_item_of_another_shelf_opens_with_its_shelf(bob: Account, bea: Member) -> None:
    spam, _ = bob.say("Buy now")["id"], bob.say()["id"]
    act(bea, "SPAM", spam)

    page = bea.get(f"/inbox/{spam}?status=NEW&search=word")

    assert ids_on(page) == [spam]
    assert f'<p class="muted">{REASON}</p>' in page.text.split("<article")[1]
    assert ('value="NOT_SPAM"' in page.text, 'value="RESOLVED"' in page.text) == (True, False)


def test_what_is_no_spam_comes_back_and_costs_no_second_item(
    house: House, bob: Account, bea: Member
) -> None:
    item = bob.say("same words")["id"]
    tag(bob, item, "bug")
    before, used = bob.get(f"/api/feedback/{item}").json(), items_used(house, bob)
    act(bea, "SPAM", item)

    assert act(bea, "NOT_SPAM", item)["done"] == 1

    assert bob.get(f"/api/feedback/{item}").json() == before
    assert listed(bob, "search=same&tag=bug") == [item]
    assert ids_on(bea.get("/inbox?shelf=SPAM")) == []
    assert items_used(house, bob) == used == 1
    figures_are_right(house, bob)


def test_marking_spam_is_taken_back(house: House, bob: Account, bea: Member) -> None:
    items = [bob.say()["id"] for _ in range(3)]
    done = act(bea, "SPAM", *items)

    assert undo(bea, done)["done"] == 3
    assert (listed(bob), items_used(house, bob)) == (items[::-1], 3)
    figures_are_right(house, bob)


def test_taking_out_of_spam_is_taken_back(house: House, bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    act(bea, "SPAM", item)
    done = act(bea, "NOT_SPAM", item)

    assert undo(bea, done)["done"] == 1
    assert (listed(bob), ids_on(bea.get("/inbox?shelf=SPAM"))) == ([], [item])
    figures_are_right(house, bob)


def test_all_spam_is_taken_out_at_once(house: House, bob: Account, bea: Member) -> None:
    spam = [bob.say()["id"] for _ in range(3)]
    act(bea, "SPAM", *spam)
    bob.say("kept")

    assert act(bea, "NOT_SPAM", all="1", query="?shelf=SPAM")["done"] == 3
    assert len(listed(bob)) == 4
    figures_are_right(house, bob)


def test_spam_is_deleted_and_brought_back_as_spam(house: House, bob: Account, bea: Member) -> None:
    spam, kept = bob.say()["id"], bob.say()["id"]
    act(bea, "SPAM", spam)

    done = act(bea, "DELETE", all="1", query="?shelf=SPAM")

    assert (done["done"], ids_on(bea.get("/inbox?shelf=SPAM"))) == (1, [])
    assert undo(bea, done)["done"] == 1
    page = bea.get("/inbox?shelf=SPAM")
    assert (ids_on(page), REASON in said(page), listed(bob)) == ([spam], True, [kept])
    figures_are_right(house, bob)


@pytest.mark.parametrize("action", ["RESOLVED", "TAG:bug", "ASSIGN:", "SPAM"])
def test_spam_is_changed_by_nothing_else(
    house: House, bob: Account, bea: Member, action: str
) -> None:
    spam = bob.say()["id"]
    act(bea, "SPAM", spam)

    assert act(bea, action, spam)["done"] == 0
    figures_are_right(house, bob)


def test_spam_that_was_never_counted_is_counted_when_it_is_none(
    house: House, bob: Account, bea: Member
) -> None:
    item = bob.say()["id"]
    act(bea, "SPAM", item)
    house.change("UPDATE suspicions SET reason = 'LINKS' WHERE account_id = :id", id=bob.id)

    act(bea, "NOT_SPAM", item)

    assert (listed(bob), items_used(house, bob)) == ([item], 2)


def test_of_what_was_never_counted_only_as_much_comes_back_as_the_plan_has_room_for(
    small: House,
) -> None:
    alice = small.account(plans.FREE)
    member = owner_of(small, alice)
    items = [knock(alice, f"word{number}") for number in range(2)]
    act(member, "SPAM", *items)
    small.change("UPDATE suspicions SET reason = 'LINKS' WHERE account_id = :id", id=alice.id)

    assert act(member, "NOT_SPAM", *items)["done"] == 1
    assert (items_used(small, alice), len(listed(alice))) == (3, 1)
    assert len(ids_on(member.get("/inbox?shelf=SPAM"))) == 1
    figures_are_right(small, alice)


def test_held_items_are_listed_on_their_shelf_alone(small: House) -> None:
    alice = small.account(plans.FREE)
    member = owner_of(small, alice)
    items = [knock(alice, f"word{number}") for number in range(5)]

    page = member.get("/inbox?shelf=HELD")

    assert (ids_on(page), tabs_on(page)["HELD"]) == (items[:2:-1], 2)
    assert ids_on(member.get("/inbox")) == listed(alice) == items[2::-1]
    assert "Held back by the plan" in said(page)


def test_a_held_item_is_read_and_changed_by_nothing_but_its_end(small: House) -> None:
    alice = small.account(plans.FREE)
    member = owner_of(small, alice)
    held = [knock(alice, f"word{number}") for number in range(4)][-1]
    assert "word3" in said(member.get(f"/inbox/{held}"))

    changed = [act(member, each, held)["done"] for each in ("RESOLVED", "SPAM", "NOT_SPAM")]

    assert (changed, ids_on(member.get("/inbox?shelf=HELD"))) == ([0, 0, 0], [held])
    done = act(member, "DELETE", held)
    assert (done["done"], ids_on(member.get("/inbox?shelf=HELD"))) == (1, [])
    assert undo(member, done)["done"] == 1
    assert ids_on(member.get("/inbox?shelf=HELD")) == [held]
    figures_are_right(small, alice)
