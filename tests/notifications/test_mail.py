"""Mail about feedback: who has said yes is told, as often as they want, and no more (T31, F9)."""

import itertools
import os
import re
from collections.abc import Callable

import pytest

from miniback import clock
from miniback.notifications.mailing import MOST_AN_HOUR
from tests.house import House, free_port, running, until
from tests.notifications.post_office import (
    FROM,
    PostOffice,
    add_address,
    forget_questions,
    let_time_pass,
    open_at,
    status_of,
    subscribe,
)
from tests.visitor import Member, link_for, owner, said, visiting

HOUR_MS = 3_600 * clock.SECOND_MS
_numbers = itertools.count()


@pytest.fixture
def email() -> str:
    """An address that nobody has used."""
    return f"team-{os.getpid()}-{next(_numbers)}@example.test"


def waiting(house: House, email: str) -> int:
    sql = (
        "SELECT count(*) FROM deliveries JOIN targets ON targets.id = target_id"
        " WHERE address = :email AND deliveries.status = 'WAITING'"
    )
    (count,) = house.row(sql, email=email)
    return int(count)


def test_an_address_is_asked_and_told_once_it_has_said_yes(
    bea: Member, office: PostOffice, email: str
) -> None:
    add_address(bea, email)
    (question,) = office.wait(email)
    bea.account.say("Before the yes")
    assert bea.submit(question.link("verify")).status_code == 200
    bea.account.say("After the yes")

    letter = office.wait(email, 2)[1]

    assert "After the yes" in letter.text
    assert [each for each in office.letters if "Before the yes" in each.text] == []


def test_t31_who_has_not_said_yes_gets_the_question_alone(
    bea: Member, office: PostOffice, mailing: House, email: str
) -> None:
    add_address(bea, email)
    office.wait(email)
    bea.account.say("Not for you")
    subscribe(bea, office, "proof-" + email)
    bea.account.say("For the other")
    office.wait("proof-" + email)

    sql = "SELECT count(*) FROM deliveries JOIN targets ON targets.id = target_id"
    assert len(office.to(email)) == 0  # the question came before subscribe() emptied the box
    assert mailing.row(sql + " WHERE address = :email", email=email) == (1,)


