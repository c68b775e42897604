"""GET, PUT and DELETE of /api/feedback/{id} (contract section 5)."""

import re
from itertools import product
from typing import Any

import pytest

from tests.feedback.batch import id_at
from tests.house import Account, House

MEMBERS = ["id", "message", "context", "status", "source", "createdAt", "updatedAt", "project"]
STATUSES = ("NEW", "REVIEWED", "RESOLVED")
ABSENT = id_at("feedback", 1)
NOT_FOUND = (404, {"error": "Feedback not found"})


def path(item: dict[str, Any]) -> str:
    return f"/api/feedback/{item['id']}"


def whole(who: Account, item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = who.get(path(item)).json()["data"]
    return found


def test_getting_answers_200_with_the_whole_object(bob: Account) -> None:
    said = bob.say("Great!", context={"url": "https://example.com/"})

    response = bob.get(path(said))

    assert response.status_code == 200
    item = response.json()["data"]
    assert list(item) == MEMBERS
    assert {name: item[name] for name in said} == said
    assert (item["source"], item["updatedAt"]) == ("API", said["createdAt"])
    project = {"id": bob.project_id, "name": "My Website", "slug": bob.slug}
    assert list(item["project"].items()) == list(project.items())


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "item_id",
    [
        *(ABSENT, ABSENT.upper(), "feedback_1", "feedback_", "1", ABSENT + "0", ABSENT + "%0A"),
        *(ABSENT + "%00", "%ff", "%00", "feedback_" + "z" * 24, "feedback_" + "%C3%A9" * 24),
        *(ABSENT.replace("feedback", "proj"), "x" * 2_000, "' OR 1=1 --", "feedback_" + "٣" * 24),
    ],
)
def test_absent_feedback_is_404(bob: Account, method: str, item_id: str) -> None:
    response = bob.call(method, f"/api/feedback/{item_id}", json={"status": "NEW"})

    assert (response.status_code, response.json()) == NOT_FOUND


def test_an_id_of_the_same_time_and_other_chance_is_404(bob: Account) -> None:
    item_id = bob.say()["id"]
    other = item_id[:-1] + ("0" if item_id[-1] != "0" else "1")

    for method in ("GET", "PUT", "DELETE"):
        response = bob.call(method, f"/api/feedback/{other}", json={"status": "NEW"})
        assert (response.status_code, response.json()) == NOT_FOUND


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_accounts_feedback_is_404(bob: Account, mallory: Account, method: str) -> None:
    item = bob.say()

    response = mallory.call(method, path(item), json={"status": "RESOLVED"})

    assert (response.status_code, response.json()) == NOT_FOUND
    assert whole(bob, item)["status"] == "NEW"


@pytest.mark.parametrize("body", [b"{", b"{}", b'{"status":"DONE"}', b""])
def test_absent_feedback_is_404_before_the_body_is_judged(bob: Account, body: bytes) -> None:
    response = bob.put(f"/api/feedback/{ABSENT}", content=body)

    assert (response.status_code, response.json()) == NOT_FOUND


@pytest.mark.parametrize(("before", "after"), [*product(STATUSES, STATUSES)])
def test_any_status_may_follow_any_other(bob: Account, before: str, after: str) -> None:
    item = bob.say()
    bob.put(path(item), json={"status": before})

    response = bob.put(path(item), json={"status": after})

    assert (response.status_code, list(response.json()["data"])) == (200, MEMBERS)
    assert response.json()["data"]["status"] == after
    assert response.json()["data"] == whole(bob, item)


def test_a_change_of_status_moves_updated_at_and_nothing_else(bob: Account) -> None:
    before = whole(bob, bob.say("m", context={"a": 1}))

    after = bob.put(path(before), json={"status": "REVIEWED"}).json()["data"]

    assert after["updatedAt"] > before["updatedAt"]
    assert after == {**before, "status": "REVIEWED", "updatedAt": after["updatedAt"]}


def test_setting_the_same_status_changes_nothing(bob: Account) -> None:
    item = bob.say()
    bob.put(path(item), json={"status": "RESOLVED"})
    before = whole(bob, item)

    response = bob.put(path(item), json={"status": "RESOLVED"})

    assert (response.status_code, response.json()["data"]) == (200, before)
    assert whole(bob, item) == before


