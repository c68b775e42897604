"""The first start: one link makes one administrator, and nobody else gets in before (AU1)."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from miniback import accounts, clock, plans
from tests.house import House, running
from tests.visitor import PASSWORD, Member, Visitor, member_of, owner, said, visiting

ADA = "ada@example.test"
PEOPLE = ("users", "members", "accounts", "sessions", "one_time_links", "throttles")
GUESSES = ["", "A", "A" * 43, "A" * 44, "é" * 43, "' OR 1=1 --"]


@pytest.fixture(scope="module")
def server(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server that nobody is kept in."""
    with running(new_house(database)) as server:
        yield server


@pytest.fixture
def empty(server: House) -> House:
    """The server as on its first day."""
    for table in PEOPLE:
        server.change(f"DELETE FROM {table}")
    return server


@pytest.fixture
def link(empty: House) -> str:
    """A set-up link of the empty server, as it prints one when it starts."""
    return f"/setup?token={empty.tx(accounts.set_up_token)}"


@pytest.fixture
def visitor(empty: House) -> Iterator[Visitor]:
    with visiting(empty) as visitor:
        yield visitor


def printed_link(house: House) -> str | None:
    """The path of the link that the server printed when it started."""
    found = re.search(r"http://\S+(/setup\?token=\S+)", (house.folder / "stdout.log").read_text())
    return found[1] if found else None


def filled_in(link: str, **more: str) -> dict[str, str]:
    """The fields of the set-up form."""
    token = link.partition("=")[2]
    return {"token": token, "email": ADA, "password": PASSWORD, "time_zone": "", **more}


def set_up(visitor: Visitor, link: str, **more: str) -> httpx2.Response:
    """Send the set-up form, with the token of a page that is always there."""
    return visitor.submit("/setup", page="/forgot", **filled_in(link, **more))


def people(house: House) -> list[tuple[object, ...]]:
    return house.rows("SELECT email, is_administrator FROM users ORDER BY id")


def test_au1_an_empty_server_says_that_it_needs_the_printed_link(visitor: Visitor) -> None:
    page = visitor.get("/")

    assert page.status_code == 200
    assert "Open the link that the server printed when it started" in said(page)


def test_au1_an_empty_server_leads_from_sign_in_to_what_to_do_first(visitor: Visitor) -> None:
    answer = visitor.get("/login")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("guess", GUESSES)
def test_au1_without_the_link_the_set_up_page_is_forbidden(
    visitor: Visitor, link: str, guess: str
) -> None:
    assert visitor.get("/setup", params={"token": guess}).status_code == 403


@pytest.mark.parametrize("guess", GUESSES)
def test_au1_without_the_link_the_set_up_is_forbidden(
    empty: House, visitor: Visitor, link: str, guess: str
) -> None:
    answer = set_up(visitor, link, token=guess)

    assert (answer.status_code, people(empty)) == (403, [])


def test_au1_the_printed_link_makes_an_administrator_who_is_signed_in(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database)) as house, visiting(house) as visitor:
        link = printed_link(house) or ""
        answer = visitor.submit("/setup", link, **filled_in(link))

        assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
        assert visitor.get("/projects").status_code == 200
        assert people(house) == [(ADA, 1)]


def test_au1_a_restart_prints_a_new_link_and_the_old_one_stops(empty: House) -> None:
    empty.stop()
    before = printed_link(empty.start()) or ""
    empty.stop()
    after = printed_link(empty.start()) or ""

    assert httpx2.get(empty.base_url + before).status_code == 403
    assert httpx2.get(empty.base_url + after).status_code == 200


def test_au1_a_server_with_people_prints_no_link(server: House) -> None:
    server.account()
    server.stop()

    assert printed_link(server.start()) is None


def test_au1_the_link_is_printed_once_with_two_workers(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database, workers=2)) as house:
        link = printed_link(house) or ""

        assert (house.folder / "stdout.log").read_text().count("/setup?") == 1
        assert httpx2.get(house.base_url + link).status_code == 200


