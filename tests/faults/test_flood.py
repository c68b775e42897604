"""One client that floods the public door: the burst passes, the rest waits, nobody else notices."""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from miniback import plans
from tests.feedback.test_door import knock
from tests.house import Account, House, running

BURST = 10
FLOOD = 10_000 if os.environ.get("MINIBACK_SOAK") else 1_000
OTHERS = 50
ENVIRONMENT = {
    "MINIBACK_VISITOR_LIMIT": str(BURST),
    "MINIBACK_PROJECT_LIMIT": "1000",
    "MINIBACK_TRUSTED_PROXIES": "127.0.0.1",
}


def come(who: Account, address: str) -> tuple[int, str]:
    answer = knock(who, headers={"x-forwarded-for": address})
    return answer.status_code, answer.headers.get("retry-after", "")


@pytest.mark.parametrize("workers", [1, 2])
def test_t1_a_flood_from_one_client_is_that_client_s_own_trouble(
    database: str, new_house: Callable[..., House], workers: int
) -> None:
    house = new_house(database, environment=ENVIRONMENT, workers=workers)
    with running(house), ThreadPoolExecutor(8) as flood, ThreadPoolExecutor(1) as others:
        who = house.account(plans.PRO)
        flooding = flood.map(lambda _: come(who, "192.0.2.1"), range(FLOOD))
        meanwhile = others.map(lambda number: come(who, f"198.51.100.{number}"), range(OTHERS))
        keyed = [who.get("/api/projects").status_code for _ in range(OTHERS)]
        answers, served = list(flooding), list(meanwhile)

        statuses = Counter(status for status, _ in answers)
        # Where the run takes its time, the bucket fills in a little meanwhile.
        assert BURST <= statuses[201] <= BURST + 2
        assert statuses[429] == FLOOD - statuses[201]
        assert all(int(wait) > 0 for status, wait in answers if status == 429)
        assert {status for status, _ in served} == {201}
        assert set(keyed) == {200}
        kept = house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=who.id)
        assert kept == (statuses[201] + OTHERS,)
        (calls,) = house.row("SELECT calls FROM usage WHERE account_id = :id", id=who.id)
        assert calls <= OTHERS
