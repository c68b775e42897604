"""One act on all that a list has: in one request, and to its end whatever happens (IN6)."""

import threading
from collections.abc import Callable

import httpx2
import pytest

from miniback.accounts import Role
from tests.feedback.batch import fill, new_project
from tests.house import Account, House, running, until
from tests.inbox.acting import (
    AS_JSON,
    FORMS,
    act,
    field_on,
    figures_are_right,
    listed,
    place,
    set_status,
    status_of,
    tabs_on,
    tag,
    undo,
)
from tests.visitor import Member, member_of, owner_of

MANY, VERY_MANY = 1_000, 5_000
DAY_MS = 86_400_000


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


def counts(house: House, who: Account) -> dict[str, int]:
    """How many items there are of each status, counted row by row."""
    sql = "SELECT status, count(*) FROM feedback WHERE account_id = :id GROUP BY status"
    return dict(house.rows(sql, id=who.id))


def test_in6_all_that_match_are_changed_by_one_request_and_taken_back(
    house: House, bob: Account, bea: Member
) -> None:
    fill(house, bob, ["needle"] * MANY)

    done = act(bea, "RESOLVED", all="1")

    assert (done["done"], done["isOver"]) == (MANY, True)
    assert (done["told"], counts(house, bob)) == ("1,000 items resolved", {"RESOLVED": MANY})
    assert tabs_on(bea.get("/inbox"))["RESOLVED"] == MANY
    assert undo(bea, done)["done"] == MANY
    assert tabs_on(bea.get("/inbox")) == {"ALL": MANY, "NEW": MANY, "REVIEWED": 0, "RESOLVED": 0}
    figures_are_right(house, bob)


def test_in6_all_that_match_are_deleted_and_brought_back(
    house: House, bob: Account, bea: Member
) -> None:
    items = fill(house, bob, ["needle"] * 300)

    done = act(bea, "DELETE", all="1")

    assert (done["done"], listed(bob), listed(bob, "search=needle")) == (300, [], [])
    assert undo(bea, done)["done"] == 300
    found = bob.get("/api/feedback?pageSize=100&search=needle").json()
    assert (found["pagination"]["total"], found["data"][0]["id"]) == (300, items[-1])
    figures_are_right(house, bob)


@pytest.mark.parametrize(
    ("query", "changed"),
    [
        ("", "abcdef"),
        ("?status=NEW", "abcde"),
        ("?search=apple", "ace"),
        ("?search=apple&tag=ripe", "a"),
        ("?tag=RIPE", "ab"),
        ("?tag=unknown", ""),
        ("?source=WIDGET", "c"),
        ("?project={other}", "f"),
        ("?start=2024-05-02&end=2024-05-02", "e"),
        ("?start=2024-05-01&end=2024-05-02&search=apple", "e"),
        ("?end=2024-05-01", "d"),
        ("?page=2&pageSize=1", "abcdef"),
    ],
)
def test_in6_all_that_match_are_just_those_that_the_filters_leave(
    house: House, bob: Account, bea: Member, query: str, changed: str
) -> None:
    other = new_project(bob)
    widget = {"x-feedback-source": "widget"}
    body = {"message": "apple"}
    items = {
        "a": bob.say("apple")["id"],
        "b": bob.say("pear")["id"],
        "c": bob.post(bob.feedback_path, json=body, headers=widget).json()["data"]["id"],
        "d": place(house, bob, 19_844 * DAY_MS, "pear"),
        "e": place(house, bob, 19_845 * DAY_MS, "apple"),
        "f": fill(house, bob, ["pear"], project_id=other["id"])[0],
    }
    tag(bob, items["a"], "ripe")
    tag(bob, items["b"], "ripe")
    set_status(bob, items["f"], "RESOLVED")

    done = act(bea, "REVIEWED", all="1", query=query.format(other=other["slug"]))

    reviewed = [name for name, each in items.items() if status_of(bob, each) == "REVIEWED"]
    assert ("".join(reviewed), done["done"]) == (changed, len(changed))
    figures_are_right(house, bob)


