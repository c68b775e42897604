"""What each plan allows, and how an operator reshapes it (contract section 3)."""

import json
from collections.abc import Callable, Iterator

import pytest

from miniback import plans
from miniback.errors import Misconfigured
from tests.house import Account, House, running
from tests.plans.figures import spend, use, used

MISCONFIGURED = 78
RESHAPED = {
    "FREE": {"calls": 2, "items": 3, "projects": 2},
    "STARTER": {"calls": None, "items": 1, "projects": 1},
    "PRO": {"calls": 1, "reads": False},
}


@pytest.fixture(scope="module")
def reshaped_house(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house whose operator has changed every plan."""
    with running(new_house(database, environment={"MINIBACK_PLANS": json.dumps(RESHAPED)})) as it:
        yield it


def limits(account: Account) -> tuple[int | None, int | None, int | None]:
    """Return the limits on calls, items and projects as the usage call tells them."""
    usage = account.get("/api/usage").json()["data"]
    return usage["apiCalls"]["limit"], usage["feedback"]["limit"], usage["projects"]["limit"]


def test_starter_has_the_limits_of_the_table(carol: Account) -> None:
    assert limits(carol) == (10_000, 5_000, 10)


def test_pro_has_no_limits(bob: Account) -> None:
    assert limits(bob) == (None, None, None)


@pytest.mark.parametrize("figures", [(299, 299, 0), (0, 0, 0)])
def test_free_posts_within_its_300_calls(
    house: House, alice: Account, figures: tuple[int, int, int]
) -> None:
    use(house, alice, figures)

    assert alice.post(alice.feedback_path, json={"message": "A"}).status_code == 201


@pytest.mark.parametrize("figures", [(300, 299, 0), (299, 300, 0), (400, 400, 0)])
def test_free_posts_neither_a_301st_call_nor_a_301st_item(
    house: House, alice: Account, figures: tuple[int, int, int]
) -> None:
    use(house, alice, figures)

    assert alice.post(alice.feedback_path, json={"message": "A"}).status_code == 429


@pytest.mark.parametrize(("calls", "status"), [(9_999, 200), (10_000, 429)])
def test_starter_has_10000_calls(house: House, carol: Account, calls: int, status: int) -> None:
    use(house, carol, (calls, 0, 0))

    assert carol.get("/api/projects").status_code == status


@pytest.mark.parametrize(("items", "status"), [(4_999, 201), (5_000, 429)])
def test_starter_has_5000_items(house: House, carol: Account, items: int, status: int) -> None:
    use(house, carol, (0, items, 0))

    assert carol.post(carol.feedback_path, json={"message": "A"}).status_code == status


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pro_calls_without_end(house: House, bob: Account, method: str) -> None:
    use(house, bob, (10_000_000, 10_000_000, 0))

    assert bob.call(method, bob.feedback_path, json={"message": "A"}).is_success


@pytest.mark.parametrize("plan", [plans.STARTER, plans.PRO])
def test_paid_plans_open_every_call(house: House, plan: str) -> None:
    payer = house.account(plan)

    item = f"/api/feedback/{payer.say()['id']}"
    calls = [("GET", item), ("PUT", item), ("DELETE", item), ("POST", "/api/projects")]
    answers = [payer.call(*call, json={"status": "NEW", "name": "A"}) for call in calls]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 201]


def test_an_operator_changes_a_limit_on_calls(reshaped_house: House) -> None:
    alice = reshaped_house.account(plans.FREE)
    alice.say()
    alice.say()

    refused = alice.post(alice.feedback_path, json={"message": "A"})

    assert refused.json()["error"].startswith("Monthly limit of 2 API calls reached.")


def test_an_operator_changes_a_limit_on_items(reshaped_house: House) -> None:
    carol = reshaped_house.account(plans.STARTER)
    carol.say()

    refused = carol.post(carol.feedback_path, json={"message": "A"})

    assert refused.json()["error"].startswith("Monthly limit of 1 feedback items reached.")


def test_an_operator_takes_a_limit_away(reshaped_house: House) -> None:
    assert limits(reshaped_house.account(plans.STARTER)) == (None, 1, 1)


def test_an_operator_changes_a_limit_on_projects(reshaped_house: House) -> None:
    carol = reshaped_house.account(plans.STARTER)

    assert carol.post("/api/projects", json={"name": "A second"}).status_code == 403


def test_an_operator_closes_a_plan_to_all_but_posts(reshaped_house: House) -> None:
    bob = reshaped_house.account(plans.PRO)

    assert bob.get("/api/projects").status_code == 401
    assert bob.post(bob.feedback_path, json={"message": "A"}).status_code == 201


def test_what_an_operator_does_not_name_stays() -> None:
    table = plans.reshaped('{"FREE": {"calls": 1000}}')

    assert (table["FREE"].calls, table["FREE"].items, table["FREE"].projects) == (1000, 300, 1)
    assert table["PRO"] == plans.reshaped("")["PRO"]


@pytest.mark.parametrize(
    "changes",
    [
        '{"GOLD": {"calls": 1}}',
        '{"FREE": {"cals": 1}}',
        '{"FREE": {"calls": -1}}',
        '{"FREE": {"calls": "many"}}',
        '{"FREE": {"calls": true}}',
        '{"FREE": {"reads": 1}}',
        '{"FREE": 1}',
        "[]",
        "{",
    ],
)
def test_a_table_that_makes_no_sense_is_refused(changes: str) -> None:
    with pytest.raises(Misconfigured, match="MINIBACK_PLANS"):
        plans.reshaped(changes)


CREATE = ("account", "create", "--email", "a@example.test", "--password", "long enough", "--json")


@pytest.mark.parametrize("plan", [plans.FREE, plans.STARTER, plans.PRO])
def test_an_operator_chooses_the_plan_that_new_accounts_start_on(
    database: str, new_house: Callable[..., House], plan: str
) -> None:
    house = new_house(database, environment={"MINIBACK_DEFAULT_PLAN": plan})

    done = house.run(*CREATE)

    assert json.loads(done.stdout)["account"]["plan"] == plan


def test_new_accounts_start_on_free_where_nothing_is_said(
    database: str, new_house: Callable[..., House]
) -> None:
    done = new_house(database).run(*CREATE)

    assert json.loads(done.stdout)["account"]["plan"] == "FREE"


def test_a_default_plan_that_does_not_exist_is_told_before_anything_starts(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database, environment={"MINIBACK_DEFAULT_PLAN": "GOLD"})

    done = house.run("serve", "--port", "0")

    assert done.returncode == MISCONFIGURED
    assert "MINIBACK_DEFAULT_PLAN must be one of FREE, STARTER, PRO" in done.stderr


def test_a_spent_plan_counts_no_further(house: House, carol: Account) -> None:
    spend(house, carol)

    carol.get("/api/projects")

    assert used(house, carol) == (10_000, 0, 0)
