"""Every address has a policy, and no session, id or trick gets around it (T10, T11)."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from miniback import ids, plans
from miniback.app import ROUTES
from miniback.http import Resource
from tests.house import Account, House
from tests.plans.figures import used
from tests.test_session_calls import JSON, Call, body_of, kept, new_item
from tests.test_tenants import CALLS, FREE_CALL, NAMING, REQUIRED, absent, told
from tests.visitor import Member, Visitor, filled, owner, visiting

# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)

# What anybody may ask for, and the two calls that ask by themselves who calls.
PUBLIC = {
    ("POST", "/api/projects/{project_id}/feedback"): "create_feedback",
    ("POST", "/api/feedback"): "submit_feedback",
    ("OPTIONS", "/api/feedback"): "preflight",
    ("GET", "/w/{slug}/challenge"): "get_challenge",
    ("POST", "/w/{slug}/attachments"): "upload_attachment",
    ("OPTIONS", "/w/{slug}/attachments"): "preflight",
    ("GET", "/w/{slug}.js"): "get_script",
    ("GET", "/w/{slug}.json"): "get_settings",
    ("GET", "/widget.js"): "get_core",
    ("GET", "/widget/{version}/{name}"): "get_versioned",
    ("GET", "/f/{slug}"): "show_form",
    ("POST", "/f/{slug}"): "submit_form",
    ("GET", "/f/{slug}/sent"): "show_receipt",
    ("GET", "/demo/{slug}"): "show_demo",
    ("GET", "/demo/{slug}/preview"): "show_preview",
    ("GET", "/unsubscribe/{token}"): "show_unsubscribe",
    ("POST", "/unsubscribe/{token}"): "unsubscribe",
    ("GET", "/healthz"): "get_health",
    ("GET", "/readyz"): "get_readiness",
    ("GET", "/metrics"): "get_metrics",
    ("GET", "/.well-known/security.txt"): "get_security_text",
    ("GET", "/openapi.json"): "get_openapi",
    ("GET", "/docs/search"): "show_search",
    ("GET", "/docs/explorer/{name}"): "get_part",
    **{
        ("GET", path): "show_page"
        for path in (
            *("/docs", "/docs/{page}", "/docs/api/{tag}", "/docs/explorer"),
            *("/docs/miniback.postman_collection.json", "/docs/miniback.bruno.zip"),
            *("/llms.txt", "/sitemap.xml"),
        )
    },
    # Answers one question for each token that `miniback doctor` puts into the database.
    ("GET", "/probe.json"): "get_probe",
    # A protocol of its own: who has no key is told so by its rules (tests/mcp).
    ("POST", "/mcp"): "answer_message",
    ("GET", "/assets/{name}"): "get_asset",
    **{
        ("GET", f"/{name}"): "get_root_asset"
        for name in (
            *("favicon.ico", "favicon.svg", "icon-192.png", "manifest.webmanifest"),
            "robots.txt",
        )
    },
}
DECLARED = re.compile(r"(keyed|signed_in|open_page)\.<locals>\.answer")
ODD = ["1", "x", "%00", "%FF", "..%5C", "%20", "proj_", "a" * 3_000, "proj_%F0%9F%98%80", "-", "A"]


def handlers() -> Iterator[tuple[Call, str]]:
    """Every method of every address, and what answers it."""
    for route in ROUTES:
        assert isinstance(route, Route)
        assert isinstance(route.endpoint, Resource)
        for method, handler in route.endpoint.handlers.items():
            if method != "HEAD":
                yield (method, route.path), handler.__qualname__


DECLARATIONS = dict(handlers())
SIGNED_IN = [each for each, name in DECLARATIONS.items() if name.startswith("signed_in.")]
OF_A_PROJECT = [each for each in SIGNED_IN if "{slug}" in each[1]]


@pytest.mark.parametrize("operation", DECLARATIONS, ids=" ".join)
def test_every_handler_declares_who_may_ask(operation: Call) -> None:
    name = DECLARATIONS[operation]

    assert DECLARED.fullmatch(name) or PUBLIC.get(operation) == name


def test_all_that_is_said_to_be_public_is_there() -> None:
    assert {each: DECLARATIONS.get(each) for each in PUBLIC} == PUBLIC


def test_the_walk_over_pages_is_not_empty() -> None:
    assert (len(OF_A_PROJECT) >= 14, len(SIGNED_IN) >= 30) == (True, True)


@pytest.fixture(scope="module")
def bob(house: House) -> tuple[Member, str]:
    """Bob, signed in, and an item of his."""
    bob = owner(house)
    return bob, new_item(bob, bob.account.project_id)


@pytest.fixture(scope="module")
def mallory(house: House) -> tuple[Member, str]:
    """Mallory, signed in to an account of her own, and the token of her pages."""
    mallory = owner(house)
    return mallory, mallory.token("/usage")


@pytest.fixture(scope="module")
def nobody(house: House) -> Iterator[Visitor]:
    """Somebody who is not signed in."""
    with visiting(house) as nobody:
        yield nobody


def ask(who: tuple[Visitor, str], call: Call, project_id: str, item_id: str) -> httpx2.Response:
    """Call the API by session, with all that a page of ours sends along."""
    method, path = call
    path = filled(path, projectId=project_id, feedbackId=item_id)
    body = None if method in ("GET", "HEAD") else body_of(call)
    return who[0].client.request(method, path, json=body, headers={"x-csrf-token": who[1], **JSON})


@pytest.mark.parametrize("operation", NAMING, ids=" ".join)
def test_to_a_session_what_is_anothers_looks_like_what_is_not_there(
    house: House, bob: tuple[Member, str], mallory: tuple[Member, str], operation: Call
) -> None:
    victim, item_id = bob
    before = kept(house, victim)

    foreign = ask(mallory, operation, victim.account.project_id, item_id)

    assert foreign.status_code in (403, 404)
    assert told(foreign) == told(ask(mallory, operation, *absent()))
    assert kept(house, victim) == before


@pytest.mark.parametrize("odd", [*ODD[1:6], ODD[-1]])
@pytest.mark.parametrize("operation", NAMING, ids=" ".join)
def test_to_a_session_an_id_of_another_shape_looks_like_one_that_is_not_there(
    mallory: tuple[Member, str], operation: Call, odd: str
) -> None:
    answer = ask(mallory, operation, odd, odd)

    assert told(answer) == told(ask(mallory, operation, *absent()))


@pytest.mark.parametrize("operation", NAMING, ids=" ".join)
def test_without_key_and_session_all_ids_look_alike(
    nobody: Visitor, bob: tuple[Member, str], operation: Call
) -> None:
    names = [(bob[0].account.project_id, bob[1]), absent(), ("x", "x"), ("%00", "%00")]
    answers = [told(ask((nobody, ""), operation, *each)) for each in names]

    assert answers[0][0] == 401
    assert answers == answers[:1] * len(names)


def plain(answer: httpx2.Response) -> tuple[Any, ...]:
    """A page without its tokens, which differ from one moment to the next, and its request's id."""
    text = answer.text.replace(answer.headers["x-request-id"], "")
    text = re.sub(r'(name="csrf_token" value|name="csrf-token" content)="[^"]+"', "", text)
    return answer.status_code, text, told(answer)[2]


