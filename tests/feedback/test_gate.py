"""How much may come in at the public door, and what is taken for spam (contract 6, threat T1)."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from miniback import plans
from miniback.feedback import service
from tests.feedback.test_door import items, knock
from tests.house import Account, House, running, until

# Five in fifteen minutes from one visitor, twelve for a project, however many visitors.
LIMITS = {"MINIBACK_VISITOR_LIMIT": "5", "MINIBACK_PROJECT_LIMIT": "12"}
BEHIND_A_PROXY = {"MINIBACK_TRUSTED_PROXIES": "127.0.0.1"}
LONG_TEXT = "The checkout button does nothing when I press it twice"


@pytest.fixture(scope="module")
def limited(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house with limits, behind a proxy that tells who comes."""
    environment = {**LIMITS, **BEHIND_A_PROXY}
    with running(new_house(database, environment=environment)) as house:
        yield house


@pytest.fixture
def site(limited: House) -> Account:
    return limited.account(plans.PRO)


def come(who: Account, address: str, message: str = "m", **options: Any) -> httpx2.Response:
    headers = {"x-forwarded-for": address, **options.pop("headers", {})}
    return knock(who, message, headers=headers, **options)


def shelves(house: House, who: Account) -> list[tuple[str, str]]:
    """Shelf and reason of all that an account has, oldest first."""
    return house.rows(
        "SELECT shelf, coalesce(reason, '') FROM feedback LEFT JOIN suspicions"
        "    ON suspicions.account_id = feedback.account_id"
        "   AND suspicions.position = feedback.position"
        " WHERE feedback.account_id = :id ORDER BY feedback.position",
        id=who.id,
    )


def test_a_visitor_may_send_so_much_and_then_waits(site: Account) -> None:
    answers = [come(site, "192.0.2.1") for _ in range(8)]

    assert [each.status_code for each in answers] == [201] * 5 + [429] * 3
    refused = answers[-1]
    assert refused.json()["code"] == "too_many"
    assert 0 < int(refused.headers["retry-after"]) <= 180
    assert refused.headers["access-control-allow-origin"] == "*"
    assert len(items(site)) == 5


def test_another_visitor_is_served_meanwhile(site: Account) -> None:
    for _ in range(7):
        come(site, "192.0.2.1")

    assert come(site, "192.0.2.2").status_code == 201


def test_a_visitor_of_one_project_may_still_send_to_another(limited: House, site: Account) -> None:
    for _ in range(6):
        come(site, "192.0.2.1")

    assert come(limited.account(), "192.0.2.1").status_code == 201


@pytest.mark.parametrize(
    ("one", "other", "status"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", 429),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", 201),
        ("192.0.2.1", "::ffff:192.0.2.1", 429),
    ],
)
def test_a_neighbourhood_of_ipv6_is_one_visitor(
    site: Account, one: str, other: str, status: int
) -> None:
    for _ in range(5):
        come(site, one)

    assert come(site, other).status_code == status


def test_all_visitors_together_may_send_so_much(site: Account) -> None:
    answers = [come(site, f"192.0.2.{number}") for number in range(14)]

    assert [each.status_code for each in answers] == [201] * 12 + [429] * 2


def test_who_is_refused_takes_nothing_from_the_others(site: Account) -> None:
    for _ in range(30):
        come(site, "192.0.2.1")

    assert [come(site, f"192.0.2.{9 + each}").status_code for each in range(7)] == [201] * 7


def test_a_project_may_set_a_limit_of_its_own(site: Account) -> None:
    path = f"/api/projects/{site.project_id}/settings"
    assert site.put(path, json={"visitorLimit": 2}).status_code == 200

    assert [come(site, "192.0.2.1").status_code for _ in range(4)] == [201, 201, 429, 429]


def test_what_a_visitor_sends_touches_no_call_of_the_account(limited: House, site: Account) -> None:
    for _ in range(9):
        come(site, "192.0.2.1")

    row = limited.row("SELECT calls, items FROM usage WHERE account_id = :id", id=site.id)
    assert row == (0, 5)
    assert site.get("/api/projects").status_code == 200


def test_keyed_calls_have_no_such_limit(site: Account) -> None:
    assert {
        site.post(site.feedback_path, json={"message": "m"}).status_code for _ in range(20)
    } == {201}


