"""Signing in: what is said, what is set, and that nobody learns who is here (AU2, AU3, T15)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from miniback import plans
from tests.house import House, running
from tests.visitor import PASSWORD, Member, Visitor, owner, owner_of, password_hash, said, visiting

BASE = "https://feedback.example.test"
OWN = ("date", "x-request-id")


@pytest.fixture(autouse=True)
def unthrottled(house: House) -> None:
    """Tests of one address would else use up each other's tries."""
    house.change("DELETE FROM throttles")


@pytest.fixture(scope="module")
def bob(house: House) -> Member:
    return owner(house)


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    with visiting(house) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def secure(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server that people reach by https."""
    with running(new_house(database, environment={"MINIBACK_BASE_URL": BASE})) as house:
        yield house


def stranger_to(email: str) -> str:
    """An address as long as another, which nobody has."""
    return "x" * email.index("@") + email[email.index("@") :]


def plain(answer: httpx2.Response, *secrets: str) -> tuple[Any, ...]:
    """An answer without what differs from one to the next by chance."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    for secret in secrets:
        text = text.replace(secret, "…")
    headers = [(name, value) for name, value in answer.headers.items() if name not in OWN]
    return answer.status_code, text, headers


def value_set(answer: httpx2.Response) -> str:
    """The value of the one cookie that an answer sets."""
    (line,) = answer.headers.get_list("set-cookie")
    return line.partition("=")[2].partition(";")[0]


def signed_in_by_https(house: House) -> tuple[httpx2.Response, httpx2.Response]:
    """The answers to somebody who signs in behind a proxy; the test is the browser itself."""
    account = house.account()
    house.change("UPDATE users SET password_hash = :hash", hash=password_hash())
    form = httpx2.get(house.base_url + "/login")
    (token,) = re.findall(r'name="csrf_token" value="([^"]+)"', form.text)
    headers = {"cookie": f"__Host-miniback_form={value_set(form)}", "origin": BASE}
    data = {"csrf_token": token, "email": account.email, "password": PASSWORD}
    return form, httpx2.post(house.base_url + "/login", data=data, headers=headers)


def cookies_set(answer: httpx2.Response) -> dict[str, set[str]]:
    """The cookies that an answer sets, by name, with their attributes."""
    lines = [line.split("; ") for line in answer.headers.get_list("set-cookie")]
    return {pair.partition("=")[0]: set(attributes) for pair, *attributes in lines}


def test_the_right_password_leads_to_the_projects(bob: Member, visitor: Visitor) -> None:
    answer = visitor.sign_in(bob.email)

    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert visitor.get("/projects").status_code == 200


@pytest.mark.parametrize("typed", [str.upper, str.title, lambda email: f" {email}\t"])
def test_the_address_may_be_typed_in_any_case(
    bob: Member, visitor: Visitor, typed: Callable[[str], str]
) -> None:
    assert visitor.sign_in(typed(bob.email)).status_code == 303


@pytest.mark.parametrize(
    "wrong", ["", PASSWORD[:-1], PASSWORD + " ", PASSWORD.upper(), "no password"]
)
def test_au2_a_wrong_password_is_refused(bob: Member, visitor: Visitor, wrong: str) -> None:
    page = visitor.sign_in(bob.email, wrong)

    assert page.status_code == 422
    assert "miniback_session" not in visitor.client.cookies
    assert visitor.get("/projects").status_code == 303


def test_au2_a_wrong_password_is_told_in_general_words_that_have_the_focus(
    bob: Member, visitor: Visitor
) -> None:
    page = visitor.sign_in(bob.email, "wrong password")

    (alert,) = re.findall(r'<div[^>]*role="alert"[^>]*>[^<]*</div>', page.text)
    assert "The email address or the password is not right." in alert
    assert "autofocus" in alert
    assert page.text.count("autofocus") == 1


def test_au2_a_wrong_password_keeps_the_address_and_not_the_password(
    bob: Member, visitor: Visitor
) -> None:
    page = visitor.sign_in(bob.email, "wrong password")

    (password,) = re.findall(r'<input id="password"[^>]*>', page.text)
    assert f'value="{bob.email}"' in page.text
    assert "value=" not in password
    assert "wrong password" not in page.text


def test_au2_the_sixth_wrong_try_tells_how_long_to_wait(bob: Member, visitor: Visitor) -> None:
    statuses = [visitor.sign_in(bob.email, "wrong password").status_code for _ in range(5)]

    page = visitor.sign_in(bob.email, "wrong password")

    assert [*statuses, page.status_code] == [422] * 5 + [429]
    assert 1 <= int(page.headers["retry-after"]) <= 5 * 60
    assert "Too many tries. Wait 5 minutes, then try again." in said(page)


def test_au2_the_sixth_try_is_refused_with_the_right_password_too(
    bob: Member, visitor: Visitor
) -> None:
    for _ in range(5):
        visitor.sign_in(bob.email, "wrong password")

    assert visitor.sign_in(bob.email).status_code == 429


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/login", ["username", "current-password"]),
        ("/forgot", ["username"]),
        ("/settings/profile", ["name", "email", "current-password", "username"]),
    ],
)
def test_au3_fields_tell_password_managers_what_they_are(
    bob: Member, visitor: Visitor, path: str, expected: list[str]
) -> None:
    page = (bob if path.startswith("/settings") else visitor).get(path)

    assert re.findall(r' autocomplete="([^"]+)"', page.text)[: len(expected)] == expected


