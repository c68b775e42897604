"""Settings of a person: profile, address, password, appearance; what a password must be like."""

import sys
import threading
from types import FrameType
from typing import Any

import pytest

from miniback.accounts import Passwords
from tests.house import House, awaited
from tests.visitor import PASSWORD, Member, owner, said, visiting

PROFILE, APPEARANCE = "/settings/profile", "/settings/appearance"
NEW = "another horse, another staple"
LONG = "0123456789 abcdefghij " * 45
BAD_PASSWORDS = [
    "",
    "short",
    "1234567",
    "x7#Kq2!",
    "password",
    "Password1",
    "12345678",
    "qwertyuiop",
    "iloveyou",
    "aaaaaaaaaaaa",
    "x" * 1_001,
]
GOOD_PASSWORDS = ["vK3#tq9Z", "a b c d e f g zebra", "пароль-лошадь-скоба", "🐴🔋📎🧷🐎🪫🖇️🧦", LONG]


@pytest.fixture
def bob(house: House) -> Member:
    house.change("DELETE FROM throttles")
    return owner(house)


def kept(member: Member, columns: str) -> tuple[Any, ...]:
    """What is kept of the person whose account it is."""
    sql = f"SELECT {columns} FROM users JOIN members ON members.user_id = users.id"
    return member.house.row(f"{sql} WHERE account_id = :id", id=member.account.id)


def change_password(member: Member, new: str, current: str = PASSWORD) -> int:
    fields = {"current_password": current, "password": new}
    return member.submit("/settings/password", PROFILE, **fields).status_code


def change_email(member: Member, email: str, current: str = PASSWORD) -> int:
    fields = {"email": email, "current_password": current}
    return member.submit("/settings/email", PROFILE, **fields).status_code


def opens(member: Member, password: str, email: str = "") -> bool:
    with visiting(member.house) as visitor:
        return visitor.sign_in(email or member.email, password).status_code == 303


def test_a_name_and_a_zone_are_saved_and_told(bob: Member) -> None:
    answer = bob.submit(PROFILE, name="  Bob <b>O'Neil</b> ", time_zone="Asia/Kathmandu")
    page = bob.get(PROFILE)

    assert answer.headers["location"] == PROFILE
    assert kept(bob, "name, time_zone") == ("Bob <b>O'Neil</b>", "Asia/Kathmandu")
    assert "Profile saved" in said(page)
    assert "<b>O'Neil" not in page.text
    assert "Profile saved" not in said(bob.get(PROFILE))


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "x" * 101), ("name", "a\x07b"), ("name", "a\nb"), ("time_zone", "Mars/Olympus")],
)
def test_a_wrong_field_changes_nothing_and_keeps_the_other(
    bob: Member, field: str, value: str
) -> None:
    sent = {"name": "Bobby", "time_zone": "Asia/Kathmandu", field: value}
    page = bob.submit(PROFILE, **sent)

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert sent["time_zone" if field == "name" else "name"] in page.text
    assert kept(bob, "name, time_zone") == ("", "")


def test_a_new_address_signs_in_and_the_old_one_does_not(bob: Member) -> None:
    email = "new-" + bob.email

    assert change_email(bob, email.upper()) == 303
    assert opens(bob, PASSWORD, email)
    assert not opens(bob, PASSWORD)


@pytest.mark.parametrize("current", ["", "wrong"])
def test_an_address_is_not_changed_without_the_password(bob: Member, current: str) -> None:
    assert change_email(bob, "new-" + bob.email, current) == 422
    assert kept(bob, "email") == (bob.email,)


def test_an_address_of_somebody_else_is_refused(bob: Member) -> None:
    assert change_email(bob, bob.house.account().email) == 422
    assert kept(bob, "email") == (bob.email,)


def test_what_is_no_address_is_refused(bob: Member) -> None:
    assert change_email(bob, "no address") == 422


def test_a_changed_password_opens_and_the_old_one_does_not(bob: Member) -> None:
    assert change_password(bob, NEW) == 303
    assert opens(bob, NEW)
    assert not opens(bob, PASSWORD)


