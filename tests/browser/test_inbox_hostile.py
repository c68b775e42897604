"""What visitors write stays in its own cell: in the list, an item, a title, a toast, live."""

import re
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_g_escaping
from tests.browser.payloads import CHOSEN, OVERLONG, PAYLOADS
from tests.browser.test_g_escaping import Watched, texts
from tests.browser.test_g_every_page import wider_than_the_window
from tests.browser.test_inbox_list import rows, shown
from tests.browser.test_inbox_live import expect_new
from tests.browser.test_inbox_work import toast
from tests.feedback.batch import fill
from tests.visitor import Member

member = test_g_escaping.member
watched = test_g_escaping.watched

OPENING, CLOSING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"
BIDI = ["\u202eevil.exe", "\u2067right to left", "\u202d\u202e\u2066\u2067x", "\u202c\u2069\u202cx"]
BIDI += ["\u05e9\u05dc\u05d5\u05dd 123 (abc)", "\u200f\u061c\u200emarks", "\u202e" + "word " * 90]
STRANGE = [
    "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "\u200b\u200b\u200bx",
    "Z\u0321\u0336\u035d" * 90,
]
EMOJI = ["\U0001f468\u200d\U0001f469\u200d\U0001f467" * 300, "\U0001f1e6\U0001f1f9" * 900]
ALL = [*PAYLOADS, *BIDI, *STRANGE, *EMOJI, *OVERLONG, "W" * 10_000]
TURNS = [ALL[at::5] for at in range(5)]
# What stands around each message, and whether the message keeps within two lines of its row.
AROUND = """rows => rows.map(row => {
  const box = e => e.getBoundingClientRect();
  const message = row.querySelector(".message"), meta = row.querySelector(".meta");
  const line = parseFloat(getComputedStyle(message).lineHeight);
  const isKept = box(message).left >= box(row).left && box(message).right <= box(row).right
    && box(message).height <= 2 * line + 2;
  return [box(row.querySelector("input")).left, box(meta.firstElementChild).left,
    box(row.querySelector(".side-facts")).right, meta.textContent,
    row.querySelector(".badge").textContent.trim(), isKept].join(" | ");
})"""

# Pages as the browser reads them: what was said, the title, and each element with its attributes.
PARSED = """async paths => Promise.all(paths.map(async path => {
  const text = await (await fetch(path)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  // What is like a message differs from one to the next.
  const around = ".list-pane, .steps-beside, section:has(> #similar)";
  for (const each of page.querySelectorAll(around)) each.remove();
  const all = [...page.querySelectorAll("*")];
  const outline = all.map(e => `${e.tagName} ${e.getAttributeNames()}`).join();
  return {said: page.querySelector("#said bdi").textContent, title: page.title, outline};
}))"""


@pytest.fixture(scope="module")
def filled(member: Member) -> list[str]:
    """The ids of items that say it all, the oldest first."""
    return fill(member.house, member.account, ALL)


def snippet(message: str, longest: int = 280) -> str:
    """The beginning of a message on one line, as the list shows it."""
    line = " ".join(message.split())
    return line if len(line) <= longest else line[:longest] + "…"


def title(message: str) -> str:
    """The title of an item's page: without marks of direction, and as the browser tells it."""
    bare = re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", message)
    return re.sub("[\x00-\x1f]", "", snippet(bare, 60)) + " · Inbox · Miniback"


def snippets(page: Page) -> list[str]:
    return texts(page, ".items .message bdi")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_hostile_messages_change_nothing_outside_their_cell_in_the_list(
    watched: Watched, filled: list[str], width: int, number: int
) -> None:
    watched.page.set_viewport_size({"width": width, "height": 740})
    page = watched.looks_at(f"/inbox?pageSize=100&page={number}")
    expected = [snippet(each) for each in ALL[::-1][100 * (number - 1) : 100 * number]]
    assert snippets(page) == expected
    around = set(rows(page).evaluate_all(AROUND))

    assert len(around) == 1, around
    assert around.pop().endswith("My WebsiteAPI | New | true")
    assert wider_than_the_window(page) == []
    assert page.title() == "Inbox · Miniback"


@pytest.mark.parametrize("turn", range(5))
def test_hostile_messages_leave_the_page_of_their_item_as_it_is(
    watched: Watched, filled: list[str], turn: int
) -> None:
    page = watched.looks_at("/inbox?page=99")
    paths = [f"/inbox/{filled[ALL.index(message)]}" for message in TURNS[turn]]
    found = page.evaluate(PARSED, paths)

    assert [each["said"] for each in found] == TURNS[turn]
    assert [each["title"] for each in found] == [title(message) for message in TURNS[turn]]
    assert len({each["outline"] for each in found}) == 1


