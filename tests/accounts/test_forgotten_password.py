"""A forgotten password: a link, once, for an hour, and no word on who is here (T15, T17)."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from miniback import clock
from miniback.accounts import links
from miniback.accounts.links import Purpose
from tests.house import House, until
from tests.visitor import (
    PASSWORD,
    Member,
    Visitor,
    link_for,
    links_for,
    owner,
    said,
    visiting,
)

NEW = "another horse, another staple"
OWN = ("date", "x-request-id")


@pytest.fixture(autouse=True)
def unthrottled(house: House) -> None:
    """Tests of one address would else use up each other's links."""
    house.change("DELETE FROM throttles")


@pytest.fixture
def bob(house: House) -> Member:
    return owner(house)


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    with visiting(house) as visitor:
        yield visitor


@pytest.fixture
def link(house: House, bob: Member) -> str:
    """A link for Bob, as the letter that he is sent would hold it."""
    (user_id,) = house.row("SELECT id FROM users WHERE email = :email", email=bob.email)
    return f"/reset?token={house.tx(links.issue, Purpose.RESET_PASSWORD, user_id)}"


def choose(visitor: Visitor, link: str, password: str = NEW) -> httpx2.Response:
    """Send the form behind a link, with the token of a page that is always there."""
    token = link.partition("=")[2]
    return visitor.submit("/reset", page="/forgot", token=token, password=password)


