"""API keys: format, making, replacing, and what is never kept (contract section 2)."""

import hashlib
import re
import string
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniback.projects import keys
from tests.house import Account, House, running, until

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
SHAPE = re.compile(r"mbk_[0-9A-Za-z]{36}")
MEMBERS = ["projectId", "apiKey", "maskedKey", "createdAt", "lastUsedAt"]


def base62(number: int) -> str:
    return base62(number // 62) + DIGITS[number % 62] if number else ""


def key_path(account: Account) -> str:
    return f"/api/projects/{account.project_id}/api-key"


def replace(account: Account, overlap_s: int = 0) -> str:
    """Give the account's project a new key, use it from now on and return it."""
    answer = account.post(key_path(account), json={"overlapSeconds": overlap_s})
    assert answer.status_code == 201, answer.text
    account.key = answer.json()["data"]["apiKey"]
    return account.key


def status_with(account: Account, key: str) -> int:
    return account.get("/api/projects", headers={"x-api-key": key}).status_code


def second_project(account: Account) -> str:
    made: str = account.post("/api/projects", json={"name": "Second"}).json()["data"]["id"]
    return made


def test_the_example_of_the_contract_has_its_checksum() -> None:
    assert keys.checksum("mbk_0123456789ABCDEFGHIJKLMNOPQRST") == "0lmKBo"
    assert keys.is_well_formed("mbk_0123456789ABCDEFGHIJKLMNOPQRST0lmKBo")


@given(st.text(DIGITS, min_size=30, max_size=30))
def test_a_checksum_is_the_crc_in_base_62_six_wide(chance: str) -> None:
    start = "mbk_" + chance

    assert keys.checksum(start) == base62(zlib.crc32(start.encode())).rjust(6, "0")


@given(st.integers(0, 39), st.sampled_from(DIGITS + "_-é "))
def test_a_key_with_one_character_mistyped_is_told(place: int, typed: str) -> None:
    key = keys.new()
    mistyped = key[:place] + typed + key[place + 1 :]

    assert keys.is_well_formed(mistyped) == (mistyped == key)


@pytest.mark.parametrize("change", [str.upper, str.lower, str.swapcase, lambda key: key + "0"])
def test_a_key_in_another_case_or_length_is_told(change: Callable[[str], str]) -> None:
    assert not keys.is_well_formed(change(keys.new()))


def test_new_keys_have_the_format_and_differ() -> None:
    made = [keys.new() for _ in range(1_000)]

    assert all(SHAPE.fullmatch(key) and keys.is_well_formed(key) for key in made)
    assert len({key[4:12] for key in made}) == 1_000


def test_every_digit_appears_in_the_random_part() -> None:
    assert set("".join(keys.new()[4:34] for _ in range(300))) == set(DIGITS)


def test_making_a_key_answers_201_with_the_whole_key(bob: Account) -> None:
    answer = bob.post(key_path(bob))

    made = answer.json()["data"]
    assert (answer.status_code, list(made)) == (201, MEMBERS)
    assert SHAPE.fullmatch(made["apiKey"])
    assert (made["projectId"], made["lastUsedAt"]) == (bob.project_id, None)


def test_making_a_key_answers_with_its_mask_and_time(bob: Account) -> None:
    before = datetime.now(UTC)
    made = bob.post(key_path(bob)).json()["data"]

    assert made["maskedKey"] == made["apiKey"][:8] + "…" + made["apiKey"][-4:]
    age_s = (datetime.fromisoformat(made["createdAt"]) - before).total_seconds()
    assert -0.001 <= age_s < 60


def test_a_key_is_shown_once(bob: Account) -> None:
    replace(bob)

    answer = bob.get(key_path(bob))

    assert list(answer.json()["data"]) == MEMBERS
    assert answer.json()["data"]["apiKey"] is None
    assert bob.key not in answer.text


def test_a_key_is_shown_masked(bob: Account) -> None:
    shown = bob.get(key_path(bob)).json()["data"]

    assert shown["projectId"] == bob.project_id
    assert shown["maskedKey"] == f"{bob.key[:8]}…{bob.key[-4:]}"


def test_a_key_keeps_the_time_of_its_making(bob: Account) -> None:
    made = bob.post(key_path(bob), json={"overlapSeconds": 60}).json()["data"]

    assert bob.get(key_path(bob)).json()["data"]["createdAt"] == made["createdAt"]


def test_where_there_is_no_key_all_but_the_project_is_null(bob: Account) -> None:
    project_id = second_project(bob)

    shown = bob.get(f"/api/projects/{project_id}/api-key").json()["data"]

    assert shown == {**dict.fromkeys(MEMBERS), "projectId": project_id}


@pytest.mark.parametrize("body", [None, b"", b"{}", b'{"overlapSeconds": 0}'])
def test_a_new_key_stops_the_old_one_at_once(bob: Account, body: bytes | None) -> None:
    made = bob.post(key_path(bob), content=body).json()["data"]["apiKey"]

    assert [status_with(bob, key) for key in (bob.key, made)] == [403, 200]


@pytest.mark.parametrize("overlap_s", [1_000, 604_800])
def test_an_old_key_lives_on_for_the_overlap(bob: Account, overlap_s: int) -> None:
    old, new = bob.key, replace(bob, overlap_s)

    assert [status_with(bob, key) for key in (old, new)] == [200, 200]


def test_an_overlap_ends(bob: Account) -> None:
    old, new = bob.key, replace(bob, 1)

    until(lambda: status_with(bob, old) == 403, "the old key to stop")
    assert status_with(bob, new) == 200


@pytest.mark.parametrize("overlap_s", [60, 604_800])
def test_an_overlap_ends_when_it_was_said(house: House, bob: Account, overlap_s: int) -> None:
    old = hashlib.sha256(bob.key.encode()).hexdigest()
    made = bob.post(key_path(bob), json={"overlapSeconds": overlap_s}).json()["data"]

    ((ends,),) = house.rows("SELECT expires_at FROM api_keys WHERE key_hash = :old", old=old)
    assert ends == datetime.fromisoformat(made["createdAt"]).timestamp() * 1000 + overlap_s * 1000


def test_only_one_old_key_lives(bob: Account) -> None:
    three = [bob.key, replace(bob, 1_000), replace(bob, 1_000)]

    assert [status_with(bob, key) for key in three] == [403, 200, 200]


def test_a_new_key_without_overlap_stops_all_others(bob: Account) -> None:
    three = [bob.key, replace(bob, 1_000), replace(bob)]

    assert [status_with(bob, key) for key in three] == [403, 403, 200]


def test_during_an_overlap_the_new_key_is_shown(bob: Account) -> None:
    old, new = bob.key, replace(bob, 1_000)

    shown = bob.get(key_path(bob), headers={"x-api-key": old}).json()["data"]

    assert shown["maskedKey"][-4:] == new[-4:]


@pytest.mark.parametrize("overlap", [-1, 604_801, 1.5, "60", True, [], 10**30])
def test_an_overlap_that_is_no_whole_number_in_range_is_refused(
    bob: Account, overlap: object
) -> None:
    answer = bob.post(key_path(bob), json={"overlapSeconds": overlap})

    assert answer.status_code == 400
    assert status_with(bob, bob.key) == 200


@pytest.mark.parametrize("body", [b"[]", b"{", b"60"])
def test_a_body_that_is_no_object_makes_no_key(bob: Account, body: bytes) -> None:
    assert bob.post(key_path(bob), content=body).status_code == 400
    assert status_with(bob, bob.key) == 200


def test_a_new_key_stops_no_key_of_another_project(bob: Account) -> None:
    project_id = second_project(bob)

    made = bob.post(f"/api/projects/{project_id}/api-key").json()["data"]["apiKey"]

    assert [status_with(bob, key) for key in (bob.key, made)] == [200, 200]


def test_the_keys_of_a_deleted_project_stop(bob: Account) -> None:
    assert bob.delete(f"/api/projects/{bob.project_id}").status_code == 200

    assert status_with(bob, bob.key) == 403


def test_a_key_acts_for_the_whole_account(bob: Account) -> None:
    path = f"/api/projects/{second_project(bob)}/feedback"

    assert bob.post(path, json={"message": "A"}).status_code == 201
    assert bob.get(path).json()["pagination"]["total"] == 1


def last_used(account: Account, project_id: str) -> str | None:
    shown = account.get(f"/api/projects/{project_id}/api-key").json()["data"]
    at: str | None = shown["lastUsedAt"]
    return at


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_last_use_is_written_in_time(bob: Account, method: str) -> None:
    project_id = second_project(bob)
    key = bob.post(f"/api/projects/{project_id}/api-key").json()["data"]["apiKey"]
    assert last_used(bob, project_id) is None
    before = datetime.now(UTC)

    bob.call(method, bob.feedback_path, json={"message": "A"}, headers={"x-api-key": key})

    at = until(lambda: last_used(bob, project_id), "the last use to be written")
    assert (datetime.fromisoformat(at) - before).total_seconds() > -0.001


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_later_use_is_written_over_an_earlier_one(
    house: House, bob: Account, method: str
) -> None:
    now = int(datetime.now(UTC).timestamp() * 1000)
    sql = "UPDATE api_keys SET last_used_at = :at WHERE account_id = :id"
    house.change(sql, at=now - 60_000, id=bob.id)

    bob.call(method, bob.feedback_path, json={"message": "A"})

    sql = "SELECT last_used_at FROM api_keys WHERE account_id = :id"
    until(lambda: house.row(sql, id=bob.id)[0] >= now, "the later use to be written")


def test_a_refused_key_is_not_used(house: House, bob: Account) -> None:
    old, key_hash = bob.key, hashlib.sha256(bob.key.encode()).hexdigest()
    replace(bob, 1_000)
    sql = "UPDATE api_keys SET expires_at = 1, last_used_at = 1 WHERE key_hash = :hash"
    house.change(sql, hash=key_hash)
    before = int(datetime.now(UTC).timestamp() * 1000)

    assert status_with(bob, old) == 403
    until(lambda: last_used(bob, bob.project_id), "the new key's use to be written")
    sql = "SELECT last_used_at FROM api_keys WHERE key_hash = :hash"
    assert house.row(sql, hash=key_hash)[0] < before


def stored(house: House) -> bytes:
    """Return all that the database holds."""
    if house.database_url.startswith("sqlite"):
        return b"".join(path.read_bytes() for path in house.folder.glob("miniback.db*"))
    tables = house.rows("SELECT relname FROM pg_stat_user_tables")
    return str([house.rows(f"SELECT * FROM {table}") for (table,) in tables]).encode()


def test_only_the_hash_of_a_key_is_stored(house: House, bob: Account) -> None:
    key = replace(bob)
    bob.say()

    held = stored(house)
    assert hashlib.sha256(key.encode()).hexdigest().encode() in held
    assert [part for part in (key, key[8:], key[:36], key[6:34]) if part.encode() in held] == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["header", "query"])