@pytest.mark.parametrize("field", ["current-password", "new-password"])
def test_au3_changing_a_password_names_the_old_and_the_new(bob: Member, field: str) -> None:
    assert f'autocomplete="{field}"' in bob.get("/settings/profile").text


@pytest.mark.parametrize(
    "wanted",
    [
        "/usage",
        "/projects?search=a+b&sort=name",
        "/projects?search=%26%3D%23",
        "/projects/website/settings",
    ],
)
def test_au3_signing_in_goes_on_to_what_was_asked_for(
    bob: Member, visitor: Visitor, wanted: str
) -> None:
    to_sign_in = visitor.get(wanted)
    form = visitor.get(to_sign_in.headers["location"])
    (next_field,) = re.findall(r'name="next" value="([^"]*)"', form.text)
    fields = {"email": bob.email, "password": PASSWORD, "next": next_field.replace("&amp;", "&")}
    answer = visitor.submit("/login", **fields)

    assert to_sign_in.status_code == 303
    assert answer.headers["location"] == wanted


def test_au3_a_wrong_password_does_not_lose_the_way_on(bob: Member, visitor: Visitor) -> None:
    page = visitor.submit("/login", email=bob.email, password="wrong", next="/usage")

    assert 'name="next" value="/usage"' in page.text


def test_whoever_is_signed_in_is_not_asked_again(bob: Member) -> None:
    assert bob.get("/login?next=/usage").headers["location"] == "/usage"
    assert bob.get("/").headers["location"] == "/inbox"


def test_t15_a_wrong_password_says_the_same_for_nobody(bob: Member, visitor: Visitor) -> None:
    nobody = stranger_to(bob.email)
    visitor.client.headers["accept-encoding"] = "identity"

    known = visitor.sign_in(bob.email, "wrong password")
    unknown = visitor.sign_in(nobody, "wrong password")

    assert known.status_code == 422
    assert plain(known, bob.email) == plain(unknown, nobody)


def test_t15_too_many_tries_say_the_same_for_nobody(bob: Member, visitor: Visitor) -> None:
    nobody = stranger_to(bob.email)
    visitor.client.headers["accept-encoding"] = "identity"
    for email in [bob.email, nobody] * 5:
        visitor.sign_in(email, "wrong password")

    pages = [visitor.sign_in(email, "wrong password") for email in (bob.email, nobody)]

    waits = [page.headers["retry-after"] for page in pages]
    known, unknown = (
        plain(page, email, f'"{wait}"', f"{wait} s")
        for page, email, wait in zip(pages, (bob.email, nobody), waits, strict=True)
    )
    assert known[0] == 429
    assert known[:2] == unknown[:2]
    assert [name for name, _ in known[2]] == [name for name, _ in unknown[2]]


def test_t15_tries_leave_the_same_behind_for_nobody(house: House, visitor: Visitor) -> None:
    carol = owner_of(house, house.account(plans.STARTER))
    house.change("DELETE FROM throttles")
    counts = []
    for email in (carol.email, stranger_to(carol.email)):
        visitor.sign_in(email, "wrong password")
        counts.append(house.row("SELECT COUNT(*), SUM(tries) FROM throttles"))

    # The address is counted for both, then the person, and the person at this address.
    assert [tuple(map(int, count)) for count in counts] == [(3, 3), (5, 6)]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_sign_in_that_another_site_sends_is_refused(
    bob: Member, visitor: Visitor, origin: str
) -> None:
    visitor.client.headers["origin"] = origin

    assert visitor.sign_in(bob.email).status_code == 403


def test_a_sign_in_with_the_token_of_another_browser_is_refused(
    house: House, bob: Member, visitor: Visitor
) -> None:
    with visiting(house) as other:
        token = other.token("/login")
    visitor.get("/login")
    data = {"csrf_token": token, "email": bob.email, "password": PASSWORD}

    assert visitor.client.post("/login", data=data).status_code == 403


def test_t17_the_cookie_on_plain_http_is_hidden_from_scripts_and_other_sites(
    bob: Member, visitor: Visitor
) -> None:
    given = cookies_set(visitor.sign_in(bob.email))

    assert given == {"miniback_session": {"Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=2592000"}}


def test_t17_behind_https_the_cookies_are_bound_to_the_host(secure: House) -> None:
    form, signed = signed_in_by_https(secure)

    everywhere = {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}
    assert cookies_set(form) == {"__Host-miniback_form": everywhere}
    assert cookies_set(signed) == {"__Host-miniback": {*everywhere, "Max-Age=2592000"}}


def test_t17_behind_https_a_cookie_of_the_plain_name_opens_nothing(secure: House) -> None:
    _, signed = signed_in_by_https(secure)
    token = value_set(signed)

    def status(name: str) -> int:
        cookie = {"cookie": f"{name}={token}"}
        return httpx2.get(secure.base_url + "/projects", headers=cookie).status_code

    assert [status("__Host-miniback"), status("miniback_session")] == [200, 303]