def plain(answer: httpx2.Response, email: str) -> object:
    """An answer without what differs from one to the next by chance."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(email, "…")
    headers = [(name, value) for name, value in answer.headers.items() if name not in OWN]
    return answer.status_code, text, headers


def test_without_a_mail_server_the_link_stands_in_the_log(
    house: House, bob: Member, visitor: Visitor
) -> None:
    page = visitor.submit("/forgot", email=bob.email.upper())
    link = link_for(house, bob.email)

    assert "This server sends no mail" in said(page)
    assert re.fullmatch(r"/reset\?token=[A-Za-z0-9_-]{43}", link)
    assert visitor.get(link).status_code == 200


def test_nobody_who_is_unknown_gets_a_link(house: House, visitor: Visitor) -> None:
    email = f"nobody-{clock.now()}@example.test"
    visitor.submit("/forgot", email=email)
    waiting = "SELECT id FROM outbox WHERE subject = :email"
    until(lambda: not house.rows(waiting, email=email), "the event to be taken up")

    assert links_for(house, email) == []
    assert email not in house.log


def test_t15_asking_for_a_link_says_the_same_for_nobody(bob: Member, visitor: Visitor) -> None:
    visitor.client.headers["accept-encoding"] = "identity"
    nobody = "x" * bob.email.index("@") + bob.email[bob.email.index("@") :]

    known, unknown = (visitor.submit("/forgot", email=email) for email in (bob.email, nobody))

    assert known.status_code == 200
    assert plain(known, bob.email) == plain(unknown, nobody)


@pytest.mark.parametrize(
    "email", ["", "bob", "a@b@c", "a b@example.test", "a@example.test\r\nCc: x@y"]
)
def test_what_is_no_address_is_told_beside_the_field(visitor: Visitor, email: str) -> None:
    page = visitor.submit("/forgot", email=email)

    assert page.status_code == 422
    assert "is not an email address" in said(page)


def test_the_link_gives_a_new_password_and_signs_in(
    bob: Member, visitor: Visitor, link: str
) -> None:
    answer = choose(visitor, link)

    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert bob.email in visitor.get("/projects").text


def test_the_new_password_opens_and_the_old_one_does_not(
    house: House, bob: Member, visitor: Visitor, link: str
) -> None:
    choose(visitor, link)

    with visiting(house) as other:
        assert other.sign_in(bob.email, PASSWORD).status_code == 422
        assert other.sign_in(bob.email, NEW).status_code == 303


def test_t17_a_new_password_ends_the_sessions_there_were(
    bob: Member, visitor: Visitor, link: str
) -> None:
    assert bob.get("/projects").status_code == 200
    choose(visitor, link)

    assert bob.get("/projects").status_code == 303


def test_a_link_works_once(house: House, visitor: Visitor, link: str) -> None:
    choose(visitor, link)

    with visiting(house) as other:
        assert other.get(link).status_code == 403
        again = choose(other, link, "a third horse, a third staple")
    assert again.status_code == 403
    assert "it was used, has expired, or is mistyped" in said(again)


def test_opening_a_link_does_not_use_it_up(visitor: Visitor, link: str) -> None:
    assert [visitor.get(link).status_code for _ in range(3)] == [200] * 3
    assert choose(visitor, link).status_code == 303


def test_a_link_that_two_use_at_once_works_for_one(
    house: House, bob: Member, visitor: Visitor, link: str
) -> None:
    passwords = ["the password of one", "the password of another"]
    with visiting(house) as one, visiting(house) as two, ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda who, new: choose(who, link, new), (one, two), passwords))
    statuses = [answer.status_code for answer in answers]

    assert sorted(statuses) == [303, 403]
    assert visitor.sign_in(bob.email, passwords[statuses.index(403)]).status_code == 422
    assert visitor.sign_in(bob.email, passwords[statuses.index(303)]).status_code == 303


@pytest.mark.parametrize(("left_ms", "status"), [(60_000, 200), (0, 403), (-60_000, 403)])
def test_a_link_works_for_an_hour(
    house: House, visitor: Visitor, link: str, left_ms: int, status: int
) -> None:
    house.change("UPDATE one_time_links SET expires_at = :end", end=clock.now() + left_ms)

    assert visitor.get(link).status_code == status
    assert choose(visitor, link).status_code == (303 if status == 200 else status)


def test_a_link_lasts_an_hour_and_not_longer(house: House, link: str) -> None:
    (end,) = house.row("SELECT MAX(expires_at) FROM one_time_links")

    assert 0 < end - clock.now() <= 60 * 60 * 1_000


def test_a_later_link_stops_the_earlier_one(house: House, bob: Member, visitor: Visitor) -> None:
    visitor.submit("/forgot", email=bob.email)
    earlier = link_for(house, bob.email)
    visitor.submit("/forgot", email=bob.email)
    _, later = until(lambda: links_for(house, bob.email)[1:] and links_for(house, bob.email))

    assert [visitor.get(each).status_code for each in (earlier, later)] == [403, 200]


@pytest.mark.parametrize("token", ["", "A", "A" * 43, "é" * 43, "' OR 1=1 --", "%00"])
def test_a_link_that_is_mistyped_opens_nothing(visitor: Visitor, link: str, token: str) -> None:
    assert visitor.get("/reset", params={"token": token}).status_code == 403
    assert choose(visitor, f"/reset?token={token}").status_code == 403


@pytest.mark.parametrize("change", [str.lower, str.swapcase, lambda token: token[:-1] + "="])
def test_a_link_in_another_case_opens_nothing(visitor: Visitor, link: str, change: object) -> None:
    assert callable(change)
    path, _, token = link.partition("=")

    assert visitor.get(f"{path}={change(token)}").status_code == 403


def test_a_link_for_a_password_does_not_finish_an_account(visitor: Visitor, link: str) -> None:
    token = link.partition("=")[2]

    assert visitor.get(f"/setup?token={token}").status_code == 404
    assert visitor.get(f"/signup/finish?token={token}").status_code == 404


def test_a_bad_password_does_not_use_the_link_up(visitor: Visitor, link: str) -> None:
    assert choose(visitor, link, "short").status_code == 422
    assert choose(visitor, link).status_code == 303


def test_t17_the_database_holds_no_link_that_works(house: House, link: str) -> None:
    token = link.partition("=")[2]
    rows = house.rows("SELECT token_hash FROM one_time_links")

    assert rows
    assert token not in str(rows)
    assert all(re.fullmatch(r"[0-9a-f]{64}", token_hash) for (token_hash,) in rows)


def test_a_new_password_without_the_form_token_is_refused(visitor: Visitor, link: str) -> None:
    data = {"token": link.partition("=")[2], "password": NEW}

    assert visitor.client.post("/reset", data=data).status_code == 403
    assert visitor.get(link).status_code == 200