@pytest.mark.parametrize(("age_ms", "status"), [(-60_000, 200), (0, 403), (60_000, 403)])
def test_au1_the_link_works_for_an_hour(
    empty: House, visitor: Visitor, link: str, age_ms: int, status: int
) -> None:
    empty.change("UPDATE one_time_links SET expires_at = :end", end=clock.now() - age_ms)

    assert visitor.get(link).status_code == status


def test_au1_a_new_link_lasts_an_hour_and_not_longer(empty: House, link: str) -> None:
    (expires_at,) = empty.row("SELECT expires_at FROM one_time_links")

    assert 0 < expires_at - clock.now() <= 60 * 60 * 1_000


def test_au1_after_the_first_person_the_set_up_is_not_found(
    empty: House, visitor: Visitor, link: str
) -> None:
    assert set_up(visitor, link).status_code == 303

    assert visitor.get(link).status_code == 404
    with visiting(empty) as other:
        assert set_up(other, link, email="eve@example.test").status_code == 404
    assert people(empty) == [(ADA, 1)]


def test_au1_two_with_the_link_at_once_make_one_administrator(empty: House, link: str) -> None:
    with visiting(empty) as one, visiting(empty) as other, ThreadPoolExecutor(2) as threads:
        emails = ["one@example.test", "other@example.test"]
        answers = threads.map(
            lambda who, email: set_up(who, link, email=email), (one, other), emails
        )
        statuses = sorted(answer.status_code for answer in answers)

    assert statuses[0] == 303
    assert statuses[1] in (403, 404)
    assert len(people(empty)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("password", "short"), ("email", "no address"), ("time_zone", "Mars/Olympus")],
)
def test_a_wrong_field_keeps_the_others_and_the_link(
    visitor: Visitor, link: str, field: str, value: str
) -> None:
    sent = filled_in(link, **{"time_zone": "Asia/Kathmandu", field: value})
    page = set_up(visitor, link, **sent)

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert all(sent[name] in page.text for name in {"email", "time_zone"} - {field})
    assert PASSWORD not in page.text
    assert set_up(visitor, link).status_code == 303


def test_the_password_rules_stand_there_before_typing(visitor: Visitor, link: str) -> None:
    page = visitor.get(link)

    assert "8 characters or more" in said(page)
    assert 'aria-describedby="password-hint"' in page.text


def test_the_administrator_has_the_chosen_zone_and_the_default_plan(
    empty: House, visitor: Visitor, link: str
) -> None:
    set_up(visitor, link, time_zone="Asia/Kathmandu")

    assert empty.row("SELECT time_zone FROM users") == ("Asia/Kathmandu",)
    assert empty.row("SELECT plan FROM accounts") == (plans.FREE,)
    assert empty.row("SELECT role FROM members") == ("OWNER",)


def test_nobody_but_the_first_person_is_administrator(empty: House) -> None:
    member_of(empty, owner(empty).account, accounts.Role.ADMIN)

    assert [is_administrator for _, is_administrator in people(empty)] == [1, 0]


def test_au1_a_set_up_link_opens_nothing_else(visitor: Visitor, link: str) -> None:
    token = link.partition("=")[2]

    assert visitor.get(f"/reset?token={token}").status_code == 403


def test_an_account_made_by_command_closes_the_set_up(
    empty: House, visitor: Visitor, link: str
) -> None:
    made = empty.run("account", "create", "--email", ADA, "--password", PASSWORD)

    assert made.returncode == 0, made.stderr
    assert visitor.get(link).status_code == 404
    assert visitor.get("/").headers["location"] == "/login"


def test_an_account_made_by_command_on_an_empty_server_administers_it(empty: House) -> None:
    empty.run("account", "create", "--email", ADA, "--password", PASSWORD)
    ada = Member(empty, empty.account(), ADA)

    answer = ada.submit("/settings/billing", page="/usage", plan="PRO")

    assert (answer.status_code, people(empty)[0]) == (303, (ADA, 1))


def test_au1_open_registration_is_no_way_around_the_link(
    database: str, new_house: Callable[..., House]
) -> None:
    open_house = new_house(database, environment={"MINIBACK_REGISTRATION": "on"})
    with running(open_house), visiting(open_house) as stranger:
        assert stranger.get("/signup").status_code in (303, 403, 404)
