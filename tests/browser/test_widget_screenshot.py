"""Screenshots: taken, pasted or picked, blacked out for good, within the limit (W12)."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.customers import Shop, alert, body, open_panel, panel, send
from tests.browser.test_g_axe import found_by_axe

LIMIT_BYTES = 1_000_000
PACKED_MS = 20_000
FIELDS = 'data-fields="screenshot"'
# A screen as it would be shared: red on the left, blue on the right.
SCREEN = """() => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width: 800, height: 400});
  const pen = canvas.getContext("2d");
  const draw = () => {
    pen.fillStyle = "red"; pen.fillRect(0, 0, 400, 400);
    pen.fillStyle = "blue"; pen.fillRect(400, 0, 400, 400);
    requestAnimationFrame(draw);
  };
  draw();
  navigator.mediaDevices.getDisplayMedia = async () => canvas.captureStream();
}"""
# The colours of an image at shares of its width, halfway down.
COLORS = """async ([bytes, places]) => {
  const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  return places.map(share => {
    const [red, green, blue] = pen.getImageData(image.width * share, image.height / 2, 1, 1).data;
    return red > 200 ? "red" : blue > 200 ? "blue" : red + green + blue < 60 ? "black" : "other";
  });
}"""
PICTURE = """(kind) => new Promise(done => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width: 300, height: 200});
  canvas.getContext("2d").fillRect(0, 0, 300, 200);
  canvas.toBlob(async blob => done([...new Uint8Array(await blob.arrayBuffer())]), "image/png");
})"""
PASTED = """([place, bytes]) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([new Uint8Array(bytes)], "shot.png", {type: "image/png"}));
  place.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, composed: true}));
}"""
NOISE = """() => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, {width: 2400, height: 2000});
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(2400, 2000);
  for (let at = 0; at < image.data.length; at++) image.data[at] = Math.random() * 256;
  pen.putImageData(image, 0, 0);
  navigator.mediaDevices.getDisplayMedia = async () => canvas.captureStream(30);
  setInterval(() => pen.fillRect(0, 0, 1, 1), 30);
}"""


@pytest.fixture
def page(shop: Shop, visitor: Page) -> Page:
    shop.visit(visitor, FIELDS)
    visitor.evaluate(SCREEN)
    open_panel(visitor)
    return visitor


def capture(page: Page) -> Locator:
    """Take a picture of the screen, and return where it is edited."""
    panel(page).get_by_role("button", name="Add screenshot").click()
    panel(page).get_by_role("button", name="Capture the screen").click()
    canvas = panel(page).locator(".edit canvas")
    expect(canvas).to_be_focused()
    return canvas


def sent_with(page: Page, shop: Shop) -> bytes:
    """Send the form, and return the image that the server has with it."""
    send(page, "Look at this")
    expect(panel(page).get_by_role("status")).to_contain_text("Thank you")
    sql = "SELECT content FROM attachments WHERE account_id = :id AND position IS NOT NULL"
    content: bytes = shop.house.row(sql, id=shop.account.id)[0]
    return content


def colors(page: Page, content: bytes, *places: float) -> list[str]:
    found: list[str] = page.evaluate(COLORS, [list(content), places])
    return found


def done(page: Page) -> None:
    panel(page).get_by_role("button", name="Done").click()
    expect(panel(page).locator(".taken")).to_be_visible(timeout=PACKED_MS)


def test_w12_the_screen_is_taken_and_blacked_out_with_the_pointer(page: Page, shop: Shop) -> None:
    box = capture(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.8)
    page.mouse.up()
    done(page)
    content = sent_with(page, shop)

    assert content[8:12] == b"WEBP"
    assert colors(page, content, 0.05, 0.2, 0.4, 0.7) == ["red", "black", "red", "blue"]


def test_w12_keys_black_out_as_well(page: Page, shop: Shop) -> None:
    canvas = capture(page)
    for key in (*["ArrowLeft"] * 10, *["Shift+ArrowRight"] * 5, "Enter"):
        canvas.press(key)
    done(page)

    places = (0.1, 0.25, 0.45, 0.55, 0.9)
    assert colors(page, sent_with(page, shop), *places) == ["red", "black", "black", "blue", "blue"]


def test_w12_what_was_blacked_out_can_be_taken_back_before(page: Page, shop: Shop) -> None:
    canvas = capture(page)
    canvas.press("Enter")
    panel(page).get_by_role("button", name="Undo").click()
    done(page)

    assert colors(page, sent_with(page, shop), 0.45, 0.55) == ["red", "blue"]


def test_w12_the_panel_is_on_no_picture(page: Page) -> None:
    page.evaluate(
        "navigator.mediaDevices.getDisplayMedia = (before => async () => {"
        " setTimeout(() => { seen = getComputedStyle(document.querySelector('miniback-widget')"
        ".shadowRoot.querySelector('dialog')).opacity }, 150); return before(); })"
        "(navigator.mediaDevices.getDisplayMedia)"
    )
    capture(page)

    assert page.evaluate("seen") == "0"
    expect(panel(page)).to_have_css("opacity", "1")


def test_w12_a_picture_can_be_pasted(page: Page, shop: Shop) -> None:
    field = panel(page).locator("textarea").element_handle()
    page.evaluate(PASTED, [field, page.evaluate(PICTURE)])
    expect(panel(page).locator(".edit canvas")).to_be_visible()
    done(page)

    assert colors(page, sent_with(page, shop), 0.5) == ["black"]
    assert len(shop.items()) == 1


def test_w12_a_picture_can_be_picked(page: Page, shop: Shop, tmp_path: Path) -> None:
    picture = tmp_path / "shot.png"
    picture.write_bytes(bytes(page.evaluate(PICTURE)))
    pick(page, picture)
    done(page)

    assert colors(page, sent_with(page, shop), 0.5) == ["black"]


def test_w12_what_is_no_picture_or_far_too_large_is_refused(page: Page, tmp_path: Path) -> None:
    for name, content in {"letter.png": b"Dear all", "large.png": bytes(26_000_000)}.items():
        (tmp_path / name).write_bytes(content)
        pick(page, tmp_path / name)
        expect(alert(page)).to_contain_text("too large")
        expect(panel(page).locator(".taken")).to_have_count(0)


def test_w12_a_large_picture_is_made_to_fit(page: Page, shop: Shop) -> None:
    page.evaluate(NOISE)
    capture(page)
    done(page)

    assert len(sent_with(page, shop)) <= LIMIT_BYTES


def test_w12_a_picture_can_be_taken_away_again(page: Page, shop: Shop) -> None:
    capture(page)
    done(page)
    panel(page).get_by_role("button", name="Remove").click()
    asked: list[Any] = []
    page.on("request", lambda each: asked.append(each.url))
    send(page, "Better without")
    expect(panel(page).get_by_role("status")).to_be_visible()

    assert not [url for url in asked if "attachments" in url]


def test_w12_at_most_three_are_sent(page: Page) -> None:
    for _ in range(3):
        capture(page)
        panel(page).get_by_role("button", name="Done").click()
    expect(panel(page).locator(".taken")).to_have_count(3)
    expect(panel(page).get_by_role("button", name="Add screenshot")).to_be_hidden()
    with page.expect_request("**/api/feedback") as request:
        send(page, "Three of them")

    assert len(body(request.value)["attachments"]) == 3


def test_w12_a_refused_picture_keeps_the_words(page: Page) -> None:
    headers = {"access-control-allow-origin": "*"}
    page.route("**/attachments", lambda route: route.fulfill(status=413, headers=headers, json={}))
    capture(page)
    done(page)
    send(page, "Words that stay")

    expect(alert(page)).to_contain_text("too long")
    expect(panel(page).locator("textarea")).to_have_value("Words that stay")


def test_w12_who_shares_no_screen_goes_on_writing(page: Page) -> None:
    page.evaluate(
        "void (navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new Error()))"
    )
    panel(page).get_by_role("button", name="Add screenshot").click()
    panel(page).get_by_role("button", name="Capture the screen").click()

    expect(panel(page).get_by_role("button", name="Add screenshot")).to_be_focused()
    expect(panel(page).locator(".bad")).to_be_empty()


def test_w4_axe_finds_nothing_in_the_editor(page: Page) -> None:
    capture(page)
    panel(page).evaluate("each => Promise.all(each.getAnimations().map(a => a.finished))")
    editing = found_by_axe(page)
    done(page)

    assert (editing, found_by_axe(page)) == ([], [])


def pick(page: Page, path: Path) -> None:
    panel(page).get_by_role("button", name="Add screenshot").click()
    with page.expect_file_chooser() as chooser:
        panel(page).get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(path)
