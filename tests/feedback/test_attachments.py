"""Images that visitors send along: taken at the door, shown to members, gone with their item."""

import httpx2
import pytest

from tests.feedback.test_door import knock
from tests.house import Account, House
from tests.visitor import Member, owner

WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8L" + b"\x00" * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 40


def upload(who: Account, content: bytes = WEBP, **headers: str) -> httpx2.Response:
    headers = {"content-type": "image/webp", "origin": "https://a.example", **headers}
    return who.client.post(f"/w/{who.slug}/attachments", content=content, headers=headers)


def uploaded(who: Account, content: bytes = WEBP) -> str:
    answer = upload(who, content)
    assert answer.status_code == 201, answer.text
    attachment_id: str = answer.json()["data"]["id"]
    return attachment_id


def sent_with(who: Account, *attachments: object) -> str:
    """Send feedback that names images, and return its id."""
    answer = knock(who, more={"attachments": list(attachments)})
    assert answer.status_code == 201
    item_id: str = answer.json()["data"]["id"]
    return item_id


@pytest.fixture(scope="module")
def ada(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def address(item_id: str, attachment_id: str) -> str:
    return f"/inbox/{item_id}/attachments/{attachment_id}"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(WEBP, "image/webp"), (PNG, "image/png"), (JPEG, "image/jpeg")],
)
def test_an_image_is_shown_to_members_as_what_its_bytes_are(
    ada: Member, content: bytes, content_type: str
) -> None:
    attachment_id = uploaded(ada.account, content)
    item_id = sent_with(ada.account, attachment_id)

    answer = ada.get(address(item_id, attachment_id))

    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "access-control-allow-origin" not in answer.headers
    assert address(item_id, attachment_id) in ada.get(f"/inbox/{item_id}").text


def test_nobody_else_sees_an_image(house: House, ada: Member) -> None:
    attachment_id = uploaded(ada.account)
    item_id = sent_with(ada.account, attachment_id)
    mallory = owner(house)

    assert mallory.get(address(item_id, attachment_id)).status_code == 404
    assert house.client.get(address(item_id, attachment_id)).status_code == 303
    own = sent_with(mallory.account)
    assert mallory.get(address(own, attachment_id)).status_code == 404


def test_an_image_belongs_to_the_first_item_that_names_it(ada: Member) -> None:
    attachment_id = uploaded(ada.account)
    first, second = (sent_with(ada.account, attachment_id) for _ in range(2))

    assert ada.get(address(first, attachment_id)).status_code == 200
    assert ada.get(address(second, attachment_id)).status_code == 404


def test_an_image_of_another_project_is_not_taken(house: House, ada: Member) -> None:
    attachment_id = uploaded(owner(house).account)
    item_id = sent_with(ada.account, attachment_id)

    assert ada.get(address(item_id, attachment_id)).status_code == 404


@pytest.mark.parametrize("named", ["x", None, 7, [], {}, "attachment_none", "a" * 9_000])
def test_what_names_no_image_keeps_no_words_out(ada: Member, named: object) -> None:
    assert sent_with(ada.account, named)


def test_three_images_at_most_go_with_an_item(house: House, ada: Member) -> None:
    item_id = sent_with(ada.account, *(uploaded(ada.account) for _ in range(5)))

    (count,) = house.row(
        "SELECT count(*) FROM attachments WHERE account_id = :account AND position ="
        " (SELECT position FROM feedback WHERE id = :id)",
        account=ada.account.id,
        id=item_id,
    )
    assert count == 3


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415),
        (b"GIF89a" + b"\0" * 40, 415),
        (b"<script>alert(1)</script>", 415),
        (WEBP + b"\0" * 1_000_000, 413),
    ],
    ids=["empty", "svg", "gif", "html", "large"],
)
def test_anything_else_is_refused_and_not_kept(
    house: House, bob: Account, content: bytes, status: int
) -> None:
    answer = upload(bob, content)

    assert answer.status_code == status
    assert answer.json()["error"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert house.rows("SELECT 1 FROM attachments WHERE account_id = :id", id=bob.id) == []


def test_a_whole_megabyte_is_taken(bob: Account) -> None:
    assert upload(bob, WEBP + b"\0" * (1_000_000 - len(WEBP))).status_code == 201


def test_the_rest_of_the_door_takes_no_such_body(bob: Account) -> None:
    body = b'{"message":"' + b"x" * 200_000 + b'"}'

    assert bob.client.post("/api/feedback", content=body).status_code == 413


def test_a_site_that_may_not_send_may_not_upload(bob: Account) -> None:
    path = f"/api/projects/{bob.project_id}/settings"
    bob.put(path, json={"allowedDomains": ["example.com"]})

    refused = upload(bob)
    assert (refused.status_code, refused.json()["code"]) == (403, "site_not_allowed")
    assert upload(bob, origin="https://example.com").status_code == 201


def test_a_paused_project_takes_no_image(bob: Account) -> None:
    bob.put(f"/api/projects/{bob.project_id}", json={"status": "PAUSED"})

    assert upload(bob).json()["code"] == "project_paused"


def test_a_preflight_lets_pages_upload(bob: Account) -> None:
    headers = {
        "origin": "https://a.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    answer = bob.client.options(f"/w/{bob.slug}/attachments", headers=headers)

    assert answer.status_code == 204
    assert "content-type" in answer.headers["access-control-allow-headers"]


def test_images_go_with_their_item_and_their_project(house: House, ada: Member) -> None:
    account = ada.account
    kept = "SELECT 1 FROM attachments WHERE id = :id"
    first, second = uploaded(account), uploaded(account)
    item_id = sent_with(account, first)
    sent_with(account, second)

    account.delete(f"/api/feedback/{item_id}")

    assert house.rows(kept, id=first) == []
    assert len(house.rows(kept, id=second)) == 1


def test_what_nobody_names_waits_with_a_bound(house: House, bob: Account) -> None:
    answers = [upload(bob).status_code for _ in range(203)]

    assert answers == [201] * 200 + [429] * 3
