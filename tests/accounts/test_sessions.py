"""Sessions: new at each sign-in, ended for good, and worth nothing to a thief (AU4, T17)."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest

from miniback.accounts import Role
from tests.house import House, running
from tests.visitor import PASSWORD, Member, Visitor, member_of, owner, said, visiting

COOKIE = "miniback_session"
MADE_UP = "A" * 43
MINUTE_MS, DAY_MS = 60_000, 24 * 60 * 60_000
END = re.compile(r'action="(/settings/sessions/[^/"]+/end)"')


@pytest.fixture
def bob(house: House) -> Member:
    """Bob at his desk."""
    return owner(house)


@pytest.fixture
def phone(house: House, bob: Member) -> Member:
    """Bob at his telephone."""
    return Member(house, bob.account, bob.email)


@pytest.fixture(scope="module")
def pair(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server of two workers."""
    with running(new_house(database, workers=2)) as house:
        yield house


def token_of(visitor: Visitor) -> str:
    return visitor.client.cookies[COOKIE]


def opens(house: House, token: str) -> bool:
    """Whether a token, sent by a browser that has nothing else, opens a page."""
    return replay(house, token).status_code == 200


def replay(house: House, token: str) -> httpx2.Response:
    # On a connection of its own, which any worker may take.
    headers = {"cookie": f"{COOKIE}={token}", "connection": "close"}
    return house.client.get("/projects", headers=headers)


def age(member: Member, column: str, by_ms: int) -> None:
    """Set a time of all the sessions of a person back."""
    member.house.change(
        f"UPDATE sessions SET {column} = {column} - :by_ms"
        " WHERE user_id = (SELECT id FROM users WHERE email = :email)",
        by_ms=by_ms,
        email=member.email,
    )


def everything_kept(house: House) -> str:
    """All that stands in a database, as text."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if "postgres" in house.database_url:
        tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    names = [name for (name,) in house.rows(tables) if not name.startswith("feedback_search")]
    return "\n".join(f"{name}: {house.rows(f'SELECT * FROM {name}')}" for name in names)


def changed_password(member: Member, new: str = "another horse, another staple") -> httpx2.Response:
    fields = {"current_password": PASSWORD, "password": new}
    return member.submit("/settings/password", page="/settings/profile", **fields)


def sign_in_over(planted: str, bob: Member) -> httpx2.Response:
    """Sign Bob in where the browser already has a session's cookie."""
    with visiting(bob.house) as browser:
        data = {"csrf_token": browser.token("/login"), "email": bob.email, "password": PASSWORD}
        browser.client.cookies.set(COOKIE, planted, domain="127.0.0.1", path="/")
        return browser.client.post("/login", data=data)


def test_t17_signing_in_replaces_a_cookie_that_was_put_there(house: House, bob: Member) -> None:
    signed = sign_in_over(MADE_UP, bob)

    assert signed.status_code == 303
    assert opens(house, signed.cookies[COOKIE])
    assert signed.cookies[COOKIE] != MADE_UP
    assert not opens(house, MADE_UP)


def test_t17_signing_in_ends_the_session_that_the_browser_had(house: House, bob: Member) -> None:
    planted = token_of(owner(house))
    assert opens(house, planted)

    signed = sign_in_over(planted, bob)

    assert signed.status_code == 303
    assert signed.cookies[COOKIE] != planted
    assert not opens(house, planted)


def test_t17_each_sign_in_has_a_token_of_256_bits(bob: Member, phone: Member) -> None:
    tokens = {token_of(bob), token_of(phone)}

    assert len(tokens) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_au4_signing_out_leads_to_sign_in_and_forgets_the_cookie(bob: Member) -> None:
    answer = bob.submit("/logout")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert COOKIE not in bob.client.cookies


def test_au4_a_cookie_kept_from_before_signing_out_opens_nothing(house: House, bob: Member) -> None:
    token = token_of(bob)
    bob.submit("/logout")

    answer = replay(house, token)

    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/projects")


def test_t17_a_cookie_kept_from_before_signing_out_opens_no_api(house: House, bob: Member) -> None:
    cookie = {"cookie": f"{COOKIE}={token_of(bob)}"}
    before = httpx2.get(house.base_url + "/api/projects", headers=cookie).status_code
    bob.submit("/logout")

    after = httpx2.get(house.base_url + "/api/projects", headers=cookie).status_code

    assert (before, after) == (200, 401)


def test_t17_a_session_signed_out_is_refused_by_all_workers(pair: House) -> None:
    bob = owner(pair)
    token = token_of(bob)
    before = [opens(pair, token) for _ in range(20)]
    bob.submit("/logout")

    assert before == [True] * 20
    assert not any(opens(pair, token) for _ in range(40))


