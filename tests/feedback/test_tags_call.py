"""Tags by the API: of an item, of the account, and as a filter."""

import json
from typing import Any

import pytest

from miniback.accounts import Role
from miniback.db import Query
from tests.feedback.batch import fill, id_at, new_project
from tests.house import Account, House, until
from tests.inbox.acting import END, figures_are_right, listed, note, set_status, tag, tags_of
from tests.visitor import member_of, owner_of

ABSENT = id_at("feedback", 1)
NOT_FOUND = (404, {"error": "Feedback not found"})
MEMBERS = ["id", "message", "context", "status", "source", "createdAt", "updatedAt", "project"]
PATHS = [
    *(("GET", "/tags"), ("PUT", "/tags"), ("GET", "/assignee"), ("PUT", "/assignee")),
    *(("GET", "/notes"), ("POST", "/notes"), ("DELETE", f"/notes/{id_at('note', 1)}")),
]


def path(item: dict[str, Any]) -> str:
    return f"/api/feedback/{item['id']}/tags"


def all_tags(who: Account) -> dict[str, str]:
    """The account's tags: ids by name."""
    found = who.get("/api/tags").json()["data"]
    assert all(list(each) == ["id", "name"] for each in found)
    return {each["name"]: each["id"] for each in found}


def hurry(house: House, who: Account) -> None:
    """Have what waits for a worker done now."""
    house.change("UPDATE outbox SET due_at = 0 WHERE account_id = :id", id=who.id)


def test_the_tags_that_are_put_are_those_that_the_item_has(bob: Account) -> None:
    item = bob.say()
    assert bob.get(path(item)).json() == {"data": {"tags": []}}

    answer = bob.put(path(item), json={"tags": ["shop", "bug"]})

    assert (answer.status_code, answer.json()) == (200, {"data": {"tags": ["bug", "shop"]}})
    assert bob.get(path(item)).json() == answer.json()


def test_putting_tags_replaces_those_before(house: House, bob: Account) -> None:
    item = bob.say()["id"]
    tag(bob, item, "bug", "shop")

    assert tag(bob, item, "shop", "idea") == ["idea", "shop"]
    assert (listed(bob, "tag=bug"), listed(bob, "tag=idea")) == ([], [item])
    assert (tag(bob, item), tags_of(bob, item), listed(bob, "tag=shop")) == ([], [], [])
    figures_are_right(house, bob)


def test_names_are_trimmed(bob: Account) -> None:
    assert tag(bob, bob.say()["id"], "  two \n  words\t") == ["two words"]


def test_case_makes_no_difference_and_the_first_writing_stays(bob: Account) -> None:
    first, second = bob.say()["id"], bob.say()["id"]
    tag(bob, first, "Straße")

    assert tag(bob, second, "STRASSE", "straße", "Straße") == ["Straße"]
    assert list(all_tags(bob)) == ["Straße"]
    for name in ("straße", "STRASSE", "Strasse"):
        assert listed(bob, f"tag={name}") == [second, first]


@pytest.mark.parametrize(
    "tags",
    [
        *([""], ["  "], ["x" * 41], ["a,b"], ["a\x07b"], ["\u200b"], [None], [1], [["a"]]),
        *("bug", None, {}, 1, ["bug", ""], [f"tag {number}" for number in range(21)]),
        *(["\ud800"], ["a\x00b"]),
    ],
)
def test_tags_that_cannot_be_are_400_and_nothing_is_changed(bob: Account, tags: object) -> None:
    item = bob.say()
    tag(bob, item["id"], "kept")

    answer = bob.put(path(item), content=json.dumps({"tags": tags}))

    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert (tags_of(bob, item["id"]), list(all_tags(bob))) == (["kept"], ["kept"])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"names":["a"]}'])
def test_a_body_that_makes_no_sense_is_400(bob: Account, body: bytes) -> None:
    assert bob.put(path(bob.say()), content=body).status_code == 400


@pytest.mark.parametrize(
    "name", ["x" * 40, "%", "_", "a\"b'c", "<b>", "日本語", "ünï", "😀", "NEW"]
)
def test_any_other_name_is_kept_and_found(bob: Account, name: str) -> None:
    item, _ = bob.say()["id"], bob.say()

    assert tag(bob, item, name) == [name]
    found = bob.get("/api/feedback", params={"tag": name}).json()["data"]
    assert [each["id"] for each in found] == [item]


def test_an_item_has_at_most_20_tags(bob: Account) -> None:
    item = bob.say()["id"]

    assert len(tag(bob, item, *(f"tag {number:02}" for number in range(20)))) == 20


def test_an_account_has_at_most_200_tags(bob: Account) -> None:
    item = bob.say()
    for start in range(0, 200, 20):
        tag(bob, item["id"], *(f"tag {number:03}" for number in range(start, start + 20)))

    answer = bob.put(path(item), json={"tags": ["one more"]})

    assert (answer.status_code, len(all_tags(bob))) == (409, 200)
    assert tag(bob, item["id"], "TAG 000") == ["tag 000"]


