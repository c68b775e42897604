"""Appearance, shortcuts and unsaved changes: what a person sets stays set (SE5, SE6)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import cookies_of
from tests.house import House
from tests.visitor import Member, owner

NewPage = Callable[..., Page]
PAINTED = """
window.painted = [];
const note = () => {
  if (document.body) {
    painted.push([document.documentElement, document.body].map((each) =>
      getComputedStyle(each).backgroundColor).join());
  }
  requestAnimationFrame(note);
};
requestAnimationFrame(note);
"""


@pytest.fixture
def bob(demo: House) -> Member:
    return owner(demo)


@pytest.fixture
def page(new_page: NewPage, bob: Member) -> Page:
    """Bob's page, on a system that likes it light."""
    return new_page(cookies_of(bob), color_scheme="light")


def appearance(page: Page, label: str) -> None:
    """Choose something on the page of appearance, and save it."""
    page.goto("/settings/appearance")
    page.get_by_label(label).click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[role=status] .toast")).to_contain_text("Appearance saved")


@pytest.mark.parametrize(("label", "value"), [("Dark", "dark"), ("Light", "light")])
def test_se5_the_theme_is_rendered_by_the_server_and_stays(
    page: Page, new_page: NewPage, bob: Member, label: str, value: str
) -> None:
    appearance(page, label)
    elsewhere = new_page(cookies_of(bob))
    response = elsewhere.goto("/projects")

    assert response
    assert f'data-theme="{value}"' in response.text()
    elsewhere.goto("/settings/appearance")
    expect(elsewhere.get_by_label(label)).to_be_checked()


def test_se5_the_first_paint_has_the_colour_of_the_last(page: Page) -> None:
    page.goto("/projects")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    appearance(page, "Dark")
    page.add_init_script(PAINTED)
    page.goto("/projects", wait_until="networkidle")
    painted = page.evaluate("painted")

    assert painted
    assert set(painted) == {painted[-1]}
    assert light not in painted[-1]
    assert "17, 19, 24" in painted[-1]


def test_se5_density_stays(page: Page) -> None:
    appearance(page, "Compact")
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    expect(page.get_by_label("Compact")).to_be_checked()


def test_se5_t_switches_the_theme_and_the_server_remembers(page: Page) -> None:
    page.goto("/projects")
    for theme in ("dark", "light"):
        with page.expect_response("**/settings/theme"):
            page.keyboard.press("t")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-theme", theme)


def test_two_keys_lead_to_a_page(page: Page) -> None:
    page.goto("/settings/billing")
    for keys, path in {"gp": "/projects", "gu": "/usage", "gs": "/settings/profile"}.items():
        for key in keys:
            page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"{path}$"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_slash_goes_into_the_search(page: Page) -> None:
    page.goto("/projects")
    page.keyboard.press("/")

    expect(page.get_by_label("Search projects by name")).to_be_focused()
    expect(page.get_by_label("Search projects by name")).to_have_value("")


def help_dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keyboard shortcuts")


def test_the_help_opens_by_its_key_lists_all_keys_and_closes(page: Page) -> None:
    page.goto("/projects")
    page.keyboard.press("?")
    expect(help_dialog(page)).to_be_visible()
    keys = [row.strip() for row in help_dialog(page).get_by_role("rowheader").all_inner_texts()]
    on_items = ["j", "k", "o", "x", "Shift+x", "a", "e", "r", "n", "#", "z", "c"]
    assert keys == [*on_items, "/", "g i", "g p", "g u", "g s", "t", "?", "Esc"]
    page.keyboard.press("Escape")

    expect(help_dialog(page)).to_be_hidden()


