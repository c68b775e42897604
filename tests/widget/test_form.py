"""The form that needs no script (`/f/<slug>`): a plain page, and a receipt for what was sent."""

import re
import time
from typing import Any

import httpx2
import pytest

from tests.feedback.test_gate import shelves
from tests.house import Account, House


def opened(who: Account, **query: str) -> dict[str, str]:
    """Open the form and return its hidden fields."""
    page = who.client.get(f"/f/{who.slug}", params=query)
    assert page.status_code == 200
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def send(who: Account, fields: dict[str, str], **headers: str) -> httpx2.Response:
    headers = {"origin": str(who.client.base_url).rstrip("/"), **headers}
    return who.client.post(f"/f/{who.slug}", data=fields, headers=headers)


def latest(who: Account) -> dict[str, Any]:
    item: dict[str, Any] = who.get("/api/feedback").json()["data"][0]
    return item


def test_what_is_sent_arrives_and_is_receipted(bob: Account) -> None:
    fields = {
        **opened(bob, page="https://shop.example/cart"),
        "message": "The cart is empty\r\nagain",
        "kind": "bug",
        "email": "a@b.example",
    }
    del fields["opened"]

    answer = send(bob, fields)

    assert answer.status_code == 303
    item = latest(bob)
    assert (item["message"], item["source"]) == ("The cart is empty\nagain", "WIDGET")
    context = item["context"]
    assert (context["kind"], context["email"]) == ("bug", "a@b.example")
    assert context["url"] == "https://shop.example/cart"
    receipt = bob.client.get(answer.headers["location"])
    assert receipt.status_code == 200
    assert item["id"] in receipt.text


def test_the_page_sets_no_cookie(bob: Account) -> None:
    assert "set-cookie" not in bob.client.get(f"/f/{bob.slug}").headers


def test_sent_twice_it_arrives_once(bob: Account) -> None:
    fields = {**opened(bob), "message": "Once"}

    first, second = send(bob, fields), send(bob, fields)

    assert first.headers["location"] == second.headers["location"]
    assert bob.get("/api/feedback").json()["pagination"]["total"] == 1


@pytest.mark.parametrize("message", ["", "   ", "x" * 10_001])
def test_a_wrong_message_keeps_what_was_filled_in(bob: Account, message: str) -> None:
    fields = {**opened(bob), "message": message, "email": "kept@example.test"}

    answer = send(bob, fields)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "kept@example.test" in answer.text


def test_the_trap_leads_to_quarantine(house: House, bob: Account) -> None:
    answer = send(bob, {**opened(bob), "message": "Buy now", "website": "https://spam.example"})

    assert answer.status_code == 303
    assert shelves(house, bob)[0][0] == "SPAM"


def test_the_time_it_took_is_known(house: House, bob: Account) -> None:
    links = "http://a.example http://b.example http://c.example"
    send(bob, {**opened(bob), "message": links})
    stamp = opened(bob)["opened"]
    forged = f"{int(time.time() * 1000) - 60_000}.{stamp.partition('.')[2]}"
    send(bob, {**opened(bob), "message": links.replace(".", "-other."), "opened": forged})

    assert shelves(house, bob) == [("SPAM", "QUICK LINKS"), ("LIVE", "")]


def test_a_page_of_another_site_may_post_if_it_is_allowed(bob: Account) -> None:
    path = f"/api/projects/{bob.project_id}/settings"
    bob.put(path, json={"allowedDomains": ["example.com"]})
    fields = {"message": "From a footer"}

    assert send(bob, fields, origin="https://example.com").status_code == 303
    refused = send(bob, fields, origin="https://evil.example")
    assert refused.status_code == 403
    assert "From a footer" in refused.text


def test_a_paused_project_says_so(bob: Account) -> None:
    bob.put(f"/api/projects/{bob.project_id}", json={"status": "PAUSED"})

    page = bob.client.get(f"/f/{bob.slug}")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert send(bob, {"message": "m"}).status_code == 403


def test_where_a_proof_is_asked_the_words_wait_in_quarantine(house: House, bob: Account) -> None:
    bob.put(f"/api/projects/{bob.project_id}/settings", json={"proof": "always"})

    assert send(bob, {**opened(bob), "message": "No script here"}).status_code == 303
    assert shelves(house, bob) == [("SPAM", "QUICK UNPROVEN")]


@pytest.mark.parametrize(
    "reference", ["", "x", "feedback_", "<b>", "proj_0123456789abcdefghijklmn"]
)
def test_a_receipt_is_for_a_reference(bob: Account, reference: str) -> None:
    answer = bob.client.get(f"/f/{bob.slug}/sent", params={"reference": reference})

    assert answer.status_code == 404


def test_there_is_no_form_for_a_project_that_is_not_there(house: House) -> None:
    for path in ("/f/none", "/f/none/sent", "/demo/none", "/demo/none/preview"):
        assert house.client.get(path).status_code == 404


def test_what_a_visitor_writes_is_escaped(bob: Account) -> None:
    fields = {**opened(bob), "message": " ", "email": '"><script>alert(1)</script>'}

    assert "<script>alert(1)" not in send(bob, fields).text
