"""Opening an account: closed unless settings open it, and only by a link to the address (T15)."""

import itertools
import re
from collections.abc import Callable, Iterator

import httpx2
import pytest

from miniback import clock, plans
from tests.house import House, running, until
from tests.visitor import PASSWORD, Visitor, link_for, links_for, said, visiting

OWN = ("date", "x-request-id")
PATHS = ["/signup", "/signup/finish", "/signup/finish?token=" + "A" * 43]
_numbers = itertools.count()


@pytest.fixture(scope="module")
def server(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server on which strangers may open accounts; somebody is there already."""
    environment = {"MINIBACK_REGISTRATION": "on", "MINIBACK_DEFAULT_PLAN": plans.STARTER}
    with running(new_house(database, environment=environment)) as house:
        house.account()
        yield house


@pytest.fixture
def visitor(server: House) -> Iterator[Visitor]:
    server.change("DELETE FROM throttles")
    with visiting(server) as visitor:
        yield visitor


@pytest.fixture
def email() -> str:
    """An address that nobody has."""
    return f"newcomer-{next(_numbers)}@example.test"


@pytest.fixture
def link(server: House, visitor: Visitor, email: str) -> str:
    """A link that the server has put into its log for the address."""
    visitor.submit("/signup", email=email)
    return link_for(server, email)


def finish(visitor: Visitor, link: str, **more: str) -> httpx2.Response:
    """Send the form behind a link, with the token of a page that is always there."""
    fields = {"token": link.partition("=")[2], "password": PASSWORD, "time_zone": "", **more}
    return visitor.submit("/signup/finish", page="/forgot", **fields)


def plain(answer: httpx2.Response, email: str) -> object:
    """An answer without what differs from one to the next by chance."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, "…")
    headers = [(name, value) for name, value in answer.headers.items() if name not in OWN]
    return answer.status_code, text, headers


@pytest.mark.parametrize("path", PATHS)
def test_registration_is_closed_by_default(house: House, path: str) -> None:
    house.account()
    with visiting(house) as visitor:
        assert visitor.get(path).status_code == 404
        assert visitor.submit(path, page="/forgot", email="a@example.test").status_code == 404


@pytest.mark.parametrize(("is_open", "count"), [(False, 0), (True, 1)])
def test_sign_in_offers_an_account_where_one_may_be_opened(
    house: House, server: House, is_open: bool, count: int
) -> None:
    house.account()
    with visiting(server if is_open else house) as visitor:
        assert visitor.get("/login").text.count('href="/signup"') == count


def test_a_link_opens_an_account_and_signs_in(visitor: Visitor, email: str, link: str) -> None:
    answer = finish(visitor, link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert email in visitor.get("/projects").text


def test_a_new_account_has_an_owner_and_the_default_plan(
    server: House, visitor: Visitor, email: str, link: str
) -> None:
    finish(visitor, link, time_zone="America/New_York")

    assert server.row(
        "SELECT plan, role, time_zone, is_administrator FROM users"
        "  JOIN members ON members.user_id = users.id"
        "  JOIN accounts ON accounts.id = members.account_id WHERE email = :email",
        email=email,
    ) == (plans.STARTER, "OWNER", "America/New_York", 0)


def test_a_new_account_sees_nothing_of_others(server: House, visitor: Visitor, link: str) -> None:
    bob = server.account()
    finish(visitor, link)

    assert visitor.get(f"/projects/{bob.slug}").status_code == 404
    assert bob.slug not in visitor.get("/projects").text


def test_before_the_link_is_used_nobody_is_made(
    server: House, visitor: Visitor, email: str, link: str
) -> None:
    visitor.get(link)

    assert server.rows("SELECT id FROM users WHERE email = :email", email=email) == []
    assert visitor.sign_in(email).status_code == 422


def test_t15_asking_says_the_same_for_who_has_an_account(server: House, visitor: Visitor) -> None:
    visitor.client.headers["accept-encoding"] = "identity"
    known = server.account().email
    unknown = "x" * known.index("@") + known[known.index("@") :]

    pages = [visitor.submit("/signup", email=email) for email in (known, unknown)]

    assert pages[0].status_code == 200
    assert plain(pages[0], known) == plain(pages[1], unknown)


def test_who_has_an_account_gets_no_link_to_another(server: House, visitor: Visitor) -> None:
    bob = server.account()
    visitor.submit("/signup", email=bob.email)

    assert link_for(server, bob.email) == "/login"


def test_a_link_opens_one_account(server: House, visitor: Visitor, link: str) -> None:
    finish(visitor, link)

    with visiting(server) as other:
        assert other.get(link).status_code == 403
        assert finish(other, link).status_code == 403


@pytest.mark.parametrize(("left_ms", "status"), [(60_000, 303), (0, 403)])
def test_a_link_works_for_an_hour(
    server: House, visitor: Visitor, link: str, left_ms: int, status: int
) -> None:
    server.change("UPDATE one_time_links SET expires_at = :end", end=clock.now() + left_ms)

    assert finish(visitor, link).status_code == status


def test_a_later_link_stops_the_earlier_one(
    server: House, visitor: Visitor, email: str, link: str
) -> None:
    visitor.submit("/signup", email=email)
    later = until(lambda: links_for(server, email)[1:], "a second link")[0]

    assert [visitor.get(each).status_code for each in (link, later)] == [403, 200]


def test_a_link_opens_the_account_of_its_address_whatever_the_form_says(
    server: House, visitor: Visitor, email: str, link: str
) -> None:
    finish(visitor, link, email="boss@example.test")

    assert server.rows("SELECT id FROM users WHERE email = 'boss@example.test'") == []
    assert len(server.rows("SELECT id FROM users WHERE email = :email", email=email)) == 1


def test_an_address_taken_meanwhile_is_not_made_twice(
    server: House, visitor: Visitor, email: str, link: str
) -> None:
    account = server.account()
    server.change("UPDATE users SET email = :to WHERE email = :it", to=email, it=account.email)

    assert finish(visitor, link).status_code == 409
    assert len(server.rows("SELECT id FROM users WHERE email = :email", email=email)) == 1


@pytest.mark.parametrize(("field", "value"), [("password", "short"), ("time_zone", "Mars/Olympus")])
def test_a_wrong_field_keeps_the_link(
    visitor: Visitor, email: str, link: str, field: str, value: str
) -> None:
    page = finish(visitor, link, **{field: value})

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert f'value="{email}"' in page.text
    assert finish(visitor, link).status_code == 303


def test_au3_the_finishing_form_names_a_new_password(visitor: Visitor, link: str) -> None:
    page = visitor.get(link)

    assert re.findall(r' autocomplete="([^"]+)"', page.text) == ["username", "new-password"]
    assert "8 characters or more" in said(page)