def test_the_search_that_the_help_lists_is_reached_from_any_page(page: Page) -> None:
    page.goto("/usage")
    page.keyboard.press("?")
    expect(help_dialog(page).get_by_role("rowheader", name="/", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")

    expect(page).to_have_url(re.compile("/projects$"))
    expect(page.get_by_label("Search projects by name")).to_be_focused()


def test_no_shortcut_works_with_a_modifier(page: Page) -> None:
    page.goto("/projects")
    for modifier in ("Control", "Alt", "Meta"):
        page.keyboard.press(f"{modifier}+Shift+?")
        page.keyboard.press(f"{modifier}+/")

    expect(help_dialog(page)).to_be_hidden()
    expect(page.get_by_label("Search projects by name")).not_to_be_focused()


def test_no_shortcut_works_where_one_types_or_in_a_dialog(page: Page, bob: Member) -> None:
    page.goto("/projects")
    page.get_by_label("Search projects by name").press_sequentially("t/?gp")
    expect(page.get_by_label("Search projects by name")).to_have_value("t/?gp")
    page.goto(f"/projects/{bob.account.slug}/settings")
    page.get_by_role("link", name="Delete project").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").focus()
    for key in "?tgp":
        page.keyboard.press(key)

    expect(help_dialog(page)).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-theme", "system")
    expect(page).to_have_url(re.compile("/settings$"))


def test_shortcuts_can_be_switched_off_for_good(page: Page) -> None:
    appearance(page, "Single-key shortcuts")
    page.goto("/projects")
    for key in "?/t":
        page.keyboard.press(key)

    expect(help_dialog(page)).to_be_hidden()
    expect(page.get_by_label("Search projects by name")).not_to_be_focused()
    expect(page.locator("html")).to_have_attribute("data-theme", "system")


def change(page: Page, path: str) -> str:
    """Type into the first field of a page that is saved by a button, and return what it holds."""
    page.goto(path)
    field = page.get_by_label("Name")
    field.click()
    page.keyboard.press("End")
    page.keyboard.type("and more")
    return field.input_value()


def asked(page: Page, leave: bool) -> list[str]:
    """Note each question that the browser asks, and answer it."""
    kinds: list[str] = []

    def answer(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        if leave:
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", answer)
    return kinds


@pytest.mark.parametrize(
    "path", ["/settings/profile", "/projects/{slug}/settings", "/projects/new"]
)
def test_se6_leaving_with_unsaved_changes_is_asked_about(
    page: Page, bob: Member, path: str
) -> None:
    kinds = asked(page, leave=False)
    typed = change(page, path.format(slug=bob.account.slug))
    page.get_by_role("link", name="Plan & usage").click(no_wait_after=True)
    page.wait_for_function("true")

    assert kinds == ["beforeunload"]
    expect(page.get_by_label("Name")).to_have_value(typed)


def test_se6_who_means_it_leaves(page: Page) -> None:
    kinds = asked(page, leave=True)
    change(page, "/settings/profile")
    page.get_by_role("link", name="Plan & usage").click()

    expect(page).to_have_url(re.compile("/usage$"))
    assert kinds == ["beforeunload"]


def test_se6_nothing_is_asked_after_saving_or_without_a_change(page: Page) -> None:
    kinds = asked(page, leave=False)
    change(page, "/settings/profile")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status] .toast")).to_contain_text("Profile saved")
    page.get_by_label("Name").press_sequentially("x")
    page.keyboard.press("Backspace")
    page.get_by_role("link", name="Plan & usage").click()

    expect(page).to_have_url(re.compile("/usage$"))
    assert kinds == []


@pytest.mark.parametrize("path", ["/settings/profile", "/projects/{slug}/settings"])
def test_se6_saving_is_announced(page: Page, bob: Member, path: str) -> None:
    typed = change(page, path.format(slug=bob.account.slug))
    page.keyboard.press("Enter")

    expect(page.locator("[role=status] .toast")).to_contain_text("saved")
    expect(page.get_by_label("Name")).to_have_value(typed)


def refuse(page: Page) -> None:
    """Change the address with a wrong password."""
    page.goto("/settings/profile")
    page.get_by_label("Email", exact=True).fill("new-of-bob@example.test")
    page.get_by_label("Your password").fill("wrong password")
    page.keyboard.press("Enter")


def test_se6_what_is_refused_keeps_every_field(page: Page) -> None:
    refuse(page)

    expect(page.get_by_label("Your password")).to_be_focused()
    expect(page.get_by_text("This is not your password")).to_be_visible()
    expect(page.get_by_label("Email", exact=True)).to_have_value("new-of-bob@example.test")


def test_se6_what_is_refused_is_still_unsaved(page: Page) -> None:
    kinds = asked(page, leave=False)
    refuse(page)
    expect(page.get_by_text("This is not your password")).to_be_visible()
    page.get_by_role("link", name="Plan & usage").click(no_wait_after=True)
    page.wait_for_function("true")

    assert kinds == ["beforeunload"]
