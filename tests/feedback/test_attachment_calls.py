"""The images of an item by the API: listed, fetched, and nobody else's."""

import pytest

from miniback import ids
from tests.feedback.test_attachments import JPEG, PNG, WEBP, sent_with, uploaded
from tests.house import Account, House


def test_an_items_images_are_listed_with_where_to_get_them(house: House, bob: Account) -> None:
    images = [uploaded(bob, content) for content in (WEBP, PNG, JPEG)]
    item = sent_with(bob, *images)

    listed = bob.get(f"/api/feedback/{item}/attachments").json()["data"]

    assert [(each["id"], each["size"]) for each in listed] == [
        (each, len(content)) for each, content in zip(images, (WEBP, PNG, JPEG), strict=True)
    ]
    for each, content in zip(listed, (WEBP, PNG, JPEG), strict=True):
        assert each["url"].startswith(house.base_url)
        answer = bob.get(each["url"])
        assert (answer.content, answer.headers["content-type"]) == (content, each["contentType"])
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["content-disposition"].startswith("inline; filename=")


def test_an_item_without_images_has_an_empty_list(bob: Account) -> None:
    assert bob.get(f"/api/feedback/{bob.say()['id']}/attachments").json() == {"data": []}


@pytest.mark.parametrize("other", ["another item", "no image", "x"])
def test_an_image_is_found_at_its_own_item_alone(bob: Account, other: str) -> None:
    image = uploaded(bob)
    item = sent_with(bob, image)
    paths = {
        "another item": f"/api/feedback/{bob.say()['id']}/attachments/{image}",
        "no image": f"/api/feedback/{item}/attachments/{ids.new('attachment')}",
        "x": f"/api/feedback/{item}/attachments/x",
    }

    answer = bob.get(paths[other])

    assert (answer.status_code, answer.json()) == (404, {"error": "Attachment not found"})


def test_anothers_images_are_not_there(bob: Account, mallory: Account) -> None:
    image = uploaded(bob)
    item = sent_with(bob, image)

    for path in (f"/api/feedback/{item}/attachments", f"/api/feedback/{item}/attachments/{image}"):
        answer = mallory.get(path)
        assert (answer.status_code, answer.json()) == (404, {"error": "Feedback not found"})