def visit(who: tuple[Member, str], operation: Call, name: str) -> httpx2.Response:
    """Ask for a page of a project, or send a form to it."""
    method, path = operation
    path, headers = filled(path, slug=name), {"accept-encoding": "identity"}
    data = {"csrf_token": who[1], "name": "Mine", "slug": name, "domain": "mine.example"}
    if method == "GET":
        return who[0].get(path, headers=headers)
    return who[0].client.post(path, data=data, headers=headers)


@pytest.mark.parametrize("by", ["slug", "project_id"])
@pytest.mark.parametrize("operation", OF_A_PROJECT, ids=" ".join)
def test_a_page_of_anothers_project_looks_like_one_that_is_not_there(
    house: House, bob: tuple[Member, str], mallory: tuple[Member, str], operation: Call, by: str
) -> None:
    victim = bob[0]
    before = kept(house, victim)

    foreign = visit(mallory, operation, getattr(victim.account, by))

    assert foreign.status_code == 404
    assert plain(foreign) == plain(visit(mallory, operation, "nobodys-project"))
    assert kept(house, victim) == before


@pytest.mark.parametrize("odd", ODD[2:6])
@pytest.mark.parametrize("operation", OF_A_PROJECT, ids=" ".join)
def test_a_page_of_a_name_of_another_shape_looks_like_one_that_is_not_there(
    mallory: tuple[Member, str], operation: Call, odd: str
) -> None:
    found = visit(mallory, operation, odd)

    assert plain(found) == plain(visit(mallory, operation, "nobodys-project"))


@pytest.mark.parametrize("operation", SIGNED_IN, ids=" ".join)
def test_a_page_is_for_nobody_who_is_not_signed_in(
    nobody: Visitor, bob: tuple[Member, str], operation: Call
) -> None:
    method, path = operation
    path = filled(path, slug=bob[0].account.slug, session_id="session_1")

    answer = nobody.client.request(method, path, data={"csrf_token": nobody.token("/login")})

    assert (answer.status_code, answer.text) == (303, "")
    assert answer.headers["location"].startswith("/login")


