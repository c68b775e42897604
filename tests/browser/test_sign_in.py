"""The first start, coming in and going out (AU1 to AU4), and a newcomer's whole way."""

import re
import subprocess
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from miniback import accounts
from tests.house import House, running
from tests.visitor import PASSWORD, Member, link_for, owner

PEOPLE = ("users", "members", "accounts", "sessions", "one_time_links", "throttles")
NEW_YORK = "America/New_York"
NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def server(new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house("sqlite")) as server:
        yield server


@pytest.fixture
def empty(server: House) -> House:
    """The server as on its first day."""
    for table in PEOPLE:
        server.change(f"DELETE FROM {table}")
    return server


@pytest.fixture
def first_day(empty: House, new_page: NewPage) -> Page:
    """The page of somebody in New York who has come to an empty server."""
    return new_page(base_url=empty.base_url, timezone_id=NEW_YORK)


@pytest.fixture
def link(empty: House) -> str:
    """A set-up link of the empty server, as it prints one when it starts."""
    return f"/setup?token={empty.tx(accounts.set_up_token)}"


@pytest.fixture
def bob(demo: House) -> Member:
    demo.change("DELETE FROM throttles")
    return owner(demo)


def printed_link(house: House) -> str:
    found = re.search(r"http://\S+/setup\?token=\S+", (house.folder / "stdout.log").read_text())
    assert found
    return found[0]


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the form of a sign-in page and send it by the keyboard."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")


def set_up(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Email").fill("nima@example.test")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Create administrator").click()


@pytest.mark.parametrize("path", ["/", "/projects"])
def test_au1_an_empty_server_says_that_it_needs_the_printed_link(
    first_day: Page, path: str
) -> None:
    first_day.goto(path)

    expect(first_day.get_by_text("Open the link that the server printed")).to_be_visible()
    expect(first_day.get_by_role("textbox")).to_have_count(0)


def test_au1_the_set_up_without_its_link_is_refused_on_a_page(first_day: Page) -> None:
    response = first_day.goto("/setup")

    assert response
    assert response.status == 403
    expect(first_day.get_by_role("heading", level=1)).to_have_text("You cannot do that")
    expect(first_day.get_by_role("textbox")).to_have_count(0)


def test_au1_the_set_up_proposes_the_browser_s_time_zone(first_day: Page, link: str) -> None:
    first_day.goto(link)

    expect(first_day.get_by_label("Time zone")).to_have_value(NEW_YORK)


