"""The pages of webhooks and notifications without a browser (SE1 to SE4)."""

import html
import re
from typing import Any

import httpx2
import pytest

from miniback import ids, plans
from miniback.accounts import Role
from tests.house import House, until
from tests.notifications.receivers import Receiver, answer, receiving
from tests.visitor import Member, member_of, owner, said

HOOKS, TOLD = "/settings/webhooks", "/settings/notifications"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{32}")


@pytest.fixture
def bob(telling: House) -> Member:
    return owner(telling)


def add(who: Member, receiver: Receiver, **more: str) -> httpx2.Response:
    fields = {"address": receiver.url, "created": "on", **more}
    return who.submit(HOOKS, "/usage", **fields)


def only_id(who: Member) -> str:
    """The id of the one target of an account."""
    sql = "SELECT id FROM targets WHERE account_id = :id"
    found: str = who.house.row(sql, id=who.account.id)[0]
    return found


def page_of(who: Member) -> str:
    return f"{HOOKS}/{only_id(who)}"


def target_of(who: Member) -> dict[str, Any]:
    names = ("address", "events", "projects", "status", "secret", "old_secret")
    sql = f"SELECT {', '.join(names)} FROM targets WHERE account_id = :id"
    return dict(zip(names, who.house.row(sql, id=who.account.id), strict=True))


def secret_in(page: httpx2.Response) -> str:
    (found,) = set(SECRET.findall(html.unescape(page.text)))
    secret: str = found
    return secret


def test_se2_the_secret_stands_in_the_answer_to_the_form_and_nowhere_else(bob: Member) -> None:
    with receiving() as receiver:
        made = add(bob, receiver)
        secret = secret_in(made)
        pages = [bob.get(HOOKS), bob.get(page_of(bob))]

    assert secret == target_of(bob)["secret"]
    assert made.headers["cache-control"] == "no-store"
    assert not any(SECRET.search(html.unescape(page.text)) for page in pages)
    assert secret not in bob.house.log


def test_se2_a_form_sent_twice_adds_one_webhook_and_shows_no_secret_again(bob: Member) -> None:
    with receiving() as receiver:
        first = add(bob, receiver, once="the-same")
        second = add(bob, receiver, once="the-same")

    assert first.status_code == 200
    assert (second.status_code, second.headers["location"]) == (303, page_of(bob))
    assert target_of(bob)["secret"] == secret_in(first)


def test_se2_a_new_secret_is_shown_once_and_the_old_one_signs_along(bob: Member) -> None:
    with receiving() as receiver:
        first = secret_in(add(bob, receiver))
        rotate = f"{page_of(bob)}/secret"
        second = secret_in(bob.submit(rotate, "/usage", once="rotation"))
        again = bob.submit(rotate, "/usage", once="rotation")
        bob.account.say("Signed by both")
        until(lambda: receiver.got, "a delivery")

    assert again.status_code == 303
    assert (target_of(bob)["secret"], target_of(bob)["old_secret"]) == (second, first)
    assert len(receiver.got[0].header("webhook-signature").split(" ")) == 2


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "Give an address such as https://example.com/hook"),
        ("ftp://example.com", "Give an address such as https://example.com/hook"),
        ("https://ada:secret@example.com/", "must not hold a user name or a password"),
        ("http://example.com/hook", "The address must begin with https://"),
        ("https://127.0.0.1/hook", "This address is private"),
        ("https://localhost/hook", "This host is private"),
    ],
)
def test_se1_an_address_that_will_not_do_is_refused_with_the_reason(
    house: House, address: str, reason: str
) -> None:
    who = owner(house)
    page = who.submit(HOOKS, "/usage", address=address, updated="on")

    assert page.status_code == 422
    assert reason in said(page)
    # What was filled in stays (SE6).
    assert f'value="{address}"' in page.text
    assert re.search(r'name="updated" value="on" checked', page.text)
    assert not re.search(r'name="created" value="on" checked', page.text)


def test_a_webhook_of_nothing_is_refused(bob: Member) -> None:
    page = bob.submit(HOOKS, "/usage", address="https://example.com/hook")

    assert page.status_code == 422
    assert "Choose what to be told of" in said(page)


