"""/.well-known/security.txt (RFC 9116): whom the operator has named, and for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests.house import House, running

PATH = "/.well-known/security.txt"
CONTACT = "mailto:security@example.test"


def test_without_a_contact_there_is_none(house: House) -> None:
    assert house.client.get(PATH).status_code == 404


def test_it_names_the_contact_and_when_to_ask_again(new_house: Callable[..., House]) -> None:
    with running(new_house("sqlite", environment={"MINIBACK_SECURITY_CONTACT": CONTACT})) as house:
        answer = house.client.get(PATH)

        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
        assert fields["Contact"] == CONTACT
        assert fields["Canonical"] == house.base_url + PATH
        until = datetime.fromisoformat(fields["Expires"])
        assert timedelta(days=30) < until - datetime.now(UTC) < timedelta(days=365)


def test_a_contact_that_is_no_address_stops_the_start(new_house: Callable[..., House]) -> None:
    house = new_house("sqlite", environment={"MINIBACK_SECURITY_CONTACT": "me\nContact: you"})

    done = house.run("serve", "--port", "0")

    assert done.returncode == 78
    assert "MINIBACK_SECURITY_CONTACT must be an address" in done.stderr