def test_setting_the_same_status_is_counted_as_a_call(house: House, carol: Account) -> None:
    item = carol.say()
    carol.put(path(item), json={"status": "NEW"})

    assert house.row("SELECT calls FROM usage WHERE account_id = :id", id=carol.id) == (2,)


@pytest.mark.parametrize(
    "status", ["new", "DONE", "", " NEW", "NEW ", None, 1, True, [], ["NEW"], {"a": "NEW"}]
)
def test_an_unknown_status_is_400_and_told_the_valid_ones(bob: Account, status: object) -> None:
    item = bob.say()

    response = bob.put(path(item), json={"status": status})

    assert response.status_code == 400
    assert all(each in response.json()["error"] for each in STATUSES)
    assert whole(bob, item)["status"] == "NEW"


def test_an_update_without_a_status_is_400(bob: Account) -> None:
    assert bob.put(path(bob.say()), json={"message": "Other words"}).status_code == 400


def test_an_update_changes_no_other_member(bob: Account) -> None:
    item = bob.say("As said")

    body = {"status": "RESOLVED", "message": "Never said", "context": {"a": 1}, "source": "WIDGET"}
    bob.put(path(item), json=body)

    after = whole(bob, item)
    assert (after["message"], after["context"], after["source"]) == ("As said", {}, "API")


def test_a_change_of_status_moves_the_item_between_the_filters(bob: Account) -> None:
    item = bob.say("Moving words")
    bob.put(path(item), json={"status": "REVIEWED"})

    for query in ("", "&search=moving"):
        old = bob.get("/api/feedback?status=NEW" + query).json()
        new = bob.get("/api/feedback?status=REVIEWED" + query).json()
        assert (old["data"], old["pagination"]["total"]) == ([], 0)
        assert ([each["id"] for each in new["data"]], new["pagination"]["total"]) == (
            [item["id"]],
            1,
        )


def test_deleting_answers_200_with_the_id(bob: Account) -> None:
    item = bob.say()

    response = bob.delete(path(item))

    assert response.status_code == 200
    assert list(response.json()["data"].items()) == [("id", item["id"]), ("deleted", True)]


def test_deleted_feedback_is_gone_for_every_call(bob: Account) -> None:
    item = bob.say()
    bob.delete(path(item))

    for method in ("GET", "PUT", "DELETE"):
        response = bob.call(method, path(item), json={"status": "NEW"})
        assert (response.status_code, response.json()) == NOT_FOUND


def test_deleted_feedback_is_gone_from_lists_totals_and_searches(bob: Account) -> None:
    kept, gone = bob.say("Same words"), bob.say("Same words")
    bob.put(path(gone), json={"status": "RESOLVED"})
    bob.delete(path(gone))

    for query in ("", "?search=same+words", "?start=2000-01-01", "?search=words&start=2000-01-01"):
        body = bob.get("/api/feedback" + query).json()
        assert [each["id"] for each in body["data"]] == [kept["id"]]
        assert body["pagination"]["total"] == 1
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 1


def test_deleting_leaves_no_text_in_the_database(house: House, bob: Account) -> None:
    bob.delete(path(bob.say("Erase these words")))

    rows = house.rows("SELECT document FROM feedback WHERE account_id = :id", id=bob.id)
    assert rows == []


def test_deleting_gives_no_allowance_back(house: House, carol: Account) -> None:
    carol.delete(path(carol.say()))

    usage = house.row("SELECT calls, items FROM usage WHERE account_id = :id", id=carol.id)
    assert usage == (2, 1)


def test_times_are_utc_in_milliseconds(bob: Account) -> None:
    item = whole(bob, bob.say())

    for name in ("createdAt", "updatedAt"):
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", item[name])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_id_from_after_the_end_of_time_is_not_found(bob: Account, method: str) -> None:
    answer = bob.call(method, f"/api/feedback/feedback_{'v' * 24}", json={"status": "NEW"})

    assert (answer.status_code, answer.json()) == (404, {"error": "Feedback not found"})