def test_no_key_is_in_the_log_even_when_the_server_fails(
    house: House, bob: Account, method: str, form: str
) -> None:
    house.change("UPDATE accounts SET plan = 'LOST' WHERE id = :id", id=bob.id)
    given: dict[str, Any] = {
        form + "s" if form == "header" else "params": {
            "x-api-key" if form == "header" else "api_key": bob.key
        }
    }

    answer = house.client.request(method, bob.feedback_path, json={"message": "A"}, **given)

    assert answer.status_code == 500
    assert bob.key[8:-4] not in house.log + (house.folder / "stdout.log").read_text() + answer.text


def in_query(house: House, account: Account, key: str, **headers: str) -> httpx2.Response:
    """Call with a key in the query."""
    return house.client.get("/api/projects", params={"api_key": key}, headers=headers)


def test_a_key_may_travel_in_the_query(house: House, bob: Account) -> None:
    assert in_query(house, bob, bob.key).status_code == 200


def test_a_key_in_the_query_posts_feedback(house: House, alice: Account) -> None:
    path = f"{alice.feedback_path}?api_key={alice.key}"

    assert house.client.post(path, json={"message": "A"}).status_code == 201


@pytest.mark.parametrize(
    ("header", "query", "status"), [("good", "bad", 200), ("bad", "good", 403)]
)
def test_the_header_wins_over_the_query(
    house: House, bob: Account, header: str, query: str, status: int
) -> None:
    key = {"good": bob.key, "bad": "mbk_wrong"}

    answer = in_query(house, bob, key[query], **{"x-api-key": key[header]})

    assert answer.status_code == status