def test_t31_an_address_is_asked_once_a_day_whoever_wants_it(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    add_address(bea, email)
    office.wait(email)
    other = owner(mailing)
    fields = {"kind": "EMAIL", "address": email, "created": "on", "schedule": "INSTANT"}
    page = other.submit("/settings/notifications", "/usage", **fields, hour="9")

    assert page.status_code == 422
    assert "This address was asked within the last day" in said(page)
    forget_questions(mailing, email)
    add_address(other, email)
    office.wait(email, 2)


def test_a_letter_is_ours_in_its_headers_and_theirs_in_its_text(
    bea: Member, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    item = bea.account.say("The <b>button</b> is broken", context={"url": "https://shop.test/x"})

    (letter,) = office.wait(email)

    assert (letter.message["From"], letter.message["To"]) == (FROM, email)
    assert letter.message["Subject"] == "Miniback: New feedback"
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "The <b>button</b> is broken" in letter.text
    assert f"/inbox/{item['id']}" in letter.text
    assert "The &lt;b&gt;button&lt;/b&gt; is broken" in letter.html


def test_a_changed_status_is_told_where_it_is_wanted(
    bea: Member, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email, created="", updated="on")
    item = bea.account.say("A word")
    bea.account.put(f"/api/feedback/{item['id']}", json={"status": "RESOLVED"})

    (letter,) = office.wait(email)

    assert letter.message["Subject"] == "Miniback: Feedback changed"
    assert "My Website: New → Resolved" in letter.text


def test_only_the_chosen_projects_are_told_of(bea: Member, office: PostOffice, email: str) -> None:
    body = {"name": "Second"}
    second = bea.account.post("/api/projects", json=body).json()["data"]["id"]
    subscribe(bea, office, email, **{f"project-{second}": "on"})
    bea.account.say("Of the first")
    bea.account.post(f"/api/projects/{second}/feedback", json={"message": "Of the second"})

    (letter,) = office.wait(email)

    assert "Of the second" in letter.text
    assert "Of the first" not in letter.text


def test_t31_above_the_cap_of_an_hour_the_rest_comes_together(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    many = MOST_AN_HOUR + 20
    for number in range(many):
        bea.account.say(f"Word number {number:03}")
    until(lambda: not mailing.rows("SELECT position FROM heard"))
    let_time_pass(mailing, email, HOUR_MS + 1_000)
    told = len(office.to(email))
    until(lambda: waiting(mailing, email) == 0)

    letters = office.to(email)
    numbers = [n for each in letters for n in re.findall(r"Word number (\d+)", each.text)]
    assert told <= MOST_AN_HOUR
    assert sorted(numbers) == [f"{number:03}" for number in range(many)]
    assert len(letters) <= MOST_AN_HOUR + 1


def test_t31_little_that_is_above_the_cap_comes_together_too(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    at_once = MOST_AN_HOUR - 1  # the question was a letter, too
    for told in range(at_once):
        bea.account.say("A word")
        office.wait(email, told + 1)
    for number in range(3):
        bea.account.say(f"Late number {number}")
    until(lambda: waiting(mailing, email) == 3)
    let_time_pass(mailing, email, HOUR_MS + 1_000)
    until(lambda: waiting(mailing, email) == 0)

    late = office.to(email)[at_once:]
    assert [len(re.findall(r"Late number \d", each.text)) for each in late] == [3]


@pytest.mark.parametrize("schedule", ["HOURLY", "DAILY"])
def test_on_a_schedule_letters_wait_and_come_as_one(
    bea: Member, mailing: House, office: PostOffice, email: str, schedule: str
) -> None:
    subscribe(bea, office, email, schedule=schedule)
    for number in range(3):
        bea.account.say(f"Word number {number}")
    until(lambda: waiting(mailing, email) == 3)
    assert office.to(email) == []

    let_time_pass(mailing, email, clock.DAY_MS + HOUR_MS)
    until(lambda: waiting(mailing, email) == 0)

    (letter,) = office.to(email)
    assert letter.message["Subject"] == "Miniback: 3 pieces of feedback"
    assert re.findall(r"Word number (\d)", letter.text) == ["0", "1", "2"]


def test_a_daily_letter_is_due_at_the_hour_of_the_persons_zone(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    profile = {"name": "Bea", "time_zone": "Asia/Kathmandu"}
    bea.submit("/settings/profile", **profile)
    subscribe(bea, office, email, schedule="DAILY", hour="9")
    bea.account.say("A word")
    until(lambda: waiting(mailing, email) == 1)

    sql = (
        "SELECT deliveries.due_at FROM deliveries JOIN targets ON targets.id = target_id"
        " WHERE address = :email AND deliveries.status = 'WAITING'"
    )
    (due_at,) = mailing.row(sql, email=email)
    # Nine o'clock in Kathmandu, which is 5 hours and 45 minutes ahead of UTC.
    assert clock.iso(due_at)[11:] == "03:15:00.000Z"
    assert clock.now() < due_at <= clock.now() + clock.DAY_MS


def test_f9_what_the_mail_server_never_wants_disables_the_address(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    office.refusals[email] = "550 No such person"
    bea.account.say("A word")
    until(lambda: status_of(mailing, email) == "DISABLED")

    page = said(bea.get("/settings/notifications"))

    assert "The mail server refuses it: 550 No such person" in page


def test_f9_what_the_mail_server_does_not_want_now_comes_later(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    office.refusals[email] = "451 Try again later"
    bea.account.say("Greylisted")
    sql = (
        "SELECT attempts.content FROM attempts JOIN deliveries ON deliveries.id = delivery_id"
        " JOIN targets ON targets.id = target_id WHERE address = :email AND event <> 'verify'"
    )
    until(lambda: mailing.rows(sql, email=email))
    assert status_of(mailing, email) == "ACTIVE"
    office.refusals.clear()
    let_time_pass(mailing, email, HOUR_MS)

    (letter,) = office.wait(email)
    assert "Greylisted" in letter.text


def test_f9_letters_wait_while_the_mail_server_is_away_and_come_once(
    bea: Member, mailing: House, mail_port: int, email: str
) -> None:
    with open_at(mail_port) as office:
        subscribe(bea, office, email)
    for number in range(3):
        bea.account.say(f"Word number {number}")
    sql = "SELECT failures FROM targets WHERE address = :email"
    until(lambda: mailing.row(sql, email=email)[0] > 0, "a try in vain")
    until(lambda: waiting(mailing, email) == 3)

    with open_at(mail_port) as office:
        let_time_pass(mailing, email, HOUR_MS)
        until(lambda: waiting(mailing, email) == 0)

    numbers = [n for each in office.to(email) for n in re.findall(r"number (\d)", each.text)]
    assert sorted(numbers) == ["0", "1", "2"]


def test_one_is_told_no_more_by_the_page_of_the_link_without_signing_in(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    bea.account.say("A word")
    link = office.wait(email)[0].link("unsubscribe")
    with visiting(mailing) as nobody:
        page = nobody.get(link)
        assert status_of(mailing, email) == "ACTIVE"
        done = nobody.client.post(link)

    assert f"No more mail about feedback to this address? {email}" in said(page)
    assert f"Done: no more mail goes to this address: {email}" in said(done)
    assert status_of(mailing, email) == "DISABLED"


def test_a_mail_program_unsubscribes_by_one_request(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    bea.account.say("A word")
    (letter,) = office.wait(email)
    address = letter.message["List-Unsubscribe"].strip("<>")
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": "null"}
    answer = mailing.client.post(address, content="List-Unsubscribe=One-Click", headers=headers)
    bea.account.say("Not wanted")
    until(lambda: not mailing.rows("SELECT position FROM heard"))

    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert status_of(mailing, email) == "DISABLED"
    assert waiting(mailing, email) == 0


def test_who_wants_no_more_is_asked_before_being_told_again(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    bea.account.say("A word")
    bea.client.post(office.wait(email)[0].link("unsubscribe"))
    (target_id,) = mailing.row("SELECT id FROM targets WHERE address = :email", email=email)
    enable = f"/settings/notifications/{target_id}/enable"
    bea.submit(enable, "/usage")
    assert status_of(mailing, email) == "DISABLED"  # it was asked today
    forget_questions(mailing, email)
    bea.submit(enable, "/usage")

    assert status_of(mailing, email) == "UNVERIFIED"
    assert "say yes here" in office.wait(email, 2)[1].text


@pytest.mark.parametrize("purpose", ["verify", "unsubscribe"])
@pytest.mark.parametrize("token", ["x", "a.b.c", "%FF.%00.x", "a" * 3_000])
def test_a_link_that_is_not_ours_leads_nowhere(bea: Member, purpose: str, token: str) -> None:
    for answer in (bea.get(f"/{purpose}/{token}"), bea.submit(f"/{purpose}/{token}", "/usage")):
        assert answer.status_code in (403, 404)


def test_a_link_of_one_purpose_does_not_serve_the_other(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    add_address(bea, email)
    link = office.wait(email)[0].link("verify")
    swapped = link.replace("/verify/", "/unsubscribe/")

    assert bea.client.post(swapped).status_code == 404
    assert status_of(mailing, email) == "UNVERIFIED"


def test_a_test_letter_says_that_it_is_one(
    bea: Member, mailing: House, office: PostOffice, email: str
) -> None:
    subscribe(bea, office, email)
    (target_id,) = mailing.row("SELECT id FROM targets WHERE address = :email", email=email)
    bea.submit(f"/settings/notifications/{target_id}/test", "/usage")

    (letter,) = office.wait(email)

    assert letter.message["Subject"] == "Miniback: A test"
    assert "mail from Miniback reaches this address" in letter.text


def test_without_a_mail_server_the_link_stands_in_the_log(
    database: str, new_house: Callable[..., House], email: str
) -> None:
    with running(new_house(database)) as house:
        bob = owner(house)
        page = said(bob.get("/settings/notifications"))
        add_address(bob, email)
        link = link_for(house, email)
        assert bob.submit(link).status_code == 200

        assert "This server has no mail server yet" in page
        assert status_of(house, email) == "ACTIVE"


def test_a_plans_number_of_addresses_is_exact(mailing: House, office: PostOffice) -> None:
    alice = owner(mailing, "FREE")
    first, second = (f"{name}-{free_port()}@example.test" for name in "ab")
    add_address(alice, first)
    fields = {"kind": "EMAIL", "address": second, "created": "on", "schedule": "INSTANT"}
    answer = alice.submit("/settings/notifications", "/usage", **fields, hour="9")

    assert answer.status_code == 403
    text = "Your plan notifies 1 email address. Upgrade your plan to notify more."
    assert text in said(answer)