def test_in6_items_that_arrived_since_the_list_was_shown_are_not_touched(
    bob: Account, bea: Member
) -> None:
    seen = [bob.say("needle")["id"] for _ in range(3)]
    newest = field_on(bea.get("/inbox?search=needle"), "newest")
    later = bob.say("needle")["id"]

    done = act(bea, "RESOLVED", all="1", query="?search=needle", newest=newest)

    assert (done["done"], listed(bob, "status=NEW")) == (3, [later])
    assert listed(bob, "status=RESOLVED") == seen[::-1]


def test_what_the_list_had_is_newer_than_nothing_in_it(bob: Account, bea: Member) -> None:
    seen = bob.say("needle")["id"]
    bob.say("other")
    page = bea.get("/inbox?search=needle")

    done = act(bea, "RESOLVED", all="1", query="?search=needle", newest=field_on(page, "newest"))

    assert (done["done"], listed(bob, "status=RESOLVED")) == (1, [seen])


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30, "٣"])
def test_a_place_that_is_none_is_taken_for_the_newest(
    bob: Account, bea: Member, newest: str
) -> None:
    item = bob.say()["id"]

    assert act(bea, "RESOLVED", all="1", newest=newest)["done"] == 1
    assert status_of(bob, item) == "RESOLVED"


def test_what_somebody_has_changed_back_since_is_left_alone_by_the_undo_of_many(
    house: House, bob: Account, bea: Member
) -> None:
    fill(house, bob, ["needle"] * 120)
    done = act(bea, "RESOLVED", all="1")
    max_ = member_of(house, bob, Role.MEMBER)
    page = bob.get("/api/feedback?pageSize=50").json()["data"]
    act(max_, "REVIEWED", items=",".join(each["id"] for each in page))

    assert undo(bea, done)["done"] == 70
    assert counts(house, bob) == {"REVIEWED": 50, "NEW": 70}
    figures_are_right(house, bob)


def test_an_act_that_was_cut_off_by_a_kill_is_finished_after_the_restart(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database)) as house:
        bob = house.account()
        bea = owner_of(house, bob)
        fill(house, bob, ["needle and more words"] * VERY_MANY)
        acting = threading.Thread(target=_act_unheard, args=(bea, bea.token(FORMS)))
        acting.start()
        until(lambda: counts(house, bob).get("RESOLVED", 0) > 0, "the act to begin")
        house.kill()
        acting.join()
        assert 0 < counts(house, bob)["RESOLVED"] < VERY_MANY

        house.start()

        until(lambda: counts(house, bob) == {"RESOLVED": VERY_MANY}, "the act to be finished")
        until(lambda: house.rows("SELECT 1 FROM bulk_acts") == [], "the act to be forgotten")
        figures_are_right_of_many(house, bob)


def _act_unheard(member: Member, token: str) -> None:
    fields = {"csrf_token": token, "action": "RESOLVED", "all": "1"}
    try:
        member.client.post("/inbox/act", data=fields, headers=AS_JSON)
    except httpx2.TransportError:
        return


def figures_are_right_of_many(house: House, who: Account) -> None:
    """Hold the figures of very many items against each other."""
    sql = "SELECT status, items FROM tallies WHERE account_id = :id AND items <> 0"
    assert house.rows(sql, id=who.id) == [("RESOLVED", VERY_MANY)]
    sql = "SELECT count(*), count(DISTINCT position) FROM changes WHERE account_id = :id"
    assert house.row(sql, id=who.id) == (VERY_MANY, VERY_MANY)
    for query, count in (("search=needle&status=RESOLVED", VERY_MANY), ("search=x&status=NEW", 0)):
        body = who.get("/api/feedback?pageSize=1&" + query).json()
        assert body["pagination"]["total"] == count
