"""/metrics: who may read them, and that they count what was done, in every process."""

from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from miniback import plans
from tests.house import Account, House, running, until

FEEDBACK = "/api/projects/{project_id}/feedback"
TOKEN = "a-token-of-a-monitor"
ENVIRONMENT = {"MINIBACK_METRICS_TOKEN": TOKEN, "MINIBACK_ACCESS_LOG": "on"}


def figures(house: House) -> dict[tuple[str, ...], float]:
    answer = house.client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "mbk_" not in answer.text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_without_a_token_there_is_no_such_address(house: House) -> None:
    answer = house.client.get("/metrics")

    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_done_is_counted_in_all_processes(
    database: str, new_house: Callable[..., House], workers: int
) -> None:
    with running(new_house(database, environment=ENVIRONMENT, workers=workers)) as house:
        bob, alice = house.account(plans.PRO), house.account(plans.FREE)
        for number in range(20):
            bob.say(f"Word {number}")
        for _ in range(2):
            headers = {"idempotency-key": "twice", "connection": "close"}
            assert bob.post(bob.feedback_path, json={"message": "A"}, headers=headers).is_success
        assert alice.get("/api/feedback").status_code == 401
        assert bob.get("/api/feedback/feedback_x").status_code == 404

        found = until(lambda: _complete(figures(house)), "every process to have counted")
        assert found["miniback_feedback_replayed_total",] == 1
        assert found["miniback_refused_total", "unauthenticated"] == 1
        assert found["miniback_refused_total", "not_found"] == 1
        assert found["miniback_batch_jobs_sum",] >= 22
        assert found["miniback_queued_jobs",] == 0
        assert found["miniback_connections",] >= 1
        assert found["miniback_database_up",] == 1
        assert found["miniback_outbox_age_seconds",] < 300
        assert found["miniback_disk_free_bytes",] > 0
        assert ("miniback_backup_age_seconds",) not in found
        assert house.run("backup").returncode == 0
        assert figures(house)["miniback_backup_age_seconds",] < 600
        _see_the_log(house, bob)


def _complete(found: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    keyed = found.get(("miniback_request_seconds_count", "POST", FEEDBACK, "201"))
    is_told = keyed == 22 and found.get(("miniback_feedback_total", "key")) == 21
    return found if is_told else {}


def _see_the_log(house: House, bob: Account) -> None:
    answer = bob.get(f"/api/feedback/feedback_x?api_key={bob.key}")
    name = answer.headers["x-request-id"]
    (line,) = until(
        lambda: [each for each in house.log.splitlines() if name in each], "the answer's line"
    )
    assert '"event": "answered"' in line
    assert '"path": "/api/feedback/feedback_x"' in line
    assert '"status": 404' in line
    assert "api_key" not in line


def test_another_token_opens_nothing(database: str, new_house: Callable[..., House]) -> None:
    with running(new_house(database, environment=ENVIRONMENT)) as house:
        for given in ("", TOKEN, f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ä"):
            answer = house.client.get("/metrics", headers={b"authorization": given.encode()})
            assert answer.status_code == 401
            assert answer.json()["error"].startswith("The metrics need MINIBACK_METRICS_TOKEN")


def test_a_short_token_stops_the_start(new_house: Callable[..., House]) -> None:
    house = new_house("sqlite", environment={"MINIBACK_METRICS_TOKEN": "guessed"})

    done = house.run("serve", "--port", "0")

    assert done.returncode == 78
    assert "MINIBACK_METRICS_TOKEN must have 16 characters or more" in done.stderr
