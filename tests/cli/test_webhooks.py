"""Webhooks by the command line: set up, tried, received here, handed on."""

import json
from collections.abc import Callable, Iterator

import httpx2
import pytest

from tests.cli.conftest import MISCONFIGURED, Caller
from tests.cli.going import going
from tests.house import Account, free_port, until
from tests.notifications.receivers import Receiver, answer, receiving

Call = Callable[..., str]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def made(cli: Caller, port: int) -> dict[str, str]:
    """A webhook to where somebody will listen."""
    done = cli.run("webhooks", "create", f"http://127.0.0.1:{port}/hook", "--json")
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture
def elsewhere() -> Iterator[Receiver]:
    """Where deliveries are handed on to."""
    with receiving(answer(202)) as receiver:
        yield receiver


def listen(port: int, *more: str) -> list[str]:
    return ["webhooks", "listen", "--port", str(port), *more]


def test_what_is_sent_is_verified_printed_and_handed_on(
    cli: Caller, bob: Account, made: dict[str, str], port: int, elsewhere: Receiver
) -> None:
    arguments = listen(port, "--json", "--forward-to", elsewhere.url)
    with going(cli, *arguments, MINIBACK_WEBHOOK_SECRET=made["secret"]) as listening:
        listening.await_complaint("Receiving webhooks on")
        item = bob.say("Something \x1b[31mred")
        listening.await_line(item["id"])

    told = json.loads(listening.lines[0])
    assert told["answered"] == 202
    assert told["body"] == elsewhere.got[0].json
    assert told["id"] == elsewhere.got[0].header("webhook-id")
    assert elsewhere.got[0].header("webhook-signature")


def test_a_test_is_sent_and_its_delivery_listed(
    cli: Caller, call: Call, bob: Account, made: dict[str, str], port: int
) -> None:
    with going(cli, *listen(port), MINIBACK_WEBHOOK_SECRET=made["secret"]) as listening:
        listening.await_complaint("Receiving webhooks on")
        delivery, _ = call("webhooks", "test", made["id"]).split()
        listening.await_line(delivery)
        until(lambda: _attempts(bob, made["id"]))

    listed = call("webhooks", "deliveries", made["id"]).strip().split("\t")
    assert (listed[0], listed[3]) == (delivery, "DELIVERED")


def test_what_nobody_signed_is_refused_and_goes_no_further(
    cli: Caller, made: dict[str, str], port: int, elsewhere: Receiver
) -> None:
    arguments = listen(port, "--forward-to", elsewhere.url)
    with going(cli, *arguments, MINIBACK_WEBHOOK_SECRET=made["secret"]) as listening:
        listening.await_complaint("Receiving webhooks on")
        url = f"http://127.0.0.1:{port}/hook"
        assert httpx2.post(url, json={"event": "feedback.created"}).status_code == 400
        assert httpx2.post(url, content=b" " * 1_000_001).status_code == 413
        listening.await_complaint("Refused: ")

    assert (listening.lines, elsewhere.got) == ([], [])


def test_one_who_does_not_answer_has_it_sent_again(
    cli: Caller, bob: Account, made: dict[str, str], port: int
) -> None:
    arguments = listen(port, "--forward-to", f"http://127.0.0.1:{free_port()}")
    with going(cli, *arguments, MINIBACK_WEBHOOK_SECRET=made["secret"]) as listening:
        listening.await_complaint("Receiving webhooks on")
        bob.say()
        listening.await_complaint("does not answer")

    attempts = _attempts(bob, made["id"])
    assert [each["status"] for each in attempts][:1] == [502]


@pytest.mark.parametrize("secret", ["", "whsec_", "no secret"])
def test_a_secret_that_is_none_exits_78(cli: Caller, secret: str) -> None:
    done = cli.run("webhooks", "listen", MINIBACK_WEBHOOK_SECRET=secret)

    assert (done.returncode, done.stdout) == (MISCONFIGURED, "")
    assert "MINIBACK_WEBHOOK_SECRET" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_exits_78(cli: Caller, made: dict[str, str]) -> None:
    port = str(cli.house.port)
    done = cli.run("webhooks", "listen", "--port", port, MINIBACK_WEBHOOK_SECRET=made["secret"])

    assert done.returncode == MISCONFIGURED
    assert f"Port {port}" in done.stderr


def test_c2_webhooks_as_json_equal_the_api(call: Call, bob: Account, made: dict[str, str]) -> None:
    assert json.loads(call("webhooks", "list", "--json")) == bob.get("/api/webhooks").json()["data"]
    assert made["id"] in call("webhooks", "list")

    deleted = call("webhooks", "delete", made["id"], "--yes", "--json")

    assert json.loads(deleted) == {"id": made["id"], "deleted": True}
    assert bob.get("/api/webhooks").json()["data"] == []


def _attempts(who: Account, webhook_id: str) -> list[dict[str, int]]:
    def found() -> list[dict[str, int]]:
        deliveries = who.get(f"/api/webhooks/{webhook_id}/deliveries").json()["data"]
        attempts: list[dict[str, int]] = deliveries[0]["attempts"] if deliveries else []
        return attempts

    tried: list[dict[str, int]] = until(found, "an attempt")
    return tried
