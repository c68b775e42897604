"""The headers of every page, and of what pages are made of (ux.md section 0, T26, T36)."""

import re
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from miniback.app import ROUTES
from tests.house import House
from tests.visitor import Member, filled, owner, visiting

# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    # Not in ux.md's list: without it the manifest of G8 would be refused by default-src.
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
ALWAYS = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
PATHS = [route.path for route in ROUTES if isinstance(route, Route)]
HTML = [
    path
    for path in PATHS
    if not path.startswith(("/api/", "/assets/", "/w/", "/widget/"))
    and "." not in path
    and path not in ("/healthz", "/readyz", "/metrics", "/mcp", "/inbox/live", "/inbox/fresh")
]
# The page with the preview shows one page of this server in a frame, and that page may be shown so.
OF_THE_PREVIEW = {
    "/projects/{slug}/widget": (POLICY | {"frame-src 'self'"}, "DENY"),
    "/demo/{slug}/preview": (
        POLICY - {"frame-ancestors 'none'"} | {"frame-ancestors 'self'"},
        "SAMEORIGIN",
    ),
}
# The same for everybody: kept for a while, and told apart by nothing but how they are packed.
KEPT = ("/docs", "/docs/search", "/docs/explorer")
FORGED = [
    {"host": "evil.example"},
    {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"},
    {"forwarded": "host=evil.example;proto=https", "x-host": "evil.example"},
]


@pytest.fixture(scope="module")
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def address(bob: Member, path: str) -> str:
    return filled(path, slug=bob.account.slug)


def assert_headers_of_a_page(answer: httpx2.Response, path: str = "") -> None:
    policy, framing = OF_THE_PREVIEW.get(
        path if answer.status_code == 200 else "", (POLICY, "DENY")
    )
    is_kept = path in KEPT and answer.status_code == 200
    keeping = "public, max-age=300" if is_kept else "no-store"
    always = {**ALWAYS, "x-frame-options": framing, "cache-control": keeping}
    varying = {"accept-encoding"} if is_kept else {"HX-Request", "Cookie"}
    assert {name: answer.headers.get(name) for name in ALWAYS} == always
    assert set(answer.headers["content-security-policy"].split("; ")) == policy
    assert varying <= set(answer.headers["vary"].split(", "))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", HTML)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_t26_every_page_has_the_headers_of_a_page(bob: Member, path: str, method: str) -> None:
    assert_headers_of_a_page(bob.client.request(method, address(bob, path)), path)


@pytest.mark.parametrize("path", HTML)
def test_t26_every_page_has_the_headers_where_nobody_is_signed_in(
    house: House, bob: Member, path: str
) -> None:
    with visiting(house) as visitor:
        assert_headers_of_a_page(visitor.get(address(bob, path)), path)


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/settings/billing?plan=NO", {}, 400),
        ("POST", "/settings/theme", {}, 403),
        ("GET", "/nowhere", {}, 404),
        ("GET", "/projects/nobodys-project", {}, 404),
        ("GET", "/assets/none.css", {}, 404),
        ("PUT", "/projects", {}, 405),
        ("POST", "/login", {"content": b" " * 200_000}, 413),
        ("POST", "/login", {"files": {"a": "b"}}, 415),
    ],
)
def test_t36_an_error_page_has_them_too(
    bob: Member, method: str, path: str, options: dict[str, Any], status: int
) -> None:
    answer = bob.client.request(method, path, **options)

    assert answer.status_code == status
    assert_headers_of_a_page(answer)


def test_no_page_names_the_server_or_its_version(bob: Member) -> None:
    assert {"server", "x-powered-by"} & bob.get("/projects").headers.keys() == set()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_but_the_public_door_is_open_to_other_sites(bob: Member, path: str) -> None:
    headers = {"origin": "https://evil.example"}
    answers = [
        bob.client.request(method, address(bob, path), headers=headers)
        for method in ("GET", "OPTIONS", "POST")
    ]

    allowed = [each for each in answers if "access-control-allow-origin" in each.headers]
    if path.startswith(("/w/", "/widget")):
        assert allowed == answers
    else:
        assert allowed == (answers[1:] if path == "/api/feedback" else [])
    assert not any("access-control-allow-credentials" in each.headers for each in answers)


def test_the_csv_is_an_attachment_that_nobody_keeps(bob: Member) -> None:
    headers = bob.get("/usage.csv").headers

    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-disposition"].startswith("attachment")
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("name", ["x.css", "my-website.css", "x.js", "x.png", "a.b.css", ".css"])
def test_t36_a_page_that_looks_like_a_file_is_404_and_not_kept(bob: Member, name: str) -> None:
    answers = [bob.get(f"/projects/{name}"), bob.get(f"/projects/{bob.account.slug}/{name}")]

    assert [each.status_code for each in answers] == [404, 404]
    assert [each.headers["cache-control"] for each in answers] == ["no-store"] * 2


def linked(page: httpx2.Response) -> list[str]:
    """The assets that a page names."""
    return sorted(set(re.findall(r'"(/assets/[^"#]+)', page.text)))


def test_t36_a_hashed_asset_is_kept_for_good(bob: Member) -> None:
    found = linked(bob.get("/projects"))

    assert len(found) >= 3
    for path in found:
        answer = bob.get(path)
        assert re.fullmatch(r"/assets/[a-z0-9-]+\.[0-9a-f]{12}\.[a-z]+", path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "set-cookie" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_asset_is_the_same_packed_and_plain(bob: Member, encoding: str) -> None:
    (path,) = [each for each in linked(bob.get("/projects")) if each.endswith(".css")]

    answer = bob.get(path, headers={"accept-encoding": encoding})

    assert answer.headers.get("content-encoding", "identity") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.text == bob.get(path).text


@pytest.mark.parametrize(
    "path",
    ["/assets/app.css", "/assets/app.000000000000.css", "/assets/..%2Fpages.py", "/assets/%00"],
)
def test_t36_an_asset_that_is_not_there_is_404_and_not_kept(bob: Member, path: str) -> None:
    answer = bob.get(path)

    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


@pytest.mark.parametrize("forged", FORGED, ids=[next(iter(each)) for each in FORGED])
@pytest.mark.parametrize("path", ["/projects/{slug}/api", "/projects", "/login", "/nowhere"])
def test_t36_a_forged_host_stands_nowhere_on_a_page(
    house: House, bob: Member, path: str, forged: dict[str, str]
) -> None:
    page = bob.get(address(bob, path), headers=forged)

    assert "evil.example" not in page.text
    assert "evil.example" not in str(page.headers)
    assert path != "/projects/{slug}/api" or f"{house.base_url}/api" in page.text


@pytest.mark.parametrize("forged", FORGED, ids=[next(iter(each)) for each in FORGED])
def test_t36_a_redirect_goes_nowhere_else_for_a_forged_host(
    house: House, forged: dict[str, str]
) -> None:
    with visiting(house) as visitor:
        answer = visitor.get("/projects", headers=forged)

    assert answer.headers["location"] == "/login?next=/projects"


def test_a_page_sets_no_cookie_but_those_that_no_script_can_read(house: House) -> None:
    with visiting(house) as visitor:
        (cookie,) = visitor.get("/login").headers.get_list("set-cookie")

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.parametrize("path", ["/projects", "/usage", "/settings/profile"])
def test_g3_a_page_has_no_script_or_style_within(bob: Member, path: str) -> None:
    page = bob.get(path).text

    assert re.findall(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page) == []


def test_g8_private_pages_are_not_for_search_engines(bob: Member) -> None:
    assert '<meta name="robots" content="noindex">' in bob.get("/projects").text
