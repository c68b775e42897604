"""The list of a person's sessions, and ending them from there (AU4)."""

import re

import pytest

from miniback import plans
from miniback.accounts import Role
from tests.house import House
from tests.visitor import Member, member_of, owner, said, visiting

END = re.compile(r'action="(/settings/sessions/[^/"]+/end)"')


@pytest.fixture
def bob(house: House) -> Member:
    """Bob at his desk."""
    return owner(house)


@pytest.fixture
def phone(house: House, bob: Member) -> Member:
    """Bob at his telephone."""
    return Member(house, bob.account, bob.email)


def test_sessions_are_listed_with_their_browsers_and_addresses(bob: Member) -> None:
    with visiting(bob.house) as phone:
        phone.client.headers["user-agent"] = "Ladybird <b>9</b>"
        phone.sign_in(bob.email)
    page = bob.get("/settings/profile")

    assert "Ladybird &lt;b&gt;9&lt;/b&gt;" in page.text
    assert said(page).count("127.0.0.1") == 2
    assert said(page).count("This one") == 1
    assert len(END.findall(page.text)) == 1


def test_au4_one_session_is_ended_from_another(bob: Member, phone: Member) -> None:
    (end,) = END.findall(bob.get("/settings/profile").text)
    answer = bob.submit(end, page="/settings/profile")

    assert answer.headers["location"] == "/settings/profile"
    assert "Session ended" in said(bob.get("/settings/profile"))
    assert phone.get("/usage").headers["location"] == "/login?next=/usage"
    assert bob.get("/usage").status_code == 200


def test_au4_signing_out_other_sessions_ends_all_but_this_one(bob: Member, phone: Member) -> None:
    tablet = Member(bob.house, bob.account, bob.email)
    bob.submit("/settings/sessions/end-others", page="/settings/profile")

    assert [who.get("/usage").status_code for who in (bob, phone, tablet)] == [200, 303, 303]


def test_signing_out_other_sessions_leaves_other_people_signed_in(bob: Member) -> None:
    carol = member_of(bob.house, bob.account, Role.ADMIN)
    bob.submit("/settings/sessions/end-others", page="/settings/profile")

    assert carol.get("/usage").status_code == 200


def test_mallory_cannot_end_a_session_of_bob(house: House, bob: Member, phone: Member) -> None:
    (end,) = END.findall(bob.get("/settings/profile").text)
    mallory = owner(house, plans.FREE)

    assert mallory.submit(end, page="/settings/profile").status_code == 404
    assert phone.get("/usage").status_code == 200


def test_a_session_that_has_ended_cannot_be_ended_again(bob: Member, phone: Member) -> None:
    (end,) = END.findall(bob.get("/settings/profile").text)
    statuses = [bob.submit(end, page="/settings/profile").status_code for _ in range(2)]

    assert statuses == [303, 404]
