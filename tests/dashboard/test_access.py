"""The page of a project's API key, which is shown once (ux.md section 9)."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from miniback import plans
from miniback.accounts import Role
from tests.house import House, running, until
from tests.mcp.speaking import without_library
from tests.projects.test_keys import SHAPE, stored
from tests.visitor import Member, member_of, owner, owner_of, said

HOUR_S = 3_600


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account on PRO."""
    return owner(house)


@pytest.fixture
def alice(house: House) -> Member:
    """The owner of an account on FREE."""
    return owner(house, plans.FREE)


def page_of(member: Member) -> str:
    return f"/projects/{member.account.slug}/api"


def issue(member: Member, overlap: str = "0", **headers: str) -> httpx2.Response:
    """Have a new key made by the form."""
    path = page_of(member)
    data = {"csrf_token": member.token(path), "overlap": overlap}
    return member.client.post(path + "/key", data=data, headers=headers)


def key_in(page: httpx2.Response) -> str:
    """The one key that a page shows."""
    (key,) = set(SHAPE.findall(page.text))
    return str(key)


def opens(member: Member, key: str) -> int:
    return member.get("/api/projects", headers={"x-api-key": key}).status_code


def test_ak1_the_answer_to_the_form_shows_a_key_that_works(bob: Member) -> None:
    page = issue(bob)

    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert opens(bob, key_in(page)) == 200


def test_ak1_a_script_gets_the_key_without_the_page_around_it(bob: Member) -> None:
    piece = issue(bob, **{"hx-request": "true"})

    assert (piece.status_code, piece.headers["cache-control"]) == (200, "no-store")
    assert "<html" not in piece.text
    assert opens(bob, key_in(piece)) == 200


def test_ak1_no_later_page_holds_the_key(house: House, bob: Member) -> None:
    key = key_in(issue(bob))
    other_tab = owner_of(house, bob.account)

    for who in (bob, other_tab):
        for path in (page_of(bob), "/projects", f"/projects/{bob.account.slug}", "/usage"):
            page = who.get(path)
            assert (page.status_code, key[8:-4] in page.text) == (200, False)


def test_ak1_no_cookie_holds_the_key(bob: Member) -> None:
    answer = issue(bob)

    assert key_in(answer)[8:-4] not in str(answer.headers) + str(bob.client.cookies)


def test_ak1_neither_log_nor_database_holds_the_key(house: House, bob: Member) -> None:
    key = key_in(issue(bob))
    bob.submit(page_of(bob) + "/test", page="/usage", key=key)
    opens(bob, key)

    assert key[8:-4].encode() not in stored(house)
    assert key[8:-4] not in house.log + (house.folder / "stdout.log").read_text()


def test_ak1_a_reload_of_the_answer_makes_no_second_key_and_shows_none(bob: Member) -> None:
    data = {"csrf_token": bob.token(page_of(bob)), "overlap": "0", "once": "this very form"}
    first, again = (bob.client.post(page_of(bob) + "/key", data=data) for _ in range(2))

    assert again.status_code == 303
    assert "mbk_" not in again.text
    assert opens(bob, key_in(first)) == 200


@pytest.mark.parametrize("overlap", ["2h", "-1", "3600", "0 "])
def test_ak3_an_overlap_that_is_not_offered_makes_no_key(bob: Member, overlap: str) -> None:
    assert issue(bob, overlap).status_code == 400
    assert opens(bob, bob.account.key) == 200


def test_ak3_without_an_overlap_the_old_key_stops_now(bob: Member) -> None:
    new = key_in(issue(bob))

    assert [opens(bob, key) for key in (bob.account.key, new)] == [403, 200]


@pytest.mark.parametrize(("overlap", "hours"), [("1h", 1), ("24h", 24)])
def test_ak3_an_overlap_lets_the_old_key_live_for_its_time(
    house: House, bob: Member, overlap: str, hours: int
) -> None:
    new = key_in(issue(bob, overlap))

    assert [opens(bob, key) for key in (bob.account.key, new)] == [200, 200]
    sql = "SELECT max(expires_at) - max(created_at) FROM api_keys WHERE account_id = :id"
    assert house.row(sql, id=bob.account.id) == (hours * HOUR_S * 1_000,)


def test_ak3_an_old_key_stops_when_it_is_due(house: House, bob: Member) -> None:
    new = key_in(issue(bob, "1h"))
    now = int(datetime.now(UTC).timestamp() * 1_000)
    sql = "UPDATE api_keys SET expires_at = :now WHERE account_id = :id AND expires_at > 0"
    house.change(sql, now=now, id=bob.account.id)

    assert [opens(bob, key) for key in (bob.account.key, new)] == [403, 200]


def test_ak3_the_form_offers_three_times_and_now_by_default(bob: Member) -> None:
    page = bob.get(page_of(bob)).text

    choices = re.findall(r'name="overlap" value="(\w+)"( checked)?', page)
    assert choices == [("0", " checked"), ("1h", ""), ("24h", "")]


