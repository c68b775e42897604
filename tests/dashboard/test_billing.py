"""Changing the plan: by the administrator, at once, with what it pauses told before (US3, US4)."""

import pytest

from miniback import plans
from tests.house import House
from tests.plans.figures import use
from tests.visitor import Member, owner, said


def administrator(house: House, plan: str) -> Member:
    """The owner of an account who administers the server."""
    member = owner(house, plan)
    sql = "UPDATE users SET is_administrator = 1 WHERE email = :email"
    house.change(sql, email=member.email)
    return member


def more_projects(member: Member, *names: str) -> None:
    for name in names:
        assert member.submit("/projects/new", name=name, slug="").status_code == 303


def change(member: Member, plan: str) -> int:
    return member.submit("/settings/billing", page="/usage", plan=plan).status_code


def plan_of(house: House, member: Member) -> str:
    sql = "SELECT plan FROM accounts WHERE id = :id"
    return str(house.row(sql, id=member.account.id)[0])


def active(member: Member) -> list[str]:
    found = member.get("/api/projects").json()["data"]
    return [each["name"] for each in found if each["status"] == "ACTIVE"]


def test_us3_an_upgrade_opens_the_gates_with_the_next_request(house: House) -> None:
    alice = administrator(house, plans.FREE)
    assert alice.account.get("/api/projects").status_code == 401

    assert change(alice, plans.PRO) == 303

    assert alice.account.get("/api/projects").status_code == 200
    assert plan_of(house, alice) == plans.PRO


def test_us3_a_downgrade_closes_the_gates_with_the_next_request(house: House) -> None:
    bob = administrator(house, plans.PRO)
    assert bob.account.get("/api/projects").status_code == 200

    change(bob, plans.FREE)

    assert bob.account.get("/api/projects").status_code == 401
    assert bob.account.post(bob.account.feedback_path, json={"message": "A"}).status_code == 201


def test_us3_an_upgrade_lifts_the_limit_on_feedback(house: House) -> None:
    alice = administrator(house, plans.FREE)
    use(house, alice.account, (0, 300, 0))
    sent = {"json": {"message": "A"}}
    assert alice.account.post(alice.account.feedback_path, **sent).status_code == 429

    change(alice, plans.STARTER)

    assert alice.account.post(alice.account.feedback_path, **sent).status_code == 201


def test_us3_the_change_is_told(house: House) -> None:
    alice = administrator(house, plans.FREE)
    change(alice, plans.PRO)

    assert "The account is on PRO" in said(alice.get("/usage"))


@pytest.mark.parametrize("plan", ["", "free", "GOLD", "FREE\n", "<b>"])
def test_us3_a_plan_that_there_is_not_changes_nothing(house: House, plan: str) -> None:
    bob = administrator(house, plans.PRO)

    assert change(bob, plan) == 400
    assert plan_of(house, bob) == plans.PRO


def test_us3_an_owner_who_is_no_administrator_is_told_whom_to_ask(house: House) -> None:
    bob = owner(house)
    sql = "UPDATE users SET is_administrator = 0 WHERE email = :email"
    house.change(sql, email=bob.email)

    page = bob.get("/settings/billing?plan=FREE")

    assert "The administrator of this server changes plans." in said(page)
    assert 'action="/settings/billing"' not in page.text
    assert (change(bob, plans.FREE), plan_of(house, bob)) == (403, plans.PRO)


def test_us4_a_downgrade_names_what_it_will_pause_before_it_is_confirmed(house: House) -> None:
    bob = administrator(house, plans.PRO)
    more_projects(bob, "Second", "Third <b>")

    page = bob.get("/settings/billing?plan=FREE")

    assert "2 projects are more than FREE has room for. They will be paused:" in said(page)
    listed = page.text.split('id="confirm"')[1].split("</section>")[0]
    assert ["Second" in listed, "Third &lt;b&gt;" in listed] == [True, True]
    assert "My Website" not in listed
    assert len(active(bob)) == 3


def test_us4_a_downgrade_pauses_the_newest_and_says_which(house: House) -> None:
    bob = administrator(house, plans.PRO)
    more_projects(bob, "Second", "Third")

    change(bob, plans.FREE)

    assert active(bob) == ["My Website"]
    assert "The account is on FREE. Paused: Third, Second" in said(bob.get("/usage"))


def test_us4_a_downgrade_within_the_limits_pauses_nothing(house: House) -> None:
    bob = administrator(house, plans.PRO)

    assert "Nothing has to be paused." in said(bob.get("/settings/billing?plan=FREE"))
    change(bob, plans.FREE)
    assert active(bob) == ["My Website"]


def test_us4_a_downgrade_that_pauses_much_is_told_too(house: House) -> None:
    bob = administrator(house, plans.PRO)
    names = [chr(0x1F600 + number) * 100 for number in range(11)]
    more_projects(bob, *names)

    answer = bob.submit("/settings/billing", page="/usage", plan=plans.FREE)

    # Browsers keep no cookie of more than 4,096 bytes (RFC 6265, section 6.1).
    assert len(answer.headers["set-cookie"].partition(";")[0]) <= 4_096
