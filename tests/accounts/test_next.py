"""Where ?next= may lead: to a path of this server, whatever it says (T25)."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.house import House
from tests.visitor import PASSWORD, Member, owner, visiting

# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)

HOME = "/inbox"
OWN = [
    "/%EF%BC%8Fevil.example",
    "/projects/%C3%A9",
    "/usage",
    "/projects/website?status=NEW&page=2",
    "/a//b",
    "/?next=//evil.example",
    "/@evil",
]
FOREIGN = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "/\x7f/evil.example",
    "/\x85/evil.example",
    "/\xa0/evil.example",
    "/\u2028/evil.example",
    "/\u3000/evil.example",
    "//evil.example/projects",
    "//evil.example:443/",
    "//evil.example@127.0.0.1/",
    "//127.0.0.1@evil.example/",
    "//127.0.0.1:8000@evil.example/",
    "//[::1]/",
    "//2130706433/",
    "//evil%E3%80%82example",
    "//evil.example%2f..",
    "//evil.example#/projects",
    "//evil.example?/projects",
    "https://evil.example",
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\evil.example",
    "ht\ntps://evil.example",
    " https://evil.example",
    "\x01https://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "javascript://127.0.0.1/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "blob:https://evil.example/1",
    "file:///etc/passwd",
    "ftp://evil.example/",
    "mailto:eve@evil.example",
    "evil.example",
    "evil.example/projects",
    "@evil.example",
    ".evil.example",
    ":80",
    ";evil.example",
    "?next=evil",
    "#evil",
    "projects",
    "./projects",
    "../projects",
    "",
    " ",
    "*",
]
TRICKY = [
    "/",
    "\\",
    ".",
    "..",
    "@",
    ":",
    "?",
    "#",
    "%2f",
    "%5c",
    "%0d%0a",
    "\t",
    "\n",
    "\r",
    "\x00",
]
WORDS = [
    "evil.example",
    "https",
    "javascript",
    "projects",
    " ",
    "é",
    "\u2028",
    ";",
    "//",
    "127.0.0.1",
]

STARTS = ["", "/", "//", "/\\", "\\/", "/\t/", "/./", "/../", "https:"]


@pytest.fixture(scope="module")
def bob(house: House) -> Member:
    return owner(house)


def place(house: House, location: str) -> tuple[str, str]:
    """The scheme and host where a browser goes: it drops tabs and breaks, and turns slashes."""
    assert location.isascii()
    assert location.isprintable()
    read = location.strip().replace("\\", "/")
    found = urlsplit(urljoin(house.base_url + "/login", read))
    return found.scheme, found.netloc


def own_place(house: House) -> tuple[str, str]:
    return "http", house.base_url.removeprefix("http://")


@pytest.mark.parametrize("wanted", OWN)
def test_t25_a_path_of_this_server_is_gone_on_to(bob: Member, wanted: str) -> None:
    answer = bob.get("/login", params={"next": wanted})

    assert (answer.status_code, answer.headers["location"]) == (303, wanted)


@pytest.mark.parametrize("wanted", FOREIGN)
def test_t25_what_is_no_path_of_this_server_leads_to_the_projects(bob: Member, wanted: str) -> None:
    answer = bob.get("/login", params={"next": wanted})

    assert (answer.status_code, answer.headers["location"]) == (303, HOME)


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_t25_signing_in_does_not_lead_away(bob: Member, wanted: str) -> None:
    with visiting(bob.house) as visitor:
        fields = {"email": bob.email, "password": PASSWORD, "next": wanted}
        answer = visitor.submit("/login", **fields)

    assert (answer.status_code, answer.headers["location"]) == (303, HOME)


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_t25_the_form_does_not_carry_a_foreign_address_on(house: House, wanted: str) -> None:
    with visiting(house) as visitor:
        page = visitor.get("/login", params={"next": wanted})

    assert f'name="next" value="{HOME}"' in page.text
    assert "evil.example" not in page.text


def test_t25_a_script_is_led_away_no_more_than_a_browser(bob: Member) -> None:
    answer = bob.get("/login", params={"next": "//evil.example"}, headers={"hx-request": "true"})

    assert answer.headers["hx-redirect"] == HOME
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2f..", "/%2f/evil.example"])
def test_t25_no_address_that_is_asked_for_leads_away(house: House, path: str) -> None:
    with visiting(house) as visitor:
        answer = visitor.get(house.base_url + path)

    assert place(house, answer.headers.get("location", "/")) == own_place(house)


def test_t25_a_break_in_next_begins_no_header(bob: Member) -> None:
    answer = bob.get("/login?next=/usage%0d%0aset-cookie:%20a=b")

    assert answer.headers["location"] == HOME
    assert "set-cookie" not in answer.headers


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(STARTS), st.lists(st.sampled_from(TRICKY + WORDS) | st.text(max_size=3)))
def test_t25_whatever_next_says_the_host_stays(bob: Member, start: str, rest: list[str]) -> None:
    answer = bob.get("/login", params={"next": start + "".join(rest)})

    assert place(bob.house, answer.headers.get("location", "/")) == own_place(bob.house)