def test_t17_a_session_ended_elsewhere_is_refused_by_all_workers(pair: House) -> None:
    bob = owner(pair)
    phone = Member(pair, bob.account, bob.email)
    assert all(opens(pair, token_of(phone)) for _ in range(20))
    changed_password(bob)

    assert not any(opens(pair, token_of(phone)) for _ in range(40))
    assert all(opens(pair, token_of(bob)) for _ in range(20))


def test_opening_the_sign_out_page_ends_nothing(house: House, bob: Member) -> None:
    assert "Sign out" in said(bob.get("/logout"))
    assert opens(house, token_of(bob))


def test_signing_out_without_the_form_token_is_refused(house: House, bob: Member) -> None:
    assert bob.client.post("/logout").status_code == 403
    assert opens(house, token_of(bob))


def test_t17_a_changed_password_ends_the_other_sessions(
    house: House, bob: Member, phone: Member
) -> None:
    assert changed_password(bob).status_code == 303

    assert phone.get("/projects").headers["location"] == "/login?next=/projects"
    assert bob.get("/projects").status_code == 200


def test_t17_a_changed_password_gives_this_session_a_new_token(house: House, bob: Member) -> None:
    before = token_of(bob)
    changed_password(bob)

    assert token_of(bob) != before
    assert not opens(house, before)


def test_t17_a_changed_password_leaves_other_people_signed_in(house: House, bob: Member) -> None:
    carol = member_of(house, bob.account, Role.ADMIN)
    changed_password(bob)

    assert carol.get("/projects").status_code == 200


def test_t17_the_database_and_the_log_hold_nothing_that_opens_a_session(
    house: House, bob: Member
) -> None:
    token = token_of(bob)
    kept = everything_kept(house)

    assert bob.email in kept
    assert token not in kept
    assert token not in house.log
    hashes = house.rows("SELECT token_hash FROM sessions ORDER BY created_at DESC LIMIT 3")
    assert not any(opens(house, token_hash[:43]) for (token_hash,) in hashes)


def test_t17_the_files_of_the_database_hold_no_token(house: House, bob: Member) -> None:
    token = token_of(bob).encode()
    files = [path for path in house.folder.iterdir() if path.is_file()]

    assert not [path.name for path in files if token in path.read_bytes()]


@pytest.mark.parametrize(
    ("column", "by_ms", "is_open"),
    [
        ("seen_at", 7 * DAY_MS - MINUTE_MS, True),
        ("seen_at", 7 * DAY_MS, False),
        ("created_at", 30 * DAY_MS - MINUTE_MS, True),
        ("created_at", 30 * DAY_MS, False),
    ],
)
def test_t17_a_session_lasts_7_days_unused_and_30_days_in_all(
    house: House, bob: Member, column: str, by_ms: int, is_open: bool
) -> None:
    age(bob, column, by_ms)

    assert opens(house, token_of(bob)) == is_open


def test_t17_use_keeps_a_session_from_ending(house: House, bob: Member) -> None:
    for _ in range(3):
        age(bob, "seen_at", 4 * DAY_MS)
        assert bob.get("/projects").status_code == 200


def test_t17_use_does_not_lengthen_the_30_days(house: House, bob: Member) -> None:
    age(bob, "created_at", 30 * DAY_MS - MINUTE_MS)
    bob.get("/projects")
    age(bob, "created_at", MINUTE_MS)

    assert bob.get("/projects").status_code == 303


@pytest.mark.parametrize(("column", "days"), [("seen_at", 7), ("created_at", 30)])
def test_t17_an_expired_session_is_not_listed(
    house: House, bob: Member, phone: Member, column: str, days: int
) -> None:
    assert len(END.findall(phone.get("/settings/profile").text)) == 1
    age(bob, column, days * DAY_MS)

    tablet = Member(house, bob.account, bob.email)

    assert END.findall(tablet.get("/settings/profile").text) == []


@pytest.mark.parametrize("token", ["", "A", "A" * 44, "é" * 43, "%41" * 43, "' OR '1'='1"])
def test_a_cookie_that_is_no_token_opens_nothing(house: House, token: str) -> None:
    headers = {b"cookie": f"{COOKIE}={token}".encode()}

    assert httpx2.get(house.base_url + "/usage", headers=headers).status_code == 303


def test_pages_of_somebody_are_kept_by_no_cache(bob: Member) -> None:
    page = bob.get("/settings/profile")

    assert page.headers["cache-control"] == "no-store"
    assert "Cookie" in page.headers["vary"]