@pytest.mark.parametrize("current", ["", "wrong", PASSWORD + " "])
def test_a_password_is_not_changed_without_the_one_of_today(bob: Member, current: str) -> None:
    assert change_password(bob, NEW, current) == 422
    assert bob.get(PROFILE).status_code == 200
    assert opens(bob, PASSWORD)


@pytest.mark.parametrize("password", BAD_PASSWORDS)
def test_a_password_that_is_short_or_common_is_refused(bob: Member, password: str) -> None:
    assert change_password(bob, password) == 422


def test_a_password_made_of_the_address_is_refused(bob: Member) -> None:
    assert change_password(bob, bob.email) == 422


@pytest.mark.parametrize("password", GOOD_PASSWORDS)
def test_a_password_of_any_characters_is_taken_whole(bob: Member, password: str) -> None:
    assert change_password(bob, password) == 303
    assert opens(bob, password)
    assert not opens(bob, password[:-1])


def test_t15_a_password_of_nobody_takes_the_same_work() -> None:
    passwords = Passwords()
    known = awaited(passwords.hash("the password"))
    awaited(passwords.is_right(None, "the first builds what nobody has"))
    passwords.close()

    works = [work_of(password_hash) for password_hash in (known, None)]

    assert works[0] == works[1]
    assert "verify_secret" in works[0]


def work_of(password_hash: str | None) -> list[str]:
    """The functions of argon2 that a wrong password calls, in their order."""
    called: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "argon2" in frame.f_code.co_filename:
            called.append(frame.f_code.co_name)

    threading.setprofile(note)
    try:
        passwords = Passwords()
        assert not awaited(passwords.is_right(password_hash, "a wrong password"))
        passwords.close()
    finally:
        threading.setprofile(None)
        sys.setprofile(None)
    return called


@pytest.mark.parametrize("theme", ["SYSTEM", "LIGHT", "DARK"])
@pytest.mark.parametrize("density", ["COMFORTABLE", "COMPACT"])
def test_the_chosen_appearance_stands_in_every_page(bob: Member, theme: str, density: str) -> None:
    bob.submit(APPEARANCE, theme=theme, density=density, shortcuts="on")
    page = Member(bob.house, bob.account, bob.email).get("/projects").text

    assert f'data-theme="{theme.lower()}" data-density="{density.lower()}"' in page
    assert "data-shortcuts" in page


def test_shortcuts_left_out_are_off(bob: Member) -> None:
    bob.submit(APPEARANCE, theme="DARK", density="COMPACT")

    assert "data-shortcuts" not in bob.get("/projects").text


@pytest.mark.parametrize(("theme", "density"), [("PINK", "COMPACT"), ("DARK", ""), ("dark", "X")])
def test_an_appearance_that_there_is_not_is_refused(bob: Member, theme: str, density: str) -> None:
    assert bob.submit(APPEARANCE, theme=theme, density=density).status_code == 422
    assert kept(bob, "theme, density") == ("SYSTEM", "COMFORTABLE")


def test_the_key_for_light_and_dark_is_remembered(bob: Member) -> None:
    bob.submit("/settings/theme", APPEARANCE, theme="DARK")

    assert 'data-theme="dark"' in bob.get("/projects").text


@pytest.mark.parametrize("theme", ["", "PINK", "dark"])
def test_a_theme_that_there_is_not_is_refused(bob: Member, theme: str) -> None:
    assert bob.submit("/settings/theme", APPEARANCE, theme=theme).status_code in (400, 422)
    assert kept(bob, "theme") == ("SYSTEM",)


@pytest.mark.parametrize(
    "path",
    [
        PROFILE,
        APPEARANCE,
        "/settings/email",
        "/settings/password",
        "/settings/theme",
        "/settings/sessions/end-others",
        "/settings/dismiss",
    ],
)
@pytest.mark.parametrize("token", [None, "", "A" * 88])
def test_a_form_without_its_token_is_refused(bob: Member, path: str, token: str | None) -> None:
    data = {"theme": "DARK", "current_password": PASSWORD, "password": NEW}
    sent = data if token is None else {**data, "csrf_token": token}

    assert bob.client.post(path, data=sent).status_code == 403
    assert kept(bob, "theme") == ("SYSTEM",)
