"""C2: `tail` gives each item that comes in once, in its order, until Ctrl-C."""

import json

from miniback import plans
from tests.cli.conftest import REFUSED, Caller
from tests.cli.going import Going, going
from tests.feedback.batch import fill
from tests.house import Account, House, running


def ids(tail: Going) -> list[str]:
    return [json.loads(line)["id"] for line in tail.lines]


def follow(*more: str) -> list[str]:
    return ["feedback", "tail", "--json", "--every", "1", *more]


def test_c2_what_comes_in_is_printed_once_as_the_api_has_it(
    cli: Caller, house: House, bob: Account
) -> None:
    before = [bob.say(f"Before {number}")["id"] for number in range(3)]
    with going(cli, *follow("--last", "2")) as tail:
        tail.await_line(before[-1])
        first = bob.say("The first")["id"]
        tail.await_line(first)
        many = fill(house, bob, [f"Number {number}" for number in range(120)])
        tail.await_line(many[-1])
        last = bob.say("The last")["id"]
        tail.await_line(last)

    assert ids(tail) == [*before[1:], first, *many, last]
    shown = bob.get(f"/api/feedback/{last}").json()["data"]
    assert json.loads(tail.lines[-1]) == shown


def test_filters_narrow_what_is_followed(cli: Caller, bob: Account) -> None:
    with going(cli, *follow("--search", "checkout")) as tail:
        bob.say("Something else")
        wanted = bob.say("Checkout hangs")["id"]
        tail.await_line(wanted)

    assert ids(tail) == [wanted]


def test_a_server_that_is_away_is_waited_for(own_house: House) -> None:
    with running(own_house):
        bob = own_house.account()
        cli = Caller(own_house, bob)
        before = bob.say()["id"]
        with going(cli, *follow()) as tail:
            tail.await_line(before)
            own_house.stop()
            tail.await_complaint("trying again")
            own_house.start()
            after = own_house.client.post(
                bob.feedback_path, json={"message": "Back"}, headers={"x-api-key": bob.key}
            ).json()["data"]["id"]
            tail.await_line(after)

    assert ids(tail) == [before, after]


def test_where_calls_are_counted_it_says_what_looking_costs(house: House) -> None:
    carol = house.account(plans.STARTER)
    item = carol.say()["id"]
    with going(Caller(house, carol), "feedback", "tail") as tail:
        tail.await_line(item)
        tail.await_complaint("Looking every 60 s; each look is one of 9998 API calls")


def test_a_used_up_plan_ends_it(own_house: House) -> None:
    own_house.environment["MINIBACK_PLANS"] = '{"STARTER": {"calls": 2}}'
    with running(own_house):
        carol = own_house.account(plans.STARTER)
        done = Caller(own_house, carol).run("feedback", "tail", "--every", "1")

    assert done.returncode == REFUSED
    assert "Monthly limit of 2 API calls reached" in done.stderr
