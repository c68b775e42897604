"""Who sees to an item, by the API (beyond the reference)."""

from typing import Any

import pytest

from miniback.accounts import Role
from tests.house import Account, House
from tests.inbox.acting import assign, assignee_of, figures_are_right, listed, set_status, user_id
from tests.visitor import member_of


def path(item: dict[str, Any]) -> str:
    return f"/api/feedback/{item['id']}/assignee"


@pytest.mark.parametrize("by", ["id", "email", "EMAIL"])
def test_a_member_is_assigned_by_id_or_address(house: House, bob: Account, by: str) -> None:
    item, ada = bob.say(), member_of(house, bob, Role.MEMBER)
    person = {"id": user_id(house, ada.email), "email": ada.email, "EMAIL": ada.email.upper()}[by]

    answer = bob.put(path(item), json={"assignee": person})

    who = {"id": user_id(house, ada.email), "email": ada.email, "name": ""}
    assert (answer.status_code, answer.json()) == (200, {"data": {"assignee": who}})
    assert bob.get(path(item)).json() == answer.json()


def test_null_assigns_to_nobody(house: House, bob: Account) -> None:
    item = bob.say()
    assign(bob, item["id"], bob.email)

    answer = bob.put(path(item), json={"assignee": None})

    assert answer.json() == bob.get(path(item)).json() == {"data": {"assignee": None}}
    assert listed(bob, f"assignee={bob.email}") == []
    figures_are_right(house, bob)


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"assignee": "nobody@example.test"}, {"assignee": "user_" + "0" * 24}),
        *({"assignee": 1}, {"assignee": []}, {"assignee": {}}, {"assignee": True}),
        *({"assignee": "me"}, {"assignee": "%"}, {"assignee": " "}),
    ],
)
def test_whoever_is_no_member_is_400(bob: Account, body: dict[str, object]) -> None:
    item = bob.say()
    assign(bob, item["id"], bob.email)

    answer = bob.put(path(item), json=body)

    assert (answer.status_code, assignee_of(bob, item["id"])) == (400, bob.email)


def test_a_person_of_another_account_is_400(house: House, bob: Account, mallory: Account) -> None:
    item = bob.say()

    for who in (mallory.email, user_id(house, mallory.email)):
        answer = bob.put(path(item), json={"assignee": who})
        assert answer.status_code == 400
        assert mallory.email not in answer.text
    assert assignee_of(bob, item["id"]) == ""


@pytest.mark.parametrize(
    ("query", "found"),
    [
        *(("assignee={ada}", "ab"), ("assignee={bob}", "c"), ("assignee=nobody", "")),
        *(("assignee={ada_id}", "ab"), ("assignee={ada}&status=NEW", "b"), ("assignee=", "abcd")),
        *(("assignee={ada}&search=pear", "b"), ("assignee={ada}&start=2100-01-01", "")),
    ],
)
def test_the_filter_finds_exactly_what_somebody_sees_to(
    house: House, bob: Account, query: str, found: str
) -> None:
    ada = member_of(house, bob, Role.MEMBER).email
    said = {
        name: bob.say(text)["id"] for name, text in zip("abcd", ["apple", "pear"] * 2, strict=True)
    }
    for name, who in {"a": ada, "b": ada, "c": bob.email}.items():
        assign(bob, said[name], who)
    set_status(bob, said["a"], "RESOLVED")

    query = query.format(ada=ada, bob=bob.email, ada_id=user_id(house, ada))

    assert listed(bob, query) == [said[each] for each in found][::-1]


@pytest.mark.parametrize("who", ["%00", "%ff", "x" * 2_000, "' OR 1=1 --"])
def test_a_filter_by_who_nobody_is_finds_nothing(bob: Account, who: str) -> None:
    bob.say()

    answer = bob.get("/api/feedback?assignee=" + who)

    assert (answer.status_code, answer.json().get("data")) == (200, [])


def test_a_filter_by_a_person_of_another_account_finds_nothing(
    bob: Account, mallory: Account
) -> None:
    assign(mallory, mallory.say()["id"], mallory.email)
    bob.say()

    assert listed(bob, f"assignee={mallory.email}") == []


def test_whoever_takes_over_takes_it_from_the_one_before(house: House, bob: Account) -> None:
    item, ada = bob.say()["id"], member_of(house, bob, Role.MEMBER).email
    assign(bob, item, bob.email)
    assign(bob, item, ada)

    assert listed(bob, f"assignee={bob.email}") == []
    assert listed(bob, f"assignee={ada}") == [item]
    figures_are_right(house, bob)