def test_an_address_is_told_once(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
        page = add(bob, receiver)

    assert page.status_code == 422
    assert "This address is told already" in said(page)


def test_se1_a_test_is_sent_and_its_answer_is_shown(bob: Member) -> None:
    with receiving(answer(201, b"Thank you <b>")) as receiver:
        add(bob, receiver)
        sent = bob.submit(f"{page_of(bob)}/test", "/usage")
        delivery = sent.headers["location"]
        until(lambda: "201 in" in said(bob.get(delivery)), "the outcome")
        page = bob.get(delivery)

    assert re.search(r"201 in \d+ ms", said(page))
    assert "Thank you <b>" in said(page)
    assert '"message": "This is a test: nobody has sent this."' in said(page)
    assert f"POST {receiver.url}" in said(page)
    assert f"webhook-id: {delivery.rpartition('/')[2]}" in said(page)


def test_se1_to_a_script_the_outcome_alone_is_answered(bob: Member) -> None:
    with receiving(answer(500, b"Broken")) as receiver:
        add(bob, receiver)
        headers = {"hx-request": "true"}
        data = {"csrf_token": bob.token("/usage")}
        piece = bob.client.post(f"{page_of(bob)}/test", data=data, headers=headers).text
        (address,) = re.findall(r'hx-get="([^"]+)"', piece)
        until(lambda: "hx-get" not in bob.get(address, headers=headers).text, "the outcome")
        piece = bob.get(address, headers=headers).text

    assert "<html" not in piece
    assert "500, is tried again" in piece
    assert "Broken" in piece


def test_se3_the_log_lists_attempts_and_redelivers(bob: Member) -> None:
    with receiving(answer(410, b"Gone")) as receiver:
        add(bob, receiver)
        bob.account.say("A word")
        until(lambda: target_of(bob)["status"] == "DISABLED", "the end of it")
        page = said(bob.get(page_of(bob)))
        receiver.answers = [answer(200, b"Here again")]
        bob.submit(f"{page_of(bob)}/enable", "/usage")
        until(lambda: len(receiver.got) == 2, "what waited")
        until(lambda: "200 in" in said(bob.get(page_of(bob))), "the log")
        (path,) = set(re.findall(r'action="([^"]+/redeliver)"', bob.get(page_of(bob)).text))
        bob.submit(path, "/usage")
        until(lambda: len(receiver.got) == 3, "the redelivery")

    assert "This webhook is disabled. It answered that it is gone (410)." in page
    assert len({each.header("webhook-id") for each in receiver.got}) == 1
    texts = said(bob.get(path.removesuffix("/redeliver")))
    assert "Attempt 1" in texts
    assert "Attempt 2" in texts
    assert "Here again" in texts


def test_a_disabled_webhook_is_told_later_what_it_missed(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
        bob.submit(f"{page_of(bob)}/disable", "/usage")
        assert target_of(bob)["status"] == "DISABLED"
        bob.account.say("Not told")
        bob.submit(f"{page_of(bob)}/enable", "/usage")
        bob.account.say("Told")
        until(lambda: receiver.messages == ["Told"], "the message")


def test_what_is_disabled_is_not_tested(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
        bob.submit(f"{page_of(bob)}/disable", "/usage")

        assert bob.submit(f"{page_of(bob)}/test", "/usage").status_code == 409
        assert "Send a test" not in said(bob.get(page_of(bob)))


def test_a_webhook_is_changed(bob: Member) -> None:
    project = {f"project-{bob.account.project_id}": "on"}
    with receiving() as receiver:
        add(bob, receiver)
        other = receiver.url + "/other"
        done = bob.submit(page_of(bob), "/usage", address=other, updated="on", **project)

    assert done.status_code == 303
    target = target_of(bob)
    assert (target["address"], target["events"]) == (other, '["feedback.updated"]')
    assert bob.account.project_id in target["projects"]


def test_a_webhook_is_deleted_once_it_is_meant(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
        path = f"{page_of(bob)}/delete"
        assert "Nothing more is sent there" in said(bob.get(path))
        bob.submit(path, "/usage")

    assert bob.get(path).status_code == 404
    assert receiver.url not in bob.get(HOOKS).text


def test_deliveries_are_leafed_through(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
        for _ in range(25):
            bob.account.say()
        until(lambda: len(receiver.got) == 25, "all deliveries")
        page = bob.get(page_of(bob))
        (older,) = re.findall(r'href="([^"]+\?before=[^"]+)"', page.text)
        rest = bob.get(html.unescape(older))

    assert page.text.count(">Look at it<") == 20
    assert rest.text.count(">Look at it<") == 5


@pytest.mark.parametrize("path", ["", "/delete", "/deliveries/delivery_1"])
def test_anothers_webhook_looks_like_none(telling: House, bob: Member, path: str) -> None:
    mallory = owner(telling)
    with receiving() as receiver:
        add(bob, receiver)
    theirs, none = page_of(bob), f"{HOOKS}/{ids.new('target')}"

    assert mallory.get(theirs + path).status_code == 404
    assert mallory.get(none + path).status_code == 404


@pytest.mark.parametrize(
    "path", ["", "/secret", "/test", "/enable", "/disable", "/delete", "/deliveries/x/redeliver"]
)
def test_anothers_webhook_is_not_changed(telling: House, bob: Member, path: str) -> None:
    mallory = owner(telling)
    with receiving() as receiver:
        add(bob, receiver)
    before = target_of(bob)

    fields = {"address": "https://evil.example/", "created": "on"}
    assert mallory.submit(page_of(bob) + path, "/usage", **fields).status_code == 404
    assert target_of(bob) == before


@pytest.mark.parametrize("path", ["", "/test", "/enable", "/remove"])
def test_a_webhook_is_nothing_to_the_page_of_notifications(bob: Member, path: str) -> None:
    with receiving() as receiver:
        add(bob, receiver)
    address = f"{TOLD}/{only_id(bob)}{path}"

    assert bob.submit(address, "/usage", created="on").status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_who_is_no_admin_sees_and_changes_nothing(bob: Member, role: Role) -> None:
    member = member_of(bob.house, bob.account, role)
    with receiving() as receiver:
        add(bob, receiver)
    pages = [member.get(path) for path in (HOOKS, TOLD, page_of(bob))]

    assert [each.status_code for each in pages] == [200] * 3
    assert not any('method="post" action="/settings/' in each.text for each in pages)
    assert member.submit(f"{page_of(bob)}/secret", "/usage").status_code == 403
    assert add(member, receiver).status_code == 403


@pytest.mark.parametrize("path", [HOOKS, TOLD])
def test_se4_on_free_one_sees_what_one_would_get_and_a_way_there(telling: House, path: str) -> None:
    alice = owner(telling, plans.FREE)
    page = alice.get(path)

    assert "With STARTER and PRO you would have" in said(page)
    assert re.findall(r'href="(/settings/billing)"[^>]*>See the plans', page.text) == [
        "/settings/billing"
    ]
    assert "Add webhook" not in said(page)
    assert "Add chat" not in said(page)


@pytest.mark.parametrize(
    ("path", "fields"),
    [(HOOKS, {}), (TOLD, {"kind": "SLACK"}), (TOLD, {"kind": "TELEGRAM"})],
)
def test_se4_the_server_holds_the_plan(telling: House, path: str, fields: dict[str, str]) -> None:
    alice = owner(telling, plans.FREE)
    fields = {**fields, "address": "https://example.com/services/x", "created": "on"}
    page = alice.submit(path, "/usage", **fields)

    assert page.status_code == 403
    assert "Webhooks and chats come with STARTER and PRO." in said(page)


def test_se4_a_smaller_plan_tells_no_more_than_it_has(bob: Member) -> None:
    sql = "UPDATE users SET is_administrator = 1 WHERE email = :email"
    bob.house.change(sql, email=bob.email)
    mails = [f"{name}-{bob.account.slug}@example.test" for name in "abc"]
    with receiving() as receiver:
        add(bob, receiver)
        for address in mails:
            fields = {"kind": "EMAIL", "address": address, "created": "on"}
            bob.submit(TOLD, "/usage", **fields, schedule="INSTANT", hour="9")
        assert bob.submit("/settings/billing", "/usage", plan="FREE").status_code == 303
        bob.account.say("Not told")
        sql = (
            "SELECT event FROM heard WHERE account_id = :id"
            " UNION SELECT event FROM outbox WHERE account_id = :id"
        )
        until(lambda: not bob.house.rows(sql, id=bob.account.id), "all events")
    sql = "SELECT address, status, reason, id FROM targets WHERE account_id = :id ORDER BY id"
    (hook, kept, *rest) = bob.house.rows(sql, id=bob.account.id)

    assert receiver.got == []
    assert hook[1:3] == ("DISABLED", "The plan does not have it any more.")
    assert kept[:2] == (mails[0], "UNVERIFIED")
    assert [each[1] for each in rest] == ["DISABLED"] * 2
    enabled = bob.submit(f"{TOLD}/{rest[0][3]}/enable", "/usage")
    assert enabled.status_code == 403
    assert "Your plan notifies 1 email address." in said(enabled)


def test_se4_what_was_disabled_is_not_enabled_on_free(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
    bob.submit(f"{page_of(bob)}/disable", "/usage")
    sql = "UPDATE accounts SET plan = 'FREE' WHERE id = :id"
    bob.house.change(sql, id=bob.account.id)

    assert bob.submit(f"{page_of(bob)}/enable", "/usage").status_code == 403
    assert target_of(bob)["status"] == "DISABLED"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "EMAIL", "address": "no address"}, "is not an email address"),
        ({"kind": "EMAIL", "address": "ä@example.test"}, "plain ASCII"),
        ({"kind": "SLACK", "address": "https://example.com"}, "no address of this chat"),
        ({"kind": "TELEGRAM", "address": "https://example.com/x"}, "no address of this chat"),
        ({"kind": "DISCORD", "address": "https://example.com/x"}, "no address of this chat"),
        ({"kind": "TEAMS", "address": "ftp://example.com/x"}, "Give an address such as"),
        ({"kind": "EMAIL", "address": "a@b.test", "schedule": "NEVER"}, "when mail is sent"),
        ({"kind": "EMAIL", "address": "a@b.test", "hour": "24"}, "an hour of the day"),
        ({"kind": "EMAIL", "address": "a@b.test", "hour": "²"}, "an hour of the day"),
        ({"kind": "EMAIL", "address": "a@b.test", "created": ""}, "what to be told of"),
    ],
)
def test_a_form_that_will_not_do_is_refused_with_the_reason(
    bob: Member, fields: dict[str, str], reason: str
) -> None:
    whole = {"created": "on", "schedule": "INSTANT", "hour": "9", **fields}
    page = bob.submit(TOLD, "/usage", **whole)

    assert page.status_code == 422
    assert reason in said(page)
    assert f'value="{fields["address"]}"' in page.text


@pytest.mark.parametrize("kind", ["", "WEBHOOK", "PIGEON"])
def test_one_is_told_in_no_way_that_there_is_not(bob: Member, kind: str) -> None:
    answer = bob.submit(TOLD, "/usage", kind=kind, address="a@b.test", created="on")

    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["EMAIL", "SLACK"])
def test_g11_a_form_sent_twice_adds_one_and_is_taken_both_times(bob: Member, kind: str) -> None:
    address = f"{bob.account.slug}@example.test" if kind == "EMAIL" else "https://a.test/x"
    fields = {"kind": kind, "address": address, "created": "on", "once": "the-same"}
    fields |= {"schedule": "INSTANT", "hour": "9"}
    answers = [bob.submit(TOLD, "/usage", **fields) for _ in range(2)]

    assert [each.headers.get("location") for each in answers] == [TOLD] * 2
    assert target_of(bob)["address"] == address


def test_a_chat_is_tested_changed_and_removed(bob: Member) -> None:
    with receiving() as receiver:
        fields = {"kind": "SLACK", "address": receiver.url, "created": "on"}
        bob.submit(TOLD, "/usage", **fields)
        place = f"{TOLD}/{only_id(bob)}"
        sent = bob.submit(f"{place}/test", "/usage")
        until(lambda: "200 in" in said(bob.get(sent.headers["location"])), "the outcome")
        bob.submit(place, "/usage", updated="on")
        changed = target_of(bob)["events"]
        listed = bob.get(TOLD)
        bob.submit(f"{place}/remove", "/usage")

    assert b"This is a test" in receiver.got[0].body
    assert changed == '["feedback.updated"]'
    assert "Slack (127.0.0.1" in said(listed)
    # The address of a chat is a secret: whoever has it may write there.
    assert receiver.url not in listed.text
    assert bob.get(place).status_code == 404


def test_fd4_who_was_told_stands_in_the_items_timeline(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
        item = bob.account.say("A word")
        text = f"Told by webhook 127.0.0.1:{receiver.port} : 200"
        until(lambda: text in said(bob.get(f"/inbox/{item['id']}")), "the line")


def test_the_words_of_what_is_gone_are_gone_from_the_log(bob: Member) -> None:
    with receiving() as receiver:
        add(bob, receiver)
        item = bob.account.say("Very private words")
        until(lambda: "200 in" in said(bob.get(page_of(bob))), "the log")
        (path,) = set(re.findall(r'action="([^"]+)/redeliver"', bob.get(page_of(bob)).text))
        assert "Very private words" in said(bob.get(path))
        bob.account.delete(f"/api/feedback/{item['id']}")
        page = bob.get(path)

    assert "Very private words" not in page.text
    assert page.status_code in (200, 404)
