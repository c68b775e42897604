"""Owners are told by mail when somebody is told no more, and when an allowance runs out."""

import pytest

from miniback import clock, plans
from miniback.accounts import Role
from miniback.plans import Allowance, Usage
from tests.house import House, free_port, until
from tests.notifications.post_office import PostOffice, open_at, subscribe
from tests.notifications.receivers import answer, hook, receiving
from tests.visitor import Member, member_of, owner

CALLS, ITEMS = Usage(calls=1), Usage(items=1)


def at_rest(who: Member) -> None:
    """Wait until all that is to be told to somebody has been told."""
    sql = "SELECT id FROM outbox WHERE account_id = :id"
    until(lambda: not who.house.rows(sql, id=who.account.id), "all notices")


def use_up(who: Member, kind: Usage, count: int) -> None:
    """Use so much more of an account's allowance."""
    table = plans.reshaped("")
    sql = "SELECT plan, anchor FROM accounts WHERE id = :id"
    plan, anchor = who.house.row(sql, id=who.account.id)
    allowance = Allowance(who.account.id, table[plan], anchor)
    who.house.tx(plans.spend_up_to, allowance, kind, count, clock.now())


def subjects(office: PostOffice, who: Member) -> list[str]:
    return [each.message["Subject"] for each in office.to(who.email)]


def test_owners_are_told_that_a_webhook_is_disabled_and_why(
    bea: Member, mailing: House, office: PostOffice
) -> None:
    admin = member_of(mailing, bea.account, Role.ADMIN)
    with receiving(answer(410)) as receiver:
        made = hook(bea.account, receiver)
        bea.account.say("A word")
        (letter,) = office.wait(bea.email)
    at_rest(bea)

    assert letter.message["Subject"] == "Miniback: Somebody is told no more"
    assert f"does not tell 127.0.0.1:{receiver.port} of feedback any more" in letter.text
    assert "It answered that it is gone (410)." in letter.text
    assert f"{mailing.base_url}/settings/webhooks/{made['id']}" in letter.text
    assert office.to(admin.email) == []


def test_se3_after_three_days_in_vain_a_webhook_is_disabled_and_owners_are_told(
    bea: Member, mailing: House, office: PostOffice
) -> None:
    with receiving(answer(500)) as receiver:
        made = hook(bea.account, receiver)
        bea.account.say("A word")
        sql = "SELECT failures FROM targets WHERE id = :id"
        until(lambda: mailing.row(sql, id=made["id"]) == (1,), "the first failure")
        until(
            lambda: mailing.change(
                "UPDATE targets SET failing_since = failing_since - 259200000, due_at = 0"
                " WHERE id = :id AND leased_until = 0",
                id=made["id"],
            )
        )
        sql = "UPDATE deliveries SET due_at = 0 WHERE target_id = :id"
        mailing.change(sql, id=made["id"])
        (letter,) = office.wait(bea.email)

    assert "It could not be reached for three days." in letter.text
    sql = "SELECT status FROM targets WHERE id = :id"
    assert mailing.row(sql, id=made["id"]) == ("DISABLED",)


def test_a_webhook_that_somebody_disables_on_the_page_is_no_news(
    bea: Member, mailing: House, office: PostOffice
) -> None:
    with receiving() as receiver:
        made = hook(bea.account, receiver)
        bea.submit(f"/settings/webhooks/{made['id']}/disable", "/usage")
    at_rest(bea)

    assert office.to(bea.email) == []


def test_who_unsubscribes_is_no_news_either(
    bea: Member, mailing: House, office: PostOffice
) -> None:
    email = f"team-{free_port()}@example.test"
    subscribe(bea, office, email)
    bea.account.say("A word")
    bea.client.post(office.wait(email)[0].link("unsubscribe"))
    at_rest(bea)

    assert office.to(bea.email) == []


@pytest.mark.parametrize(
    ("kind", "low", "full"),
    [
        (CALLS, "80 % of this month's API calls are used.", "All API calls of this month are"),
        (ITEMS, "80 % of this month's feedback has come in.", "has reached the plan's limit."),
    ],
    ids=["calls", "items"],
)
def test_owners_are_told_once_at_each_mark(
    mailing: House, office: PostOffice, kind: Usage, low: str, full: str
) -> None:
    alice = owner(mailing, plans.FREE)
    use_up(alice, kind, 239)
    at_rest(alice)
    assert office.to(alice.email) == []
    use_up(alice, kind, 1)
    use_up(alice, kind, 1)
    at_rest(alice)
    (letter,) = office.wait(alice.email)
    assert low in letter.text
    assert f"{mailing.base_url}/usage" in letter.text
    use_up(alice, kind, 58)
    at_rest(alice)
    assert len(office.to(alice.email)) == 1
    use_up(alice, kind, 1)
    use_up(alice, kind, 1)
    at_rest(alice)

    assert full in office.wait(alice.email, 2)[1].text
    assert subjects(office, alice) == [
        "Miniback: This month's allowance runs low",
        "Miniback: This month's allowance is used up",
    ]


def test_both_marks_at_once_are_one_letter(mailing: House, office: PostOffice) -> None:
    alice = owner(mailing, plans.FREE)
    use_up(alice, CALLS, 300)
    at_rest(alice)

    assert subjects(office, alice) == ["Miniback: This month's allowance is used up"]


def test_the_last_piece_of_feedback_by_key_tells_too(mailing: House, office: PostOffice) -> None:
    alice = owner(mailing, plans.FREE)
    use_up(alice, Usage(calls=1, items=1), 299)
    at_rest(alice)
    alice.account.say("The last one")

    office.wait(alice.email, 3)


def test_without_limits_nobody_is_told(bea: Member, mailing: House, office: PostOffice) -> None:
    use_up(bea, CALLS, 100_000)
    at_rest(bea)

    assert office.to(bea.email) == []


def test_a_notice_waits_while_the_mail_server_is_away(mailing: House, mail_port: int) -> None:
    alice = owner(mailing, plans.FREE)
    postponed = mailing.log.count("mail_postponed")
    use_up(alice, CALLS, 300)
    until(lambda: mailing.log.count("mail_postponed") > postponed, "a try in vain")
    with open_at(mail_port) as office:
        mailing.change("UPDATE outbox SET due_at = 0 WHERE account_id = :id", id=alice.account.id)
        office.wait(alice.email)
