"""Where deliveries may go: hostile addresses reach nothing private (threat T27)."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from miniback import outgoing, plans
from miniback.errors import Invalid
from miniback.outgoing import Client, Unreachable
from miniback.outgoing.addresses import is_public
from tests.house import Account, House, awaited, running
from tests.notifications.receivers import EVENTS, receiving

# Every way we know to write an address of this machine or its neighbourhood. {port} is that of a
# server that waits for a connection which must not come.
HOSTILE = [
    *("http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/"),
    *("https://127.0.0.1/", "https://127.0.0.1:{port}/", "https://127.1/", "https://127.0.1/"),
    *("https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://017700000001/"),
    *("https://0177.0.0.1/", "https://0x7f.0x0.0x0.0x1/", "https://127.0.0.1./", "https://0/"),
    *("https://0.0.0.0/", "https://00000177.1/", "https://127.00.00.01/", "https://1.1/"),
    *(
        "https://[::1]/",
        "https://[::]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
    ),
    *("https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::127.0.0.1]/"),
    *("https://[64:ff9b::7f00:1]/", "https://[64:ff9b:1::7f00:1]/", "https://[2002:7f00:1::]/"),
    *("https://[2002:a00:1::]/", "https://[2001:0:7f00:1::]/", "https://[fe80::1]/"),
    *("https://[fe80::1%25lo]/", "https://[fc00::1]/", "https://[fd12:3456:789a::1]/"),
    *("https://[ff02::1]/", "https://[100::1]/", "https://[2001:db8::1]/", "https://[::1]:{port}/"),
    *("https://10.0.0.1/", "https://10.255.255.255/", "https://172.16.0.1/", "https://172.31.9.9/"),
    *(
        "https://192.168.0.1/",
        "https://169.254.169.254/",
        "https://100.64.0.1/",
        "https://100.100.100.200/",
    ),
    *("https://192.0.0.1/", "https://192.0.2.1/", "https://198.18.0.1/", "https://198.51.100.1/"),
    *(
        "https://203.0.113.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
    ),
    *(
        "https://localhost/",
        "https://localhost./",
        "https://LOCALHOST/",
        "https://localhost:{port}/",
    ),
    *("https://a.localhost/", "https://printer.local/", "https://metadata.internal/"),
    *("https://nas.home.arpa/", "https://intranet/", "https://db/", "https://metadata/"),
    *(
        "https://user@127.0.0.1/",
        "https://user:word@example.com/",
        "https://example.com@127.0.0.1/",
    ),
    *("https://example.com:80@127.0.0.1/", "https://@127.0.0.1/", "https://:@example.com/"),
    *(
        "https://example.com\\@127.0.0.1/",
        "https:\\\\127.0.0.1\\",
        "https://127.0.0.1\\.example.com/",
    ),
    *("https://127.0.0.1#@example.com/", "https://127.0.0.1?@example.com/", "https:127.0.0.1/"),
    *("https:///127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "https://"),
    *(
        "https://exam ple.com/",
        "https://example.com/\r\nHost: a",
        "https://exa\tmple.com/",
        "https://exa\nmple.com",
    ),
    *(
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://ⓛocalhost/",
        "https://127。0。0。1/",
        "https://ex\u00ade.com/",
    ),
    *("https://example.com:22/", "https://example.com:25/", "https://example.com:6379/"),
    *("https://example.com:0/", "https://example.com:65536/", "https://example.com:+443/"),
    *("https://example.com:4 43/", "https://%31%32%37.0.0.1/", "https://127.0.0.1%00.example.com/"),
    *("https://-example.com/", "https://example..com/", "https://.example.com/", "https://[::1/"),
]
PRIVATE = ["127.0.0.1", "10.1.2.3", "::1", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1"]
PUBLIC = "93.184.215.14"


@pytest.fixture(scope="module")
def house(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house that tells the open internet alone, as it comes."""
    with running(new_house(database)) as house:
        yield house


@pytest.fixture(scope="module")
def bob(house: House) -> Account:
    return house.account(plans.PRO)


# What is asked here does not depend on the database.
DATABASES = ("sqlite",)


def test_the_list_is_long() -> None:
    assert len(set(HOSTILE)) >= 80


@pytest.mark.parametrize("url", HOSTILE)
def test_t27_a_hostile_address_is_refused_with_a_reason_and_nothing_is_connected_to(
    bob: Account, url: str
) -> None:
    with receiving() as canary:
        body = {"url": url.replace("{port}", str(canary.port)), "events": EVENTS}
        answer = bob.post("/api/webhooks", json=body)

        assert answer.status_code == 400
        assert len(answer.json()["error"]) > 20
        assert canary.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://example.com/",
            "https://hooks.example.com/a/b?c=d",
            "https://93.184.215.14/hook",
        ),
        *("HTTPS://Example.COM:8443/x", "https://xn--bcher-kva.example/", "https://a-b.co.uk:443/"),
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    ],
)
def test_t27_addresses_of_the_open_internet_are_taken(url: str) -> None:
    assert outgoing.checked(url, allows_private=False) == url


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1:9000/hook", "https://intranet/", "http://[::1]:80/"]
)
def test_where_the_operator_allows_it_private_ones_are_taken(url: str) -> None:
    assert outgoing.checked(url, allows_private=True) == url
    with pytest.raises(Invalid):
        outgoing.checked(url, allows_private=False)


@contextmanager
def names(answers: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let every name lead to these addresses, look-up by look-up, the last from then on."""
    asked: list[str] = []

    async def getaddrinfo(_self: Any, host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
        yield asked


def posted(url: str, *, times: int = 1) -> list[str]:
    """Post to an address, and return why it was not reached, each time."""

    async def work() -> list[str]:
        client = Client(allows_private=False)
        reasons = []
        for _ in range(times):
            try:
                await client.post(url, {}, b"{}")
            except Unreachable as reason:
                reasons.append(str(reason))
        await client.close()
        return reasons

    return awaited(work())


@pytest.mark.parametrize("address", PRIVATE)
def test_t27_a_name_that_leads_to_a_private_address_is_not_followed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as canary, names([[address]], monkeypatch):
        (reason,) = posted(f"https://example.com:{canary.port}/")

        assert "private" in reason
        assert canary.connections == 0


def test_t27_one_private_address_among_public_ones_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving() as canary, names([[PUBLIC, "127.0.0.1"]], monkeypatch):
        (reason,) = posted(f"https://example.com:{canary.port}/")

        assert "private" in reason
        assert canary.connections == 0


def test_t27_a_name_is_looked_up_once_a_connection_and_judged_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nothing answers at this one; what counts is where the second try is not led.
    unreachable = ["192.0.2.1"]
    with receiving() as canary, names([unreachable, ["127.0.0.1"]], monkeypatch) as asked:
        reasons = posted(f"https://example.com:{canary.port}/", times=2)

        assert len(asked) == 2
        assert all("private" in reason for reason in reasons)
        assert canary.connections == 0


@pytest.mark.parametrize(
    ("address", "is_it"),
    [
        *((each, False) for each in PRIVATE),
        *((each, True) for each in ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8")),
        *((each, False) for each in ("64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::f5ff:fffe")),
        *((each, True) for each in ("64:ff9b::808:808", "2002:808:808::")),
    ],
)
def test_t27_addresses_are_judged_by_what_they_carry(address: str, is_it: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is is_it
