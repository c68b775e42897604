"""POST /api/projects/{id}/feedback (contract section 5)."""

import re
from collections.abc import Callable

import pytest

from miniback import clock, ids
from tests.feedback.batch import new_project
from tests.house import Account, House, running

MESSAGE_ERROR = {"error": "Message is required and must be a string"}
BLANK = [
    *("", " ", "\t\r\n", "\u00a0", "\u2003\u3000", "\u200b", "\u200c\u200d", "\ufeff", "\u2060"),
    *("\u2028\u2029", " \u200b \ufeff ", "\u180e", "\u0085", "\u200b" * 300),
]


def test_creating_answers_201_with_the_item(bob: Account) -> None:
    response = bob.post(bob.feedback_path, json={"message": "Bug", "context": {"a": 1}})

    assert response.status_code == 201
    assert list(response.json()) == ["data"]
    item = response.json()["data"]
    assert list(item) == ["id", "message", "context", "status", "createdAt"]
    assert re.fullmatch(r"feedback_[0-9a-v]{24}", item["id"])
    assert (item["message"], item["context"], item["status"]) == ("Bug", {"a": 1}, "NEW")


def test_created_at_is_the_time_in_the_id(bob: Account) -> None:
    before, item, after = clock.now(), bob.say(), clock.now()

    assert item["createdAt"] == clock.iso(ids.created_at(item["id"]))
    assert before <= ids.created_at(item["id"]) <= after


def test_a_key_takes_feedback_for_another_project_of_its_account(bob: Account) -> None:
    other = new_project(bob)["id"]

    response = bob.post(f"/api/projects/{other}/feedback", json={"message": "There"})

    assert response.status_code == 201
    (item,) = bob.get(f"/api/projects/{other}/feedback").json()["data"]
    assert item["message"] == "There"


def test_feedback_for_another_accounts_project_is_403(bob: Account, mallory: Account) -> None:
    response = mallory.post(bob.feedback_path, json={"message": "Mine"})

    assert response.status_code == 403
    assert response.json() == {"error": "Invalid API key or project not found"}
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 0


def test_a_free_account_may_post(alice: Account) -> None:
    assert alice.say("For free")["message"] == "For free"


def test_a_post_takes_one_call_and_one_item(house: House, carol: Account) -> None:
    carol.say()
    carol.say()

    usage = house.row("SELECT calls, items, held FROM usage WHERE account_id = :id", id=carol.id)
    assert usage == (2, 2, 0)


@pytest.mark.parametrize("body", [{"message": "m"}, {"message": "m", "context": None}])
def test_no_context_becomes_an_empty_one(bob: Account, body: dict[str, object]) -> None:
    assert bob.post(bob.feedback_path, json=body).json()["data"]["context"] == {}


@pytest.mark.parametrize(
    "message",
    [
        *("  padded \n", "a\r\nb\tc", "<script>alert(1)</script>", "\"quoted\" \\ 'too'", "."),
        *(
            "😀 👩‍👩‍👧 e\u0301 é",
            "\u200bx",
            "\u0001\u001f\u007f\u0085",
            "日本語",
            "\ufffd\uffff\U0010ffff",
        ),
    ],
)
def test_a_message_is_stored_as_sent(bob: Account, message: str) -> None:
    item = bob.say(message)

    assert item["message"] == message
    assert bob.get(f"/api/feedback/{item['id']}").json()["data"]["message"] == message


@pytest.mark.parametrize("message", BLANK)
def test_a_blank_message_is_400(bob: Account, message: str) -> None:
    response = bob.post(bob.feedback_path, json={"message": message})

    assert (response.status_code, response.json()) == (400, MESSAGE_ERROR)


@pytest.mark.parametrize("message", [None, 1, 0, 1.5, True, False, [], ["m"], {}, {"m": "m"}])
def test_a_message_that_is_no_string_is_400(bob: Account, message: object) -> None:
    response = bob.post(bob.feedback_path, json={"message": message})

    assert (response.status_code, response.json()) == (400, MESSAGE_ERROR)


@pytest.mark.parametrize("body", [{}, {"context": {}}, {"Message": "m"}, {"text": "m"}])
def test_a_body_without_a_message_is_400(bob: Account, body: dict[str, object]) -> None:
    response = bob.post(bob.feedback_path, json=body)

    assert (response.status_code, response.json()) == (400, MESSAGE_ERROR)


@pytest.mark.parametrize("character", ["m", "é", "한", "😀"])
def test_a_message_may_have_10000_code_points(bob: Account, character: str) -> None:
    assert bob.say(character * 10_000)["message"] == character * 10_000


@pytest.mark.parametrize("character", ["m", "é", "😀", " x"])
def test_a_message_of_10001_code_points_is_400_and_told_its_length(
    bob: Account, character: str
) -> None:
    message = (character * 10_001)[:10_001]

    response = bob.post(bob.feedback_path, json={"message": message})

    assert response.status_code == 400
    assert re.search(r"10[,_ ]?00[01]", response.json()["error"])


@pytest.mark.parametrize("context", ["text", "", [], [{}], 1, 0, 1.5, True, False])
def test_a_context_that_is_no_object_is_400(bob: Account, context: object) -> None:
    response = bob.post(bob.feedback_path, json={"message": "m", "context": context})

    assert response.status_code == 400
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 0


def test_a_context_may_have_any_number_of_keys(bob: Account) -> None:
    context = {str(number): number for number in range(1_000)}

    assert bob.say(context=context)["context"] == context


def test_unknown_members_of_the_body_are_ignored(bob: Account) -> None:
    item = bob.say("m", status="RESOLVED", id="feedback_1", source="WIDGET", extra=[1])

    assert item["status"] == "NEW"
    assert bob.get(f"/api/feedback/{item['id']}").json()["data"]["source"] == "API"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("widget", "WIDGET"),
        ("WIDGET", "WIDGET"),
        ("WiDgEt", "WIDGET"),
        ("api", "API"),
        ("", "API"),
        ("widgets", "API"),
        ("w", "API"),
        ("widget, widget", "API"),
    ],
)
def test_the_source_header_marks_the_item(bob: Account, sent: str, kept: str) -> None:
    headers = {"x-feedback-source": sent}
    item = bob.post(bob.feedback_path, json={"message": "m"}, headers=headers).json()["data"]

    assert bob.get(f"/api/feedback/{item['id']}").json()["data"]["source"] == kept


def test_feedback_without_a_source_header_is_of_the_api(bob: Account) -> None:
    assert bob.get(f"/api/feedback/{bob.say()['id']}").json()["data"]["source"] == "API"


def test_what_was_answered_201_survives_kill_9(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database)) as house:
        bob = house.account()
        said = [bob.say(f"Number {number}") for number in range(20)]
        house.kill()
        house.start()

        listed = bob.get(bob.feedback_path).json()["data"]

    assert listed == said[::-1]