@pytest.mark.parametrize("turn", range(4))
def test_hostile_messages_are_text_in_their_item(
    watched: Watched, filled: list[str], turn: int
) -> None:
    for message in [*CHOSEN, *STRANGE, *BIDI, *EMOJI, *OVERLONG, ALL[-1]][turn::4]:
        page = watched.looks_at(f"/inbox/{filled[ALL.index(message)]}")
        facts = page.locator(".facts").inner_text().split()

        assert texts(page, "#said bdi") == [message]
        assert page.title() == title(message)
        assert facts == ["Project", "My", "Website", "·", "API"]
        assert wider_than_the_window(page) == []


@pytest.mark.parametrize("message", [*BIDI, "x" * 59 + "\u202e" + "y" * 20])
def test_hostile_directions_end_within_the_title(
    watched: Watched, member: Member, message: str
) -> None:
    item = member.account.say(message)["id"]
    whole = watched.looks_at(f"/inbox/{item}").title()
    name, _, rest = whole.partition(" · Inbox · ")
    depth = 0
    for character in name:
        depth += (character in OPENING) - (character in CLOSING)
        assert depth >= 0, ascii(whole)

    assert (depth, rest) == (0, "Miniback"), ascii(whole)


def test_hostile_messages_are_walked_by_key(watched: Watched, filled: list[str]) -> None:
    chosen = [ALL.index(each) for each in CHOSEN]
    page = watched.looks_at(f"/inbox/{filled[chosen[0]]}")
    for at in sorted(chosen)[:5]:
        watched.looks_at(f"/inbox/{filled[at]}")
        page.keyboard.press("j")
        expect(page.locator("#detail")).to_have_attribute("data-id", filled[at - 1])
        assert texts(page, "#said bdi") == [ALL[at - 1]]
        assert snippet(ALL[at - 1], 60) in page.title()


@pytest.mark.parametrize("message", [*CHOSEN, *BIDI, OVERLONG[0]])
def test_hostile_messages_are_no_part_of_a_toast(
    watched: Watched, member: Member, message: str
) -> None:
    member.account.say(message)
    page = watched.looks_at("/inbox")
    for key, told in (("e", "1 item resolved"), ("#", "1 item deleted")):
        page.keyboard.press("j") if key == "e" else None
        page.keyboard.press(key)
        expect(toast(page).locator("p")).to_have_text(told)
        expect(toast(page).get_by_role("button")).to_have_count(1)
        rows(page).first.locator(".message").focus()


@pytest.mark.parametrize("turn", range(5))
def test_hostile_messages_come_in_live_as_text(watched: Watched, member: Member, turn: int) -> None:
    with watched.page.expect_response("**/inbox/live*"):
        page = watched.looks_at("/inbox?pageSize=100")
    before = shown(page)
    messages = TURNS[turn]
    fill(member.house, member.account, messages)
    expect_new(page, len(messages))
    assert shown(page) == before
    expect(page).to_have_title(f"({len(messages)}) Inbox · Miniback")
    page.locator("[data-pill]").click()
    expect(page.locator("[data-pill]")).to_be_hidden()

    assert snippets(page)[: len(messages)] == [snippet(each) for each in messages[::-1]]
    assert wider_than_the_window(page) == []
    watched.happened += page.evaluate("seen.violations")


@pytest.mark.parametrize("payload", CHOSEN)
def test_hostile_words_are_text_in_chips_fields_and_the_command(
    watched: Watched, payload: str
) -> None:
    query = {"search": payload, "source": "API"}
    page = watched.looks_at("/inbox?" + urlencode(query))

    assert texts(page, ".chip bdi")[0] == payload
    assert page.get_by_role("searchbox").input_value() == payload
    command = page.locator(".tools mb-copy").first.get_attribute("data-text") or ""
    assert all(urlencode({name: value}) in command for name, value in query.items())
    assert re.fullmatch(r'curl -H "x-api-key: \$MINIBACK_API_KEY" \'?[^\' ]+\'?', command)


@pytest.mark.parametrize("payload", CHOSEN)
def test_hostile_pages_and_values_are_text(watched: Watched, member: Member, payload: str) -> None:
    url = "https://shop.example/" + quote(payload)
    context = {"url": url, "title": payload, "email": payload, payload: {payload: payload}}
    item = member.account.say("Plain", context=context)["id"]
    page = watched.looks_at(f"/inbox/{item}")

    assert texts(page, ".item[aria-current] .page") == ["/" + quote(payload)]
    assert payload in texts(page, ".facts bdi")
    assert texts(page, ".data th bdi") == [payload]
    assert wider_than_the_window(page) == []


@pytest.mark.parametrize("payload", [each for each in CHOSEN if each.isprintable()])
def test_hostile_names_of_views_are_text(watched: Watched, member: Member, payload: str) -> None:
    page = watched.looks_at("/inbox?status=NEW")
    page.get_by_text("Save view", exact=True).click()
    page.get_by_label("Name of the view").fill(payload)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".toast")).to_be_visible()

    assert texts(page, ".view bdi")[-1] == payload
    address = page.locator(".view .edit").last.get_attribute("href") or ""
    page = watched.looks_at(address)
    assert texts(page, "h1 bdi") == [payload]
    assert wider_than_the_window(page) == []