def test_tags_are_listed_by_name_and_ones_own_alone(bob: Account, mallory: Account) -> None:
    tag(bob, bob.say()["id"], "shop", "Bug", "idea")
    tag(mallory, mallory.say()["id"], "theirs")

    assert list(all_tags(bob)) == ["Bug", "idea", "shop"]


@pytest.mark.parametrize(("method", "ending"), PATHS)
@pytest.mark.parametrize("body", [b"{", b"{}", b'{"tags":["a"],"content":"x","assignee":null}'])
def test_a_foreign_item_and_an_absent_one_are_the_same_404(
    bob: Account, mallory: Account, method: str, ending: str, body: bytes
) -> None:
    item = bob.say()

    for item_id in (item["id"], ABSENT, "nonsense", "%00"):
        answer = mallory.call(method, f"/api/feedback/{item_id}{ending}", content=body)
        assert (answer.status_code, answer.json()) == NOT_FOUND
    assert (tags_of(bob, item["id"]), all_tags(mallory)) == ([], {})


@pytest.mark.parametrize(("method", "ending"), [*PATHS, ("GET", ""), ("DELETE", "")])
def test_free_is_refused_by_key(alice: Account, method: str, ending: str) -> None:
    item = alice.say()["id"]

    answer = alice.call(method, f"/api/feedback/{item}{ending}", json={"tags": ["a"]})

    assert (answer.status_code, "paid plans only" in answer.text) == (401, True)
    assert alice.get("/api/tags").status_code == 401


def test_free_is_allowed_by_session(house: House, alice: Account) -> None:
    item, member = alice.say()["id"], owner_of(house, alice)

    calls: list[tuple[str, str, dict[str, object] | None]] = [
        ("PUT", "tags", {"tags": ["bug"]}),
        ("PUT", "assignee", {"assignee": alice.email}),
        ("POST", "notes", {"content": "Ask Ada"}),
    ]
    for method, ending, body in calls:
        answer = member.call(method, f"/api/feedback/{item}/{ending}", json=body)
        assert answer.status_code in (200, 201), answer.text
    found = member.call("GET", "/api/feedback?tag=bug").json()["data"]
    assert [each["id"] for each in found] == [item]


@pytest.mark.parametrize(("method", "ending"), PATHS)
def test_a_viewer_reads_and_changes_nothing(
    house: House, bob: Account, method: str, ending: str
) -> None:
    item, viewer = bob.say()["id"], member_of(house, bob, Role.VIEWER)

    body = {"tags": ["a"], "content": "x", "assignee": None}
    answer = viewer.call(method, f"/api/feedback/{item}{ending}", json=body)

    assert answer.status_code == (200 if method == "GET" else 403)


def test_a_change_of_tags_is_counted_as_one_call(house: House, carol: Account) -> None:
    item = carol.say()["id"]
    tag(carol, item, "a", "b", "c")

    assert house.row("SELECT calls FROM usage WHERE account_id = :id", id=carol.id) == (2,)


def test_documented_objects_gain_no_member(bob: Account) -> None:
    item = bob.say()
    before = bob.get(f"/api/feedback/{item['id']}").json()
    tag(bob, item["id"], "bug")
    note(bob, item["id"], "Ask Ada")
    bob.put(f"/api/feedback/{item['id']}/assignee", json={"assignee": bob.email})

    assert bob.get(f"/api/feedback/{item['id']}").json() == before
    assert bob.get("/api/feedback?tag=bug").json()["data"] == [before["data"]]
    assert bob.get(bob.feedback_path).json()["data"] == [item]
    changed = bob.put(f"/api/feedback/{item['id']}", json={"status": "RESOLVED"}).json()["data"]
    assert list(changed) == MEMBERS


@pytest.mark.parametrize(
    ("query", "found"),
    [
        *(("tag=ripe", "abd"), ("tag=RIPE", "abd"), ("tag=sweet", "ac"), ("tag=none", "")),
        *(
            ("tag=ripe&status=NEW", "ad"),
            ("tag=ripe&search=apple", "a"),
            ("tag=sweet&search=p", "c"),
        ),
        *(("tag=ripe&project={other}", "d"), ("tag=ripe&source=WIDGET", ""), ("tag=", "abcde")),
        *(("tag=ripe&start=2020-01-01", "abd"), ("tag=ripe&end=2020-01-01", "")),
        ("tag=ripe&status=NEW&search=pear&project={other}&source=API&start=2020-01-01", "d"),
    ],
)
def test_the_filter_finds_exactly_what_has_the_tag(bob: Account, query: str, found: str) -> None:
    other = new_project(bob)["id"]
    key = bob.post(f"/api/projects/{other}/api-key").json()["data"]["apiKey"]
    there = Account(bob.id, bob.plan, bob.email, other, "", key, bob.client)
    said = [(bob, "apple"), (bob, "pear"), (bob, "plum"), (there, "pear"), (bob, "apple")]
    items = {name: who.say(text)["id"] for name, (who, text) in zip("abcde", said, strict=True)}
    for name, tags in {
        "a": ("ripe", "sweet"),
        "b": ("ripe",),
        "c": ("sweet",),
        "d": ("ripe",),
    }.items():
        tag(bob, items[name], *tags)
    set_status(bob, items["b"], "RESOLVED")

    assert listed(bob, query.format(other=other)) == [items[each] for each in found][::-1]


