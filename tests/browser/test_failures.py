"""What a person sees when something fails: pages, short messages, no network (ER1 to ER4)."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import cookies_of
from tests.house import House, running
from tests.visitor import Member, owner

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    """Bob's page."""
    return new_page(cookies_of(bob))


@pytest.fixture(scope="module")
def poor(new_house: Callable[..., House]) -> Iterator[House]:
    """A house whose tables go missing."""
    with running(new_house("sqlite")) as house:
        yield house


@pytest.fixture
def broken(poor: House, new_page: NewPage) -> Iterator[Page]:
    """The page of somebody whose list of projects has gone missing after it was shown."""
    page = new_page(cookies_of(owner(poor)), base_url=poor.base_url)
    page.goto("/projects")
    poor.change("ALTER TABLE projects RENAME TO projects_away")
    yield page
    poor.change("ALTER TABLE projects_away RENAME TO projects")


def forge(page: Page) -> None:
    """Spoil the tokens of a page's forms, as a page does that was open for too long."""
    page.evaluate(
        "document.querySelectorAll('[name=csrf_token]').forEach((each) => each.value = 'old')"
    )


def tells(page: Page, title: str, status: int) -> None:
    """See that a failure is told in plain words, with a next step and the request's id."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    main = page.get_by_role("main")
    expect(main).to_contain_text(re.compile(rf"Status {status} · Request \S{{8,}}"))
    expect(main.get_by_role("link")).not_to_have_count(0)
    expect(page).to_have_title(f"{title} · Miniback")
    assert "Traceback" not in page.content()


def test_er1_an_unknown_project_is_told_inside_the_shell(page: Page) -> None:
    response = page.goto("/projects/no-such-project")

    assert response
    assert response.status == 404
    tells(page, "There is nothing here", 404)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")


def test_er1_an_unknown_address_is_told_inside_the_shell(page: Page) -> None:
    page.goto("/nowhere/at/all")

    tells(page, "There is nothing here", 404)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_er1_a_stale_form_is_refused_and_says_what_to_do(page: Page) -> None:
    page.goto("/settings/profile")
    forge(page)
    page.get_by_label("Name").press("Enter")

    tells(page, "You cannot do that", 403)
    expect(page.get_by_text("Reload the page and try again")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_er1_a_wrong_plan_in_the_address_is_told(page: Page) -> None:
    page.goto("/settings/billing?plan=GOLD")

    tells(page, "That did not work", 400)
    expect(page.get_by_text("There is no plan 'GOLD'")).to_be_visible()


def test_er1_an_address_without_a_page_says_that_it_takes_none(page: Page) -> None:
    page.goto("/settings/theme")

    tells(page, "That did not work", 405)


def test_er1_too_much_text_is_told_and_not_stored(page: Page) -> None:
    page.goto("/settings/profile")
    name = page.get_by_label("Name")
    name.evaluate("(each) => { each.maxLength = 100_000; each.value = 'x'.repeat(70_000) }")
    name.press("Enter")

    tells(page, "That is too large", 413)


def test_er1_a_failure_of_ours_is_told_without_its_insides(broken: Page) -> None:
    response = broken.reload()

    assert response
    assert response.status == 500
    tells(broken, "Something broke", 500)
    assert "projects_away" not in broken.content()
    assert "sqlite" not in broken.content().lower()


def toast(page: Page) -> Locator:
    return page.locator("#toasts .toast.error")


def test_er2_a_failed_search_is_told_in_a_toast_and_keeps_the_list(broken: Page) -> None:
    search = broken.get_by_label("Search projects by name")
    search.fill("my")
    search.press("Enter")

    expect(toast(broken).first).to_contain_text("Something broke.")
    expect(broken.get_by_role("link", name="My Website")).to_be_visible()
    expect(broken.get_by_role("main")).to_have_count(1)
    expect(broken.get_by_role("heading", level=1)).to_have_text("Projects")


def test_er2_a_toast_of_a_failure_is_read_out_and_put_away(page: Page, bob: Member) -> None:
    page.goto(f"/projects/{bob.account.slug}/api")
    page.get_by_role("link", name="Regenerate").click()
    forge(page)
    page.get_by_role("dialog").get_by_role("button", name="Regenerate").click()
    expect(toast(page)).to_have_role("alert")
    expect(toast(page)).to_contain_text("Reload the page and try again")
    page.get_by_role("button", name="Dismiss").click()

    expect(toast(page)).to_have_count(0)


def test_er2_a_session_that_ended_leads_a_script_s_request_to_sign_in(
    new_page: NewPage, demo: House
) -> None:
    carol = owner(demo)
    page = new_page(cookies_of(carol))
    page.goto("/projects")
    carol.submit("/logout", page="/usage")
    page.get_by_label("Search projects by name").fill("my")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/login"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("heading")).to_have_count(1)


def test_er3_the_wait_after_too_many_tries_is_counted_down(new_page: NewPage, demo: House) -> None:
    carol = owner(demo)
    subject = {"email": carol.email, "password": "wrong password"}
    for _ in range(5):
        carol.submit("/login", page="/forgot", **subject)
    page = new_page()
    page.clock.install()
    page.goto("/login")
    page.get_by_label("Email").fill(carol.email)
    page.get_by_label("Password", exact=True).fill("wrong password")
    page.keyboard.press("Enter")
    wait = page.locator("mb-countdown")
    expect(wait).to_have_text(re.compile(r"^[45] min \d+ s$"))
    page.clock.run_for(250_000)
    expect(wait).to_have_text(re.compile(r"^[1-5]?\d s$"))
    page.clock.run_for(60_000)

    expect(page.get_by_text("You can try again now")).to_be_visible()
    expect(wait).to_have_count(0)


def from_afar(bob: Member) -> str:
    """The server's address under a name of another machine: this one is there without a network."""
    return bob.house.base_url.replace("127.0.0.1", "miniback.localhost")


