"""A second server on the same database file, started by mistake (F23)."""

import os
from collections.abc import Callable

from miniback import plans
from tests.faults import load
from tests.house import House, running

TRIES = 100 if os.environ.get("MINIBACK_SOAK") else 2
CLIENTS = 4
NOT_CONFIGURED = 78


def test_f23_a_second_server_says_why_it_does_not_start_and_harms_nothing(
    new_house: Callable[..., House],
) -> None:
    with running(new_house("sqlite")) as house:
        bob = house.account(plans.PRO)
        with load.pressing(house, bob, CLIENTS) as given:
            for _ in range(TRIES):
                second = house.run("serve", "--port", "0")
                assert second.returncode == NOT_CONFIGURED
                assert "Another server already serves" in second.stderr
                assert str(house.folder) in second.stderr

        assert {call.status for post in given for call in post.calls} == {201}
        assert load.finished(house, bob, given) == []
        assert house.rows("PRAGMA integrity_check") == [("ok",)]
