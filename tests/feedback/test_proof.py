"""Proof of work at the public door, in the format of ALTCHA version 2 (threat T1)."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import altcha
import httpx2
import pytest

from tests.feedback.test_door import knock
from tests.feedback.test_gate import LONG_TEXT, shelves
from tests.house import Account, House, running


def ask(who: Account, proof: str) -> None:
    path = f"/api/projects/{who.project_id}/settings"
    assert who.put(path, json={"proof": proof}).status_code == 200


def challenge(who: Account) -> dict[str, Any]:
    answer = who.client.get(f"/w/{who.slug}/challenge", headers={"origin": "https://a.example"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    content: dict[str, Any] = answer.json()
    return content


def solved(content: dict[str, Any]) -> str:
    """Solve a challenge as any client of ALTCHA would."""
    made = altcha.Challenge.from_dict(content)
    solution = altcha.solve_challenge(made)
    assert solution
    return altcha.Payload(made, solution).to_base64()


def assert_asked_for_proof(answer: httpx2.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (403, "proof_required")


@pytest.fixture
def asking(bob: Account) -> Account:
    """A project that wants a proof from everybody."""
    ask(bob, "always")
    return bob


def test_without_a_proof_a_submission_is_asked_for_one(house: House, asking: Account) -> None:
    assert_asked_for_proof(knock(asking))
    assert shelves(house, asking) == []


def test_with_a_proof_it_comes_in(house: House, asking: Account) -> None:
    assert knock(asking, more={"altcha": solved(challenge(asking))}).status_code == 201
    assert shelves(house, asking) == [("LIVE", "")]


def test_a_solved_challenge_opens_the_door_once(asking: Account) -> None:
    proof = solved(challenge(asking))

    assert knock(asking, more={"altcha": proof}).status_code == 201
    assert_asked_for_proof(knock(asking, "again", more={"altcha": proof}))


def test_a_retry_of_what_was_taken_needs_no_other_proof(asking: Account) -> None:
    headers, proof = {"idempotency-key": "one"}, solved(challenge(asking))
    first = knock(asking, headers=headers, more={"altcha": proof})

    again = knock(asking, headers=headers, more={"altcha": proof})
    bare = knock(asking, headers=headers)

    assert [each.status_code for each in (first, again, bare)] == [201, 201, 201]
    assert first.json() == again.json() == bare.json()


def test_a_challenge_of_another_project_is_of_no_use(asking: Account, carol: Account) -> None:
    proof = solved(challenge(carol))

    assert_asked_for_proof(knock(asking, more={"altcha": proof}))


def altered(content: dict[str, Any], **changes: Any) -> str:
    parameters = {**content["parameters"], **changes}
    return solved({**content, "parameters": parameters})


@pytest.mark.parametrize(
    "changes",
    [{"cost": 1}, {"keyPrefix": ""}, {"expiresAt": 4_000_000_000}, {"data": {"project": "x"}}],
    ids=["cheaper", "easier", "longer", "elsewhere"],
)
def test_an_altered_challenge_is_refused(asking: Account, changes: dict[str, Any]) -> None:
    proof = altered(challenge(asking), **changes)

    assert_asked_for_proof(knock(asking, more={"altcha": proof}))


def test_a_wrong_solution_is_refused(asking: Account) -> None:
    payload = json.loads(base64.b64decode(solved(challenge(asking))))
    payload["solution"]["counter"] += 1
    proof = base64.b64encode(json.dumps(payload).encode()).decode()

    assert_asked_for_proof(knock(asking, more={"altcha": proof}))


def test_an_expired_challenge_is_refused(house: House, asking: Account) -> None:
    content = challenge(asking)
    ((value,),) = house.rows("SELECT value FROM secrets WHERE name = 'challenges'")
    made = altcha.create_challenge(
        "SHA-256",
        content["parameters"]["cost"],
        expires_at=1_000_000_000,
        data=content["parameters"]["data"],
        hmac_secret=bytes.fromhex(value),
    )

    assert_asked_for_proof(knock(asking, more={"altcha": solved(made.to_dict())}))


@pytest.mark.parametrize(
    "junk", ["", "x", "e30=", "bnVsbA==", 7, None, [], {}, "A" * 10_000, "W1tbW1tbW1tb"]
)
def test_junk_is_no_proof(asking: Account, junk: object) -> None:
    assert_asked_for_proof(knock(asking, more={"altcha": junk}))


def test_a_trapped_program_is_told_nothing(house: House, asking: Account) -> None:
    assert knock(asking, more={"website": "x"}).status_code == 201
    assert shelves(house, asking) == [("SPAM", "TRAP")]


def test_automatic_asks_only_what_looks_like_spam(house: House, bob: Account) -> None:
    ask(bob, "automatic")

    assert knock(bob, more={"elapsedMs": 9_000}).status_code == 201
    assert_asked_for_proof(knock(bob, LONG_TEXT, more={"elapsedMs": 10}))
    proof = solved(challenge(bob))
    assert knock(bob, LONG_TEXT, more={"elapsedMs": 10, "altcha": proof}).status_code == 201
    assert shelves(house, bob) == [("LIVE", "")] * 2


@pytest.fixture(scope="module")
def busy(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house(database, environment={"MINIBACK_VISITOR_LIMIT": "6"})) as house:
        yield house


def test_automatic_asks_everybody_when_much_comes_in(busy: House) -> None:
    bob = busy.account()
    ask(bob, "automatic")

    answers = [knock(bob).status_code for _ in range(5)]

    assert answers == [201] * 4 + [403]


def test_off_asks_nobody_and_takes_a_proof_all_the_same(bob: Account) -> None:
    proof = solved(challenge(bob))

    assert [knock(bob, more={"altcha": proof}).status_code for _ in range(2)] == [201, 201]


def test_no_challenge_for_a_project_that_is_not_there(house: House) -> None:
    answer = house.client.get("/w/not-there/challenge")

    assert (answer.status_code, answer.json()) == (404, {"error": "Project not found"})