@pytest.fixture
def far(new_page: NewPage, bob: Member) -> Page:
    """Bob's page, which he sees over the network."""
    base_url = from_afar(bob)
    cookies = [{**each, "url": base_url} for each in cookies_of(bob)]
    return new_page(cookies, base_url=base_url)


def test_er4_a_server_on_this_very_machine_needs_no_network(page: Page) -> None:
    page.goto("/projects")
    page.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")

    expect(page.get_by_text("You are offline.")).to_be_hidden()


def test_er4_the_banner_comes_and_goes_with_the_network(far: Page) -> None:
    far.goto("/projects")
    banner = far.get_by_text("You are offline.")
    expect(banner).to_be_hidden()
    far.context.set_offline(True)
    expect(banner).to_be_visible()
    far.context.set_offline(False)

    expect(banner).to_be_hidden()


def test_er4_who_signs_in_without_a_network_is_told_too(new_page: NewPage, bob: Member) -> None:
    page = new_page(base_url=from_afar(bob))
    page.goto("/login")
    page.context.set_offline(True)
    page.get_by_label("Email").fill("ada@example.test")
    page.get_by_label("Password", exact=True).fill("a long password")
    page.keyboard.press("Enter")

    expect(page.get_by_text("You are offline.")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("ada@example.test")


@pytest.fixture
def offline(far: Page) -> Page:
    """A page on which something was filled in and sent while the network was gone."""
    far.goto("/projects/new")
    far.get_by_label("Name").fill("Written in a tunnel")
    far.context.set_offline(True)
    expect(far.get_by_text("You are offline.")).to_be_visible()
    far.get_by_role("button", name="Create").click()
    return far


def test_er4_sending_offline_keeps_what_was_filled_in(offline: Page) -> None:
    expect(offline.get_by_label("Name")).to_have_value("Written in a tunnel")
    expect(offline).to_have_url(re.compile("/projects/new$"))


def test_er4_what_was_filled_in_can_be_sent_once_the_network_is_back(offline: Page) -> None:
    offline.context.set_offline(False)
    expect(offline.get_by_text("You are offline.")).to_be_hidden()
    offline.get_by_role("button", name="Create").click()

    expect(offline.get_by_role("heading", level=1)).to_contain_text("Written in a tunnel")


def test_er4_what_could_not_be_sent_is_not_left_without_a_question(offline: Page) -> None:
    offline.context.set_offline(False)
    expect(offline.get_by_text("You are offline.")).to_be_hidden()
    kinds: list[str] = []

    def stay(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.dismiss()

    offline.on("dialog", stay)
    offline.get_by_role("link", name="Plan & usage").click(no_wait_after=True)
    offline.wait_for_function("true")

    assert kinds == ["beforeunload"]


def test_er4_a_search_offline_says_so_and_keeps_the_list(far: Page) -> None:
    far.goto("/projects")
    far.context.set_offline(True)
    far.get_by_label("Search projects by name").fill("nothing like this")
    far.keyboard.press("Enter")

    expect(far.get_by_text("You are offline.")).to_be_visible()
    expect(far.get_by_role("link", name="My Website")).to_be_visible()
