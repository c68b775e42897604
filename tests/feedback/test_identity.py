"""Visitors for whom the customer's own server vouches, and those who only say who they are."""

import hashlib
import hmac
from typing import Any

import pytest

from tests.feedback.test_door import knock
from tests.house import House
from tests.visitor import Member, owner


@pytest.fixture
def ada(house: House) -> Member:
    return owner(house)


def secret_of(ada: Member, **fields: str) -> str:
    """Ask for the project's secret on its page, and return it."""
    slug = ada.account.slug
    page = ada.submit(f"/projects/{slug}/security/identity", page="/usage", **fields)
    assert page.status_code == 200
    ((secret,),) = ada.house.rows(
        "SELECT identity_secret FROM projects WHERE id = :id", id=ada.account.project_id
    )
    assert secret in page.text
    return str(secret)


def signed(secret: str, user_id: str) -> str:
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


def page_of(ada: Member, user_id: str, **more: Any) -> str:
    """Send feedback as somebody, and return the item's page."""
    answer = knock(ada.account, more={"context": {"userId": user_id}, **more})
    assert answer.status_code == 201
    return ada.get(f"/inbox/{answer.json()['data']['id']}").text


def test_a_signed_id_is_shown_as_verified(ada: Member) -> None:
    secret = secret_of(ada)

    page = page_of(ada, "user-7", userHash=signed(secret, "user-7"))

    assert "Verified" in page
    assert "as the page says" not in page


@pytest.mark.parametrize("user_hash", [None, "", "0" * 64, 7, [], "user-7"])
def test_an_id_without_the_right_signature_is_what_the_page_says(
    ada: Member, user_hash: object
) -> None:
    secret_of(ada)

    page = page_of(ada, "user-7", userHash=user_hash)

    assert "as the page says" in page
    assert "Verified" not in page


def test_a_signature_is_for_one_id(ada: Member) -> None:
    secret = secret_of(ada)

    assert "Verified" not in page_of(ada, "user-8", userHash=signed(secret, "user-7"))


def test_nobody_signs_where_no_secret_was_made(ada: Member) -> None:
    assert "Verified" not in page_of(ada, "user-7", userHash=signed("", "user-7"))


def test_a_new_secret_ends_the_old_one(ada: Member) -> None:
    old = secret_of(ada)
    assert secret_of(ada) == old

    new = secret_of(ada, anew="on")

    assert new != old
    assert "Verified" not in page_of(ada, "user-7", userHash=signed(old, "user-7"))
    assert "Verified" in page_of(ada, "user-7", userHash=signed(new, "user-7"))


def test_the_secret_stands_in_no_api_answer_and_no_log(house: House, ada: Member) -> None:
    secret = secret_of(ada)
    settings = f"/api/projects/{ada.account.project_id}/settings"

    said = [ada.account.get(path).text for path in (settings, "/api/projects", "/api/feedback")]
    said += [house.client.get(f"/w/{ada.account.slug}{end}").text for end in (".js", ".json")]

    assert secret not in "".join(said) + house.log


def test_the_hash_is_not_kept_with_the_item(ada: Member) -> None:
    secret = secret_of(ada)
    user_hash = signed(secret, "user-7")
    page_of(ada, "user-7", userHash=user_hash)

    assert user_hash not in ada.account.get("/api/feedback").text