@pytest.mark.parametrize("tag_name", ["%00", "%ff", "a%2Cb", "x" * 2_000, "' OR 1=1 --", "_NEW"])
def test_a_filter_by_what_no_tag_is_finds_nothing(bob: Account, tag_name: str) -> None:
    bob.say()

    answer = bob.get("/api/feedback?tag=" + tag_name)

    assert (answer.status_code, answer.json().get("data")) == (200, [])


def test_a_renamed_tag_is_found_by_its_new_name_on_all_items(house: House, bob: Account) -> None:
    item = bob.say()["id"]
    tag(bob, item, "bug", "other")
    tag_id = all_tags(bob)["bug"]

    answer = bob.put(f"/api/tags/{tag_id}", json={"name": " Fault "})

    assert (answer.status_code, answer.json()) == (200, {"data": {"id": tag_id, "name": "Fault"}})
    assert tags_of(bob, item) == ["Fault", "other"]
    assert (listed(bob, "tag=fault"), listed(bob, "tag=bug")) == ([item], [])
    figures_are_right(house, bob)


def test_a_tag_may_be_renamed_to_its_own_name_in_another_case(bob: Account) -> None:
    tag(bob, bob.say()["id"], "bug")

    answer = bob.put(f"/api/tags/{all_tags(bob)['bug']}", json={"name": "BUG"})

    assert (answer.status_code, list(all_tags(bob))) == (200, ["BUG"])


def test_a_taken_name_is_409(bob: Account) -> None:
    tag(bob, bob.say()["id"], "bug", "Fault")

    answer = bob.put(f"/api/tags/{all_tags(bob)['bug']}", json={"name": "fAULT"})

    assert answer.status_code == 409
    assert "Fault" in answer.json()["error"]
    assert list(all_tags(bob)) == ["bug", "Fault"]


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "a,b", None, 1, ["a"]])
def test_a_new_name_that_cannot_be_is_400(bob: Account, name: object) -> None:
    tag(bob, bob.say()["id"], "bug")

    answer = bob.put(f"/api/tags/{all_tags(bob)['bug']}", json={"name": name})

    assert (answer.status_code, list(all_tags(bob))) == (400, ["bug"])


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("body", [b'{"name":"mine"}', b'{"name":"bug"}', b"{}", b"{"])
def test_a_foreign_tag_and_an_absent_one_are_the_same_404(
    bob: Account, mallory: Account, method: str, body: bytes
) -> None:
    tag(bob, bob.say()["id"], "bug")
    tag(mallory, mallory.say()["id"], "mine")

    for tag_id in (all_tags(bob)["bug"], id_at("tag", 1), "nonsense", "%00"):
        answer = mallory.call(method, f"/api/tags/{tag_id}", content=body)
        assert (answer.status_code, answer.json()) == (404, {"error": "Tag not found"})
    assert list(all_tags(bob)) == ["bug"]


def test_a_deleted_tag_is_gone_at_once_and_taken_off_all_items(house: House, bob: Account) -> None:
    items = fill(house, bob, ["needle"] * 3)
    for item in items:
        tag(bob, item, "bug", "kept")
    tag_id = all_tags(bob)["bug"]

    answer = bob.delete(f"/api/tags/{tag_id}")

    assert answer.json() == {"data": {"id": tag_id, "deleted": True}}
    assert (list(all_tags(bob)), tags_of(bob, items[0])) == (["kept"], ["kept"])
    assert listed(bob, "tag=bug") == []
    hurry(house, bob)
    query = Query(bob.id, ["_" + tag_id], None, [], 0, END)
    until(lambda: house.tx(lambda tx: tx.find(query, 9, 0)) == [], "the tag to be taken off all")
    assert listed(bob, "tag=kept") == items[::-1]
    figures_are_right(house, bob)


def test_a_tag_of_a_deleted_ones_name_is_another(bob: Account) -> None:
    old, new = bob.say()["id"], bob.say()["id"]
    tag(bob, old, "bug")
    bob.delete(f"/api/tags/{all_tags(bob)['bug']}")

    tag(bob, new, "bug")

    assert (listed(bob, "tag=bug"), tags_of(bob, old)) == ([new], [])


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_free_changes_no_tag_by_key(alice: Account, method: str) -> None:
    answer = alice.call(method, f"/api/tags/{id_at('tag', 1)}", json={"name": "a"})

    assert answer.status_code == 401