def test_au1_a_weak_password_keeps_the_rest_and_takes_the_focus(first_day: Page, link: str) -> None:
    first_day.goto(link)
    first_day.get_by_label("Time zone").select_option("Europe/Paris")
    set_up(first_day, "password")

    expect(first_day.get_by_label("Email")).to_have_value("nima@example.test")
    expect(first_day.get_by_label("Time zone")).to_have_value("Europe/Paris")
    field = first_day.get_by_label("Password", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(field).to_have_accessible_description(re.compile("easy to guess"))


def test_au1_the_set_up_link_is_gone_once_it_was_used(
    empty: House, first_day: Page, link: str, new_page: NewPage
) -> None:
    first_day.goto(link)
    set_up(first_day)
    expect(first_day).to_have_url(f"{empty.base_url}/inbox")

    response = new_page(base_url=empty.base_url).goto(link)

    assert response
    assert response.status == 404
    assert empty.row("SELECT time_zone FROM users") == (NEW_YORK,)


def test_c1_a_newcomer_comes_from_the_printed_link_to_feedback(
    new_house: Callable[..., House], new_page: NewPage
) -> None:
    with running(new_house("sqlite")) as house:
        page = new_page(permissions=["clipboard-read", "clipboard-write"])
        page.goto(printed_link(house))
        set_up(page)
        page.get_by_role("link", name="Start the first one").click()
        page.get_by_label("Name").fill("My Website")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Generate an API key").click()
        page.get_by_role("button", name="Generate the key").click()
        page.get_by_role("button", name="Copy test command").click()
        expect(page.get_by_role("dialog").get_by_text("Copied").first).to_be_visible()

        assert status_of(page.evaluate("navigator.clipboard.readText()")) == "201"


def status_of(command: str) -> str:
    """Run a curl command as a shell does and return the status of its answer."""
    shell = f"{command} --silent --output /dev/null --write-out '%{{http_code}}'"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    return done.stdout


def test_au2_a_wrong_password_is_told_where_the_focus_is(new_page: NewPage, bob: Member) -> None:
    page = new_page()
    page.goto("/login")
    with page.expect_response("**/login") as sent:
        sign_in(page, bob.email, "wrong password")

    assert sent.value.status == 422
    alert = page.get_by_role("alert")
    expect(alert).to_have_text("The email address or the password is not right.")
    expect(alert).to_be_focused()
    expect(page.get_by_label("Email")).to_have_value(bob.email)
    expect(page.get_by_label("Password", exact=True)).to_have_value("")


def test_au2_an_unknown_address_is_told_the_same(new_page: NewPage, bob: Member) -> None:
    page = new_page()
    page.goto("/login")
    sign_in(page, f"not-{bob.email}")

    expect(page.get_by_role("alert")).to_have_text(
        "The email address or the password is not right."
    )


def test_au2_the_sixth_try_has_to_wait_and_sees_how_long(new_page: NewPage, bob: Member) -> None:
    page = new_page()
    page.goto("/login")
    alert = page.get_by_role("alert")
    for _ in range(5):
        sign_in(page, bob.email, "wrong password")
        expect(alert).to_contain_text("not right")
        page.goto("/login")
    with page.expect_response("**/login") as sent:
        sign_in(page, bob.email)

    assert sent.value.status == 429
    expect(alert).to_contain_text("Too many tries")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^\d+ min \d+ s$"))
    expect(alert).to_be_focused()


def test_au2_what_is_typed_can_be_looked_at_by_keyboard(new_page: NewPage) -> None:
    page = new_page()
    page.goto("/login")
    field = page.get_by_label("Password", exact=True)
    field.fill("what I meant")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")

    expect(page.get_by_role("button", name="Show password")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(field).to_have_attribute("type", "text")


def purposes(page: Page) -> list[str | None]:
    fields = page.locator("main input[type=password], main input[type=email]").all()
    return [field.get_attribute("autocomplete") for field in fields]


def test_au3_fields_tell_password_managers_what_they_are(page: Page, new_page: NewPage) -> None:
    stranger = new_page()
    stranger.goto("/login")
    assert purposes(stranger) == ["username", "current-password"]
    page.goto("/settings/profile")

    passwords = ["current-password", "current-password", "new-password"]
    assert purposes(page) == ["email", *passwords]


def test_au3_signing_in_leads_to_what_was_asked_for(new_page: NewPage, bob: Member) -> None:
    page, path = new_page(), "/projects?search=my&sort=name"
    page.goto(path)
    sign_in(page, bob.email)

    expect(page).to_have_url(f"{bob.house.base_url}{path}")


def test_au3_a_wrong_password_forgets_no_deep_link(new_page: NewPage, bob: Member) -> None:
    page = new_page()
    page.goto("/settings/billing")
    sign_in(page, bob.email, "wrong password")
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, bob.email)

    expect(page).to_have_url(re.compile("/settings/billing$"))


def entered(new_page: NewPage, bob: Member) -> Page:
    """A browser in which Bob has signed in by the form."""
    page = new_page()
    page.goto("/login")
    sign_in(page, bob.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    return page


def test_au4_signing_out_ends_the_session_everywhere_it_is_used(
    new_page: NewPage, bob: Member
) -> None:
    page = entered(new_page, bob)
    held = page.context.cookies()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    thief = new_page(held)
    thief.goto("/projects")

    expect(thief).to_have_url(re.compile("/login"))


def test_au4_after_signing_out_the_back_button_shows_nothing(
    new_page: NewPage, bob: Member
) -> None:
    page = entered(new_page, bob)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()

    expect(page).to_have_url(re.compile("/login"))
    expect(page.get_by_text("My Website")).to_have_count(0)


def test_au4_sign_out_other_sessions_leaves_this_one_alone(new_page: NewPage, bob: Member) -> None:
    here, there = entered(new_page, bob), entered(new_page, bob)
    here.goto("/settings/profile")
    here.get_by_role("button", name="Sign out other sessions").click()
    expect(here.get_by_text("All other sessions have ended")).to_be_visible()

    there.reload()
    expect(there).to_have_url(re.compile("/login"))
    here.reload()
    expect(here.get_by_role("listitem").filter(has_text="This one")).to_be_visible()


def test_a_forgotten_password_is_replaced_by_the_link(new_page: NewPage, bob: Member) -> None:
    page = new_page()
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("Email").fill(bob.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")

    page.goto(link_for(bob.house, bob.email))
    page.get_by_label("New password").fill("another good horse battery")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
