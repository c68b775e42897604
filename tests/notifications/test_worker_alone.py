"""`miniback worker`: deliveries by a process of its own, while the server sends none."""

import signal
import subprocess
from collections.abc import Callable

from tests.house import MINIBACK, PATIENCE_S, House, running, until
from tests.notifications.receivers import hook, receiving

ENVIRONMENT = {
    "MINIBACK_ALLOW_PRIVATE_TARGETS": "on",
    "MINIBACK_DELIVERIES": "off",
    "MINIBACK_BASE_URL": "http://feedback.example.test",
}


def worker(house: House) -> subprocess.Popen[str]:
    """Start a worker beside a house, and wait until it is at work."""
    started = subprocess.Popen(
        [*MINIBACK, "worker"], env=house.variables, stderr=subprocess.PIPE, text=True
    )
    assert started.stderr
    assert any("worker_started" in line for line in started.stderr)
    return started


def test_a_worker_alone_delivers_what_the_server_leaves_to_it(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database, environment=ENVIRONMENT)) as house, receiving() as receiver:
        ada = house.account()
        hook(ada, receiver)
        ada.say("Left to the worker")
        assert house.rows("SELECT event FROM heard") == [("feedback.created",)]

        workers = [worker(house) for _ in range(2)]
        try:
            until(lambda: receiver.got, "the delivery")
            for number in range(20):
                ada.say(f"Item {number}")
            until(lambda: len(receiver.got) == 21, "all deliveries")
        finally:
            for each in workers:
                each.send_signal(signal.SIGTERM)
            codes = [each.wait(PATIENCE_S) for each in workers]
            for each in workers:
                assert each.stderr
                each.stderr.close()

        assert codes == [0, 0]
        assert receiver.messages[1:] == [f"Item {number}" for number in range(20)]
        assert len({got.header("webhook-id") for got in receiver.got}) == 21


def test_a_worker_without_an_address_says_what_it_needs(
    database: str, new_house: Callable[..., House]
) -> None:
    house = new_house(database)
    house.folder.mkdir(exist_ok=True)

    done = house.run("worker")

    assert done.returncode == 78
    assert "MINIBACK_BASE_URL" in done.stderr
