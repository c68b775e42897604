"""POST /api/feedback, the widget's public door (contract section 6)."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from miniback import plans
from tests.house import Account, House, running

REFUSED = (
    403,
    {
        "error": "This site is not allowed to send feedback to this project",
        "code": "site_not_allowed",
    },
)
NOT_FOUND = (404, {"error": "Project not found"})
PAGE = {"origin": "https://example.com"}


def knock(who: Account, message: object = "m", **options: Any) -> httpx2.Response:
    """Post as the widget does: without a key."""
    body = {"message": message, "projectSlug": who.slug, **options.pop("more", {})}
    return who.client.post("/api/feedback", json=body, **options)


def items(who: Account) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = who.get("/api/feedback").json()["data"]
    return found


def allow(who: Account, *entries: str) -> None:
    path = f"/api/projects/{who.project_id}/settings"
    assert who.put(path, json={"allowedDomains": entries}).status_code == 200


def open_to_pages(response: httpx2.Response) -> bool:
    exposed = response.headers.get("access-control-expose-headers", "").lower().split(",")
    return (
        response.headers.get_list("access-control-allow-origin") == ["*"]
        and "retry-after" in [each.strip() for each in exposed]
        and "access-control-allow-credentials" not in response.headers
    )


def test_the_door_answers_201_with_the_item_as_creating_does(bob: Account) -> None:
    response = knock(bob, more={"context": {"url": "https://example.com/"}})

    assert response.status_code == 201
    item = response.json()["data"]
    assert list(item) == ["id", "message", "context", "status", "createdAt"]
    (kept,) = items(bob)
    assert {name: kept[name] for name in item} == item


def test_the_door_is_open_to_a_free_account(house: House, alice: Account) -> None:
    assert knock(alice).status_code == 201

    assert house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=alice.id) == (1,)


def test_a_submission_takes_one_item_and_no_call(house: House, carol: Account) -> None:
    knock(carol)

    usage = house.row("SELECT calls, items, held FROM usage WHERE account_id = :id", id=carol.id)
    assert usage == (0, 1, 0)


def test_the_door_tells_nothing_of_the_accounts_allowance(carol: Account) -> None:
    response = knock(carol)

    assert not [name for name in response.headers if name.startswith("ratelimit")]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": "mbk_wrong"},
        {"x-api-key": ""},
        {"authorization": "Bearer x"},
        {"cookie": "miniback_session=x; __Host-miniback=y"},
    ],
)
def test_keys_and_cookies_are_ignored(bob: Account, headers: dict[str, str]) -> None:
    assert knock(bob, headers=headers).status_code == 201


def test_a_good_key_neither_counts_nor_leads_elsewhere(
    house: House, bob: Account, carol: Account
) -> None:
    knock(bob, headers={"x-api-key": carol.key}, params={"api_key": carol.key})

    assert len(items(bob)) == 1
    assert house.rows("SELECT 1 FROM usage WHERE account_id = :id", id=carol.id) == []


@pytest.mark.parametrize("slug", ["nothing-here", "ä", "x" * 1_000, "' OR 1=1", "../x"])
def test_an_unknown_slug_is_404(bob: Account, slug: str) -> None:
    response = knock(bob, more={"projectSlug": slug})

    assert (response.status_code, response.json()) == NOT_FOUND


def test_a_slug_in_capitals_and_an_id_are_404(bob: Account) -> None:
    for name in (bob.slug.upper(), bob.project_id, f" {bob.slug}"):
        response = knock(bob, more={"projectSlug": name})
        assert (response.status_code, response.json()) == NOT_FOUND


def test_an_unknown_slug_is_404_before_the_message_is_judged(bob: Account) -> None:
    response = knock(bob, "", more={"projectSlug": "nothing-here"})

    assert (response.status_code, response.json()) == NOT_FOUND


@pytest.mark.parametrize("slug", [None, 1, True, [], {}, ""])
def test_a_project_slug_that_is_no_text_is_400(bob: Account, slug: object) -> None:
    response = knock(bob, more={"projectSlug": slug})

    assert response.status_code == 400
    assert "projectSlug" in response.json()["error"]


@pytest.mark.parametrize("message", [None, 1, "", " \u200b ", [], {}])
def test_the_rule_for_messages_holds_at_the_door(bob: Account, message: object) -> None:
    response = knock(bob, message)

    assert response.status_code == 400
    assert response.json() == {"error": "Message is required and must be a string"}


@pytest.mark.parametrize(
    "more", [{"context": []}, {"context": {"a": "x" * 16_384}}, {"message": "m" * 10_001}]
)
def test_the_limits_of_content_hold_at_the_door(bob: Account, more: dict[str, Any]) -> None:
    assert knock(bob, more=more).status_code == 400
    assert items(bob) == []


@pytest.mark.parametrize(
    ("header", "source"),
    [("widget", "WIDGET"), ("Widget", "WIDGET"), ("web", "API"), (None, "API")],
)
def test_the_source_header_marks_the_item(bob: Account, header: str | None, source: str) -> None:
    knock(bob, headers={"x-feedback-source": header} if header else {})

    assert items(bob)[0]["source"] == source


def test_a_paused_project_takes_no_feedback_at_the_door(bob: Account) -> None:
    bob.put(f"/api/projects/{bob.project_id}", json={"status": "PAUSED"})

    response = knock(bob)

    assert (response.status_code, response.json()) == (
        403,
        {"error": "Project is paused", "code": "project_paused"},
    )
    assert open_to_pages(response)
    assert items(bob) == []


@pytest.mark.parametrize("origin", [None, "null", "https://example.com", "https://evil.example"])
def test_an_empty_list_admits_every_site(bob: Account, origin: str | None) -> None:
    assert knock(bob, headers={"origin": origin} if origin else {}).status_code == 201


@pytest.mark.parametrize(
    "origin",
    [
        *("https://example.com", "http://example.com:8080", "https://app.example.org"),
        *("http://localhost:5173", "https://xn--bcher-kva.example", "https://EXAMPLE.com"),
    ],
)
def test_a_listed_site_is_admitted(bob: Account, origin: str) -> None:
    allow(bob, "example.com", "*.example.org", "localhost", "bücher.example")

    assert knock(bob, headers={"origin": origin}).status_code == 201


@pytest.mark.parametrize(
    "origin",
    [
        *(
            None,
            "",
            "null",
            "https://evil.example",
            "https://www.example.com",
            "https://example.org",
        ),
        *("https://a.b.example.org", "https://example.com.evil.io", "https://notexample.com"),
        *("example.com", "https://example.com@evil.io", "http://[", "https://.example.org"),
    ],
)
def test_any_other_site_is_403_and_leaves_nothing(
    house: House, carol: Account, origin: str | None
) -> None:
    allow(carol, "example.com", "*.example.org")

    response = knock(carol, headers={} if origin is None else {"origin": origin})

    assert (response.status_code, response.json()) == REFUSED
    assert open_to_pages(response)
    assert house.rows("SELECT 1 FROM feedback WHERE account_id = :id", id=carol.id) == []


def test_capitals_in_an_entry_do_not_matter(bob: Account) -> None:
    allow(bob, "Example.COM")

    assert knock(bob, headers=PAGE).status_code == 201


def test_our_own_origin_is_always_admitted(house: House, bob: Account) -> None:
    allow(bob, "example.com")

    assert knock(bob, headers={"origin": house.base_url}).status_code == 201


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://feedback.example.net", "https://feedback.example.net"),
        ("https://feedback.example.net/", "https://feedback.example.net"),
        ("https://Feedback.Example.net", "https://feedback.example.net"),
        ("https://feedback.example.net:443", "https://feedback.example.net"),
    ],
)
def test_our_own_origin_is_that_of_the_base_url(
    database: str, new_house: Callable[..., House], base_url: str, origin: str
) -> None:
    with running(new_house(database, environment={"MINIBACK_BASE_URL": base_url})) as house:
        bob = house.account()
        allow(bob, "example.com")

        assert knock(bob, headers={"origin": origin}).status_code == 201


def test_a_site_is_judged_before_the_message(bob: Account) -> None:
    allow(bob, "example.org")

    response = knock(bob, "", headers=PAGE)

    assert (response.status_code, response.json()) == REFUSED


def test_allowed_domains_do_not_bind_keyed_calls(bob: Account) -> None:
    allow(bob, "example.org")

    assert bob.post(bob.feedback_path, json={"message": "m"}, headers=PAGE).status_code == 201


@pytest.fixture(scope="module")
def dave(house: House) -> Account:
    return house.account(plans.PRO)


@pytest.mark.parametrize("path", ["/api/feedback", "/api/feedback/", "/api/feedback?a=1"])
@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"message":"m","projectSlug":"%b"}', {}, 201),
        (b'{"message":"","projectSlug":"%b"}', {}, 400),
        (b'{"message":"m","projectSlug":"%b"', {}, 400),
        (b'{"message":"m","projectSlug":"no-%b"}', {}, 404),
        (b'{"message":"m","projectSlug":"%b"}', {"content-type": "multipart/form-data"}, 415),
        (b'{"message":"m","projectSlug":"%b"}', {"content-encoding": "gzip"}, 415),
        (b'{"message":"m","projectSlug":"%b"}' + b" " * 163_840, {}, 413),
        (b'{"message":"m","projectSlug":"%b"}', {"idempotency-key": "k" * 256}, 400),
    ],
    ids=["201", "400", "bad-json", "404", "multipart", "gzip", "413", "bad-key"],
)
def test_every_answer_of_the_door_is_open_to_pages(
    dave: Account, path: str, content: bytes, headers: dict[str, str], status: int
) -> None:
    body = content.replace(b"%b", dave.slug.encode())
    response = dave.client.post(path, content=body, headers={**PAGE, **headers})

    assert response.status_code == status
    assert open_to_pages(response)


def test_a_422_of_the_door_is_open_to_pages(bob: Account) -> None:
    knock(bob, headers={"idempotency-key": "one"})

    response = knock(bob, "other", headers={"idempotency-key": "one"})

    assert response.status_code == 422
    assert open_to_pages(response)


@pytest.mark.parametrize("path", ["/api/feedback", "/api/feedback/"])
def test_a_preflight_allows_post_with_the_widgets_headers(house: House, path: str) -> None:
    wanted = "content-type,idempotency-key,x-feedback-source"
    headers = {
        **PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": wanted,
    }
    response = house.client.options(path, headers=headers)

    assert response.status_code in (200, 204)
    assert open_to_pages(response)
    assert "POST" in response.headers["access-control-allow-methods"]
    allowed = response.headers["access-control-allow-headers"].lower().replace(" ", "").split(",")
    assert {*wanted.split(",")} <= {*allowed}
    assert "x-api-key" not in allowed


def test_a_preflight_that_the_guard_refuses_is_open_to_pages(house: House) -> None:
    headers = {**PAGE, "content-encoding": "gzip"}

    response = house.client.request("OPTIONS", "/api/feedback", content=b"x", headers=headers)

    assert response.status_code == 415
    assert open_to_pages(response)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/feedback"),
        ("HEAD", "/api/feedback"),
        ("PUT", "/api/feedback"),
        ("DELETE", "/api/feedback"),
        ("GET", "/api/feedback/feedback_1"),
        ("OPTIONS", "/api/feedback/feedback_1"),
        ("PUT", "/api/feedback/feedback_1"),
        ("GET", "/api/projects"),
        ("POST", "/api/projects"),
        ("OPTIONS", "/api/projects"),
        ("POST", "{feedback}"),
        ("OPTIONS", "{feedback}"),
        ("GET", "{feedback}"),
        ("GET", "/api/usage"),
        ("OPTIONS", "/api/nothing"),
        ("POST", "/api/feedbacks"),
    ],
)
def test_no_other_call_answers_a_page_of_another_site(
    dave: Account, method: str, path: str
) -> None:
    address = path.format(feedback=dave.feedback_path)

    keyed = dave.call(method, address, headers=PAGE)
    keyless = dave.client.request(method, address, headers=PAGE)

    for response in (keyed, keyless):
        assert not [name for name in response.headers if name.startswith("access-control")]