def test_an_empty_key_in_the_query_is_none(house: House, bob: Account) -> None:
    assert in_query(house, bob, "").status_code == 401


@pytest.fixture(scope="module")
def strict_house(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house that takes no keys in the query."""
    off = {"MINIBACK_API_KEY_IN_QUERY": "off"}
    with running(new_house(database, environment=off)) as house:
        yield house


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_setting_turns_the_query_form_off(strict_house: House, method: str) -> None:
    bob = strict_house.account()

    path = f"{bob.feedback_path}?api_key={bob.key}"
    answer = strict_house.client.request(method, path, json={"message": "A"})

    assert answer.status_code == 401
    assert answer.json()["error"].startswith("API key is required.")


def test_the_header_serves_where_the_query_form_is_off(strict_house: House) -> None:
    bob = strict_house.account()

    assert bob.get(f"/api/projects?api_key={bob.key}").status_code == 200


def test_a_mistyped_key_is_told_without_a_look_up(strict_house: House) -> None:
    bob = strict_house.account()
    strict_house.change("ALTER TABLE api_keys RENAME TO api_keys_away")
    try:
        mistyped = bob.key[:-1] + ("0" if bob.key[-1] != "0" else "1")
        assert [status_with(bob, key) for key in (bob.key, mistyped)] == [500, 403]
    finally:
        strict_house.change("ALTER TABLE api_keys_away RENAME TO api_keys")


def test_the_command_line_makes_a_key_that_lives(house: House, bob: Account) -> None:
    done = house.run("key", "create", "--project", bob.slug, "--json")

    made = re.search(SHAPE, done.stdout)
    assert made
    assert [status_with(bob, key) for key in (bob.key, made[0])] == [403, 200]


def test_no_file_of_the_house_holds_a_key(house: House, bob: Account) -> None:
    bob.say()
    bob.get("/api/projects")

    files: list[Path] = [path for path in house.folder.rglob("*") if path.is_file()]
    assert [path for path in files if bob.key[8:-4].encode() in path.read_bytes()] == []
