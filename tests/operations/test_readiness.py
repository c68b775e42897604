"""/readyz: what a balancer may send here, and what is only worth a look."""

import re
import signal
from collections.abc import Callable
from typing import Any

import pytest

from miniback import clock, ids, outbox, plans
from tests.house import House, running, until

HOUR_MS = 3_600_000


@pytest.fixture
def own(database: str, new_house: Callable[..., House]) -> Any:
    # With nobody to take up what insights ask for, nor to tell what is heard.
    off = {"MINIBACK_INSIGHTS": "off", "MINIBACK_DELIVERIES": "off"}
    with running(new_house(database, environment=off)) as house:
        yield house


def readiness(house: House) -> tuple[int, Any]:
    answer = house.client.get("/readyz")
    return answer.status_code, answer.json()


def checks(house: House) -> dict[str, str]:
    status, content = readiness(house)
    assert (status, content["data"]["status"]) == (200, "ready")
    found: dict[str, str] = content["data"]["checks"]
    return found


def test_a_server_that_writes_is_ready(house: House) -> None:
    assert set(checks(house)) == {"database", "migrations", "disk", "outbox"}
    assert (checks(house)["database"], checks(house)["migrations"]) == ("ok", "ok")


def test_events_that_nobody_takes_up_are_told_and_leave_it_ready(own: House) -> None:
    assert checks(own)["outbox"] == "ok"

    own.change(
        "INSERT INTO outbox (account_id, id, event, subject, due_at)"
        " VALUES ('acct_x', 'event_x', 'insights.due', '', :due_at)",
        due_at=clock.now() - HOUR_MS,
    )

    assert checks(own)["outbox"] == "late"


def test_what_nobody_is_told_of_is_late_too(own: House) -> None:
    own.change(
        "INSERT INTO heard (account_id, position, event, subjects)"
        " VALUES ('acct_y', :now, 'feedback.created', 'feedback_y'),"
        "        ('acct_x', :then, 'feedback.created', 'feedback_x'),"
        "        ('acct_z', :now + 1, 'feedback.created', 'feedback_z')",
        now=ids.lowest_position(clock.now()),
        then=ids.lowest_position(clock.now() - HOUR_MS),
    )

    assert checks(own)["outbox"] == "late"


def test_every_kind_of_event_is_looked_at() -> None:
    named = {value for name, value in vars(outbox).items() if name.isupper() and type(value) is str}

    assert {each for each in named if re.fullmatch(r"[a-z_]+\.[a-z_]+", each)} == {*outbox.KINDS}


def test_a_database_of_an_older_version_is_not_ready(own: House) -> None:
    own.change("DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)")

    assert readiness(own) == (503, {"error": "Not ready: the database is of an older version"})


def test_a_database_that_somebody_holds_is_not_ready_and_is_again(own: House) -> None:
    def look(tx: Any) -> tuple[int, Any]:
        # Written, so that nobody else writes this before the end of this transaction.
        tx.run("UPDATE migrations SET name = name")
        return readiness(own)

    assert own.tx(look) == (503, {"error": "Not ready: the database cannot be written"})

    until(lambda: readiness(own)[0] == 200, "the server to be ready again")


def test_a_server_that_is_told_to_end_says_so_first_and_serves_meanwhile(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database, environment={"MINIBACK_DRAIN_S": "600"})
    with running(house):
        bob = house.account(plans.PRO)
        assert house.process
        house.process.terminate()

        until(lambda: readiness(house)[0] == 503, "the server to say that it ends")
        assert readiness(house)[1] == {"error": "Not ready: the server is about to end"}
        bob.say("Still taken")

        # Whoever has waited long enough says it twice.
        house.process.send_signal(signal.SIGINT)
        assert house.stop() == 0