def test_ak3_the_form_tells_the_old_keys_last_use(house: House, bob: Member) -> None:
    assert "The old one was never used." in said(bob.get(page_of(bob)))

    opens(bob, bob.account.key)

    told = "The old one was last used just now"
    until(lambda: told in said(bob.get(page_of(bob))), "the last use to be told")


def test_ak4_the_page_shows_the_prefix_and_the_last_four(bob: Member) -> None:
    key = key_in(issue(bob))

    page = bob.get(page_of(bob)).text

    assert f'<code class="key" translate="no">{key[:8]}…{key[-4:]}</code>' in page
    assert "mbk_" not in page.replace(f"{key[:8]}…", "")


def test_ak4_the_last_use_is_told_after_a_call(bob: Member) -> None:
    assert "never used" in said(bob.get(page_of(bob)))

    opens(bob, bob.account.key)

    until(lambda: "last used just now" in said(bob.get(page_of(bob))), "the last use")


def test_ak5_on_free_the_page_tells_what_the_key_may_do_before_it_is_made(alice: Member) -> None:
    alice.submit(page_of(alice) + "/revoke")

    text = said(alice.get(page_of(alice)))

    assert "This project has no key yet." in text
    assert "On FREE a key may send feedback (POST) and nothing else." in text
    assert f"curl -X POST {alice.house.base_url}{alice.account.feedback_path}" in text


def test_ak5_on_pro_there_is_no_such_warning(bob: Member) -> None:
    assert "and nothing else" not in said(bob.get(page_of(bob)))


def test_ak5_the_sample_call_works_as_it_stands(house: House, alice: Member) -> None:
    text = said(alice.get(page_of(alice)))
    found = re.search(r"curl -X POST (\S+) .*?-d '({.*?})'", text)
    assert found

    headers = {"x-api-key": alice.account.key, "content-type": "application/json"}
    assert httpx2.post(found[1], headers=headers, content=found[2]).status_code == 201


def assistant_in(page: httpx2.Response) -> dict[str, Any]:
    """What the page says an assistant's settings are to hold."""
    (found,) = re.findall(r"<code>([^<]*mcpServers[^<]*)</code>", page.text)
    settings: dict[str, Any] = json.loads(html.unescape(found))["mcpServers"]["miniback"]
    return settings


def test_c4_the_page_has_what_an_assistants_settings_need(house: House, bob: Member) -> None:
    settings = assistant_in(bob.get(page_of(bob)))
    headers = {"Authorization": f"Bearer {bob.account.key}"}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}

    assert settings["headers"] == {"Authorization": "Bearer YOUR_API_KEY"}
    assert httpx2.post(settings["url"], headers=headers, json=message).status_code == 200


def test_c4_on_free_the_page_offers_no_assistant(alice: Member) -> None:
    assert "mcpServers" not in alice.get(page_of(alice)).text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_c4_where_the_server_speaks_no_mcp_the_page_has_the_command(
    new_house: Callable[..., House], database: str, tmp_path: Path
) -> None:
    with running(new_house(database, environment=without_library(tmp_path))) as house:
        bob = owner(house)
        page = bob.get(page_of(bob))

    assert assistant_in(page)["args"] == ["mcp"]
    assert assistant_in(page)["env"]["MINIBACK_URL"] == house.base_url
    assert "does not speak MCP itself yet" in said(page)


def test_a_revoked_key_stops_at_once_and_the_page_has_none(bob: Member) -> None:
    issue(bob, "24h")

    answer = bob.submit(page_of(bob) + "/revoke")

    assert (answer.status_code, opens(bob, bob.account.key)) == (303, 403)
    assert "This project has no key yet." in said(bob.get(page_of(bob)))


@pytest.mark.parametrize("whose", ["own", "revoked", "another's", "none", "mistyped"])
def test_the_test_of_a_key_tells_whether_it_works_here(
    house: House, bob: Member, whose: str
) -> None:
    key = {
        **dict.fromkeys(("own", "revoked"), bob.account.key),
        "another's": house.account().key,
        "none": "",
        "mistyped": bob.account.key[:-1],
    }[whose]
    if whose == "revoked":
        bob.submit(page_of(bob) + "/revoke")

    piece = bob.submit(page_of(bob) + "/test", page="/usage", key=key)

    assert said(piece).strip() == ("The key works" if whose == "own" else "The key does not work")


def test_the_test_of_a_key_counts_no_call(house: House, alice: Member) -> None:
    alice.submit(page_of(alice) + "/test", page="/usage", key=alice.account.key)

    sql = "SELECT COALESCE(sum(calls), 0) FROM usage WHERE account_id = :id"
    assert house.row(sql, id=alice.account.id) == (0,)


def test_a_viewer_sees_the_mask_and_nothing_to_change(house: House, bob: Member) -> None:
    page = member_of(house, bob.account, Role.VIEWER).get(page_of(bob)).text

    assert f"{bob.account.key[:8]}…" in page
    assert not re.search(r"Regenerate|Revoke|/api/key", page)


def test_a_key_in_the_address_of_a_page_is_told_nowhere(house: House, bob: Member) -> None:
    page = bob.get(page_of(bob) + "?api_key=" + quote(bob.account.key))

    assert bob.account.key[8:-4] not in page.text + house.log