def test_anothers_session_looks_like_one_that_is_not_there(
    house: House, bob: tuple[Member, str], mallory: tuple[Member, str]
) -> None:
    sql = "SELECT sessions.id FROM sessions WHERE account_id = :id"
    ((theirs,),) = house.rows(sql, id=bob[0].account.id)
    paths = [f"/settings/sessions/{each}/end" for each in (theirs, ids.new("session"), "x")]

    data, headers = {"csrf_token": mallory[1]}, {"accept-encoding": "identity"}

    ended = [mallory[0].client.post(path, data=data, headers=headers) for path in paths]

    assert plain(ended[0]) == plain(ended[1]) == plain(ended[2])
    assert bob[0].get("/usage").status_code == 200


def test_the_pages_of_an_account_hold_ones_own_alone(
    bob: tuple[Member, str], mallory: tuple[Member, str]
) -> None:
    for path in ("/projects", "/projects?search=my", "/usage", "/settings/profile"):
        page = mallory[0].get(path).text
        assert bob[0].account.slug + '"' not in page
        assert bob[0].email not in page


TRICKS: dict[str, tuple[str, dict[str, str]]] = {
    "plain": ("{}", {}),
    "method header": ("{}", {"x-http-method-override": "POST", "x-method-override": "POST"}),
    "method in the query": ("{}?_method=POST&method=POST", {}),
    "original address": ("{}", {"x-original-url": "/healthz", "x-rewrite-url": "/healthz"}),
    "trailing slash": ("{}/", {}),
    "encoded letter": ("/%61pi{api}", {}),
    "two slashes first": ("/{}", {}),
    "two slashes within": ("/api/{api}", {}),
    "two slashes last": ("{}//", {}),
    "dot": ("/%2e{}", {}),
    "dots": ("/healthz/%2e%2e{}", {}),
    "dots within": ("/api/%2e%2e{}", {}),
    "upper case": ("{upper}", {}),
}
SAME_ADDRESS = list(TRICKS)[:6]


def tricked(account: Account, operation: Call, trick: str, item_id: str) -> httpx2.Response:
    """Call by key at an address that is written otherwise; nothing on the way tidies it up."""
    method, path = operation
    path = filled(path, projectId=account.project_id, feedbackId=item_id)
    form, headers = TRICKS[trick]
    raw = form.format(path, api=path.removeprefix("/api"), upper=path.upper())
    url = account.client.base_url.copy_with(raw_path=raw.encode())
    body = '{"message": "A word", "name": "Mine", "status": "RESOLVED"}'
    return account.call(method, str(url), content=body, headers={**JSON, **headers})


@pytest.fixture(scope="module")
def free(house: House) -> Account:
    """An account on FREE, whose calls are all refused."""
    return house.account(plans.FREE)


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("operation", [each for each in CALLS if each != FREE_CALL], ids=" ".join)
def test_no_trick_opens_a_call_to_a_key_of_free(
    house: House, free: Account, operation: Call, trick: str
) -> None:
    answer = tricked(free, operation, trick, ids.new("feedback"))

    assert answer.status_code == (401 if trick in SAME_ADDRESS else 404)
    assert used(house, free) == (0, 0, 0)


@pytest.mark.parametrize("trick", [each for each in TRICKS if each not in SAME_ADDRESS])
@pytest.mark.parametrize("operation", SIGNED_IN, ids=" ".join)
def test_no_trick_opens_a_page_to_nobody(nobody: Visitor, operation: Call, trick: str) -> None:
    path = filled(operation[1])
    raw = TRICKS[trick][0].format(path, api=path, upper=path.upper())
    url = nobody.client.base_url.copy_with(raw_path=raw.encode())

    assert nobody.client.request(operation[0], url).status_code == 404


@pytest.mark.parametrize("override", ["DELETE", "PUT", "POST"])
@pytest.mark.parametrize("plan", [plans.FREE, plans.PRO])
def test_a_header_changes_no_method(house: House, plan: str, override: str) -> None:
    account = house.account(plan)
    headers = {"x-http-method-override": override, "x-http-method": override}
    path = f"/api/projects/{account.project_id}"

    answer = account.get(path + "?_method=" + override, headers=headers)

    assert answer.status_code == (401 if plan == plans.FREE else 200)
    assert account.post(path, headers=headers).status_code == 405
    sql = "SELECT name FROM projects WHERE id = :id"
    assert house.row(sql, id=account.project_id) == ("My Website",)


def test_without_key_and_session_the_text_asks_for_a_key(nobody: Visitor) -> None:
    assert nobody.get("/api/usage").json() == REQUIRED