def test_a_repeated_submission_is_answered_again_and_takes_nothing(site: Account) -> None:
    again = [come(site, "192.0.2.1", headers={"idempotency-key": "one"}) for _ in range(5)]
    fresh = [come(site, "192.0.2.1") for _ in range(5)]

    assert {each.json()["data"]["id"] for each in again} == {again[0].json()["data"]["id"]}
    assert [each.status_code for each in fresh] == [201] * 4 + [429]


def test_a_bucket_fills_again(limited: House, site: Account) -> None:
    for _ in range(6):
        come(site, "192.0.2.1")
    minutes_ago = int(time.time() * 1000) - 60_000
    sql = "UPDATE buckets SET full_at = :at WHERE account_id = :id"
    limited.change(sql, id=site.id, at=minutes_ago)

    # The process remembers whom it told to wait; a visitor it told nothing is let in at once.
    assert come(site, "192.0.2.3").status_code == 201


def test_no_address_of_a_visitor_is_stored(limited: House, site: Account) -> None:
    come(site, "198.51.100.77", LONG_TEXT)

    tables = ("feedback", "buckets", "repeats", "secrets", "sightings", "suspicions")
    kept = str([limited.rows(f"SELECT * FROM {table}") for table in tables])
    assert "198.51.100.77" not in kept
    assert "198.51.100.77" not in limited.log


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"website": "https://spam.example"}, "TRAP"),
        (
            {"elapsedMs": 200, "message": "http://a.example http://b.example http://c.example"},
            "QUICK LINKS",
        ),
        ({"elapsedMs": 10, "website": "x"}, "TRAP QUICK"),
    ],
)
def test_what_looks_like_spam_waits_in_quarantine(
    house: House, carol: Account, more: dict[str, Any], reason: str
) -> None:
    answer = knock(carol, more=more)

    assert answer.status_code == 201
    assert set(answer.json()["data"]) == {"id", "message", "context", "status", "createdAt"}
    assert shelves(house, carol) == [("SPAM", reason)]
    assert house.rows("SELECT items FROM usage WHERE account_id = :id", id=carol.id) == []


@pytest.mark.parametrize(
    "more",
    [
        {"website": ""},
        {"website": None},
        {"elapsedMs": 200},
        {"elapsedMs": "no number"},
        {"elapsedMs": True},
        {"message": "http://a.example http://b.example http://c.example"},
    ],
)
def test_one_sign_alone_is_not_spam(house: House, bob: Account, more: dict[str, Any]) -> None:
    assert knock(bob, more=more).status_code == 201
    assert shelves(house, bob) == [("LIVE", "")]


def test_the_same_text_over_and_over_is_a_sign(house: House, bob: Account) -> None:
    for text in (LONG_TEXT, LONG_TEXT.upper() + "!", LONG_TEXT):
        knock(bob, text, more={"elapsedMs": 100})

    assert shelves(house, bob) == [("LIVE", ""), *[("SPAM", "QUICK REPEATED")] * 2]


def test_short_words_may_be_said_by_many(house: House, bob: Account) -> None:
    for _ in range(3):
        knock(bob, "It does not work", more={"elapsedMs": 100})

    assert shelves(house, bob) == [("LIVE", "")] * 3


def test_another_project_may_be_told_the_same(house: House, alice: Account, bob: Account) -> None:
    for who in (alice, bob):
        knock(who, LONG_TEXT, more={"elapsedMs": 100})

    assert shelves(house, bob) == [("LIVE", "")]


def test_spam_counts_in_no_list_and_no_search(carol: Account) -> None:
    knock(carol, LONG_TEXT, more={"website": "x"})

    assert carol.get("/api/feedback").json()["pagination"]["total"] == 0
    assert carol.get("/api/feedback?search=checkout").json()["pagination"]["total"] == 0


def test_quarantine_ends_after_thirty_days(database: str, new_house: Callable[..., House]) -> None:
    with running(new_house(database)) as house:
        bob = house.account()
        knock(bob, LONG_TEXT, more={"website": "x"})
        knock(bob, LONG_TEXT)
        month_ago = int(time.time() * 1000) - 31 * 86_400_000
        house.change("UPDATE suspicions SET since = :at", at=month_ago)

        assert house.tx(lambda tx: service.forget_spam(tx, 20)) == 1

        assert shelves(house, bob) == [("LIVE", "")]
        tallied = house.rows("SELECT shelf, items FROM tallies WHERE items > 0")
        assert tallied == [("LIVE", 1)]
        until(lambda: bob.get("/api/feedback").json()["pagination"]["total"] == 1)
