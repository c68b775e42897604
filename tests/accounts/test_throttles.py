"""How often somebody may try to sign in or ask for mail, and that it cannot be got round (T18)."""

import functools
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.house import House, running, until
from tests.visitor import PASSWORD, Member, Visitor, link_for, owner, visiting

SECOND_MS = 1_000
MINUTE_MS = 60_000
WRONG = "not the password"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """Two workers behind a proxy on the same machine, which tells where requests come from."""
    environment = {"MINIBACK_TRUSTED_PROXIES": "127.0.0.1/32"}
    with running(new_house(database, workers=2, environment=environment)) as server:
        yield server


@pytest.fixture
def bob(server: House) -> Member:
    return owner(server)


@pytest.fixture
def crowd(server: House) -> Iterator[Visitor]:
    """Many addresses that try, with one browser's cookie and token between them."""
    with visiting(server) as crowd:
        token_of(crowd, "/forgot")
        yield crowd


token_of = functools.cache(Visitor.token)


def send(crowd: Visitor, path: str, address: str, **fields: str) -> int:
    """Send a form from an address and return the status."""
    data = {"csrf_token": token_of(crowd, "/forgot"), **fields}
    return crowd.client.post(path, data=data, headers={"x-forwarded-for": address}).status_code


def try_in(crowd: Visitor, email: str, address: str, password: str = WRONG) -> int:
    """Try to sign in from an address: 422 is a compared password, 429 one not looked at."""
    return send(crowd, "/login", address, email=email, password=password)


def ask(crowd: Visitor, email: str, address: str) -> int:
    """Ask for a link from an address."""
    return send(crowd, "/forgot", address, email=email)


def new_address() -> str:
    """An address that no other test comes from."""
    number = next(_numbers)
    return f"10.0.{number // 250}.{number % 250 + 1}"


def nobody() -> str:
    return f"nobody-{next(_numbers)}@example.test"


def test_t18_a_thousand_tries_from_200_addresses_compare_20_passwords(
    crowd: Visitor, bob: Member
) -> None:
    addresses = [new_address() for _ in range(200)]

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(lambda at: try_in(crowd, bob.email, at), addresses * 5))

    assert (statuses.count(422), statuses.count(429)) == (20, 980)


def test_t18_the_owner_comes_in_by_the_link_while_others_try(
    server: House, crowd: Visitor, bob: Member
) -> None:
    for _ in range(25):
        try_in(crowd, bob.email, new_address())
    assert try_in(crowd, bob.email, new_address(), PASSWORD) == 429

    assert ask(crowd, bob.email, new_address()) == 200
    with visiting(server) as visitor:
        link = link_for(server, bob.email)
        fields = {"token": link.partition("=")[2], "password": "a new horse, a new staple"}
        assert visitor.submit("/reset", link, **fields).status_code == 303
        assert visitor.get("/projects").status_code == 200

    assert try_in(crowd, bob.email, new_address(), "a new horse, a new staple") == 303


def test_t18_whoever_is_signed_in_stays_so_while_others_try(crowd: Visitor, bob: Member) -> None:
    statuses = [try_in(crowd, bob.email, new_address()) for _ in range(21)]

    assert statuses[-1] == 429
    assert bob.get("/projects").status_code == 200


def test_t18_one_address_alone_does_not_use_up_a_persons_tries(crowd: Visitor, bob: Member) -> None:
    stubborn = new_address()
    statuses = [try_in(crowd, bob.email, stubborn) for _ in range(40)]

    assert statuses == [422] * 5 + [429] * 35
    assert try_in(crowd, bob.email, new_address(), PASSWORD) == 303


def test_t18_tries_of_one_person_do_not_keep_another_out(crowd: Visitor, bob: Member) -> None:
    carol, address = owner(bob.house), new_address()
    for _ in range(6):
        try_in(crowd, bob.email, address)

    assert try_in(crowd, carol.email, address, PASSWORD) == 303


@pytest.mark.parametrize("spelling", [str.upper, lambda email: f" {email} ", str.title])
def test_t18_another_spelling_of_the_address_is_the_same_person(
    crowd: Visitor, bob: Member, spelling: Callable[[str], str]
) -> None:
    address = new_address()
    for _ in range(5):
        try_in(crowd, bob.email, address)

    assert try_in(crowd, spelling(bob.email), address) == 429


def test_t18_right_tries_are_not_counted(crowd: Visitor, bob: Member) -> None:
    address = new_address()
    statuses = [try_in(crowd, bob.email, address, PASSWORD) for _ in range(7)]

    assert statuses == [303] * 7


def test_t18_a_right_try_does_not_forget_the_wrong_ones(crowd: Visitor, bob: Member) -> None:
    address = new_address()
    passwords = [WRONG] * 4 + [PASSWORD] + [WRONG] * 2

    statuses = [try_in(crowd, bob.email, address, password) for password in passwords]

    assert statuses == [422] * 4 + [303, 422, 429]


def test_t18_tries_at_once_from_one_address_compare_5_passwords(
    crowd: Visitor, bob: Member
) -> None:
    address = new_address()
    with ThreadPoolExecutor(12) as threads:
        statuses = list(threads.map(lambda _: try_in(crowd, bob.email, address), range(24)))

    assert (statuses.count(422), statuses.count(429)) == (5, 19)


def test_t18_tries_at_once_from_many_addresses_compare_20_passwords(
    crowd: Visitor, bob: Member
) -> None:
    addresses = [new_address() for _ in range(48)]
    with ThreadPoolExecutor(12) as threads:
        statuses = list(threads.map(lambda at: try_in(crowd, bob.email, at), addresses))

    assert (statuses.count(422), statuses.count(429)) == (20, 28)


def test_t18_limits_survive_a_restart(server: House, crowd: Visitor, bob: Member) -> None:
    address = new_address()
    for _ in range(5):
        try_in(crowd, bob.email, address)
    server.stop()
    server.start()

    with visiting(server) as afterwards:
        assert try_in(afterwards, bob.email, address) == 429


def test_t18_a_window_over_gives_new_tries(server: House, crowd: Visitor, bob: Member) -> None:
    address = new_address()
    for _ in range(6):
        try_in(crowd, bob.email, address)
    server.change("UPDATE throttles SET ends_at = ends_at - :by", by=5 * MINUTE_MS)

    assert [try_in(crowd, bob.email, address) for _ in range(6)] == [422] * 5 + [429]


@pytest.mark.parametrize(("ahead_s", "status"), [(5, 429), (3_600, 422)])
def test_t18_a_window_of_a_clock_that_is_ahead_counts_unless_it_is_far_ahead(
    server: House, crowd: Visitor, bob: Member, ahead_s: int, status: int
) -> None:
    address = new_address()
    for _ in range(5):
        try_in(crowd, bob.email, address)
    server.change("UPDATE throttles SET ends_at = ends_at + :by", by=ahead_s * SECOND_MS)

    assert try_in(crowd, bob.email, address) == status


def test_t18_a_window_is_not_lengthened_by_refused_tries(
    server: House, crowd: Visitor, bob: Member
) -> None:
    address = new_address()
    for _ in range(5):
        try_in(crowd, bob.email, address)
    before = server.rows("SELECT * FROM throttles ORDER BY subject")
    try_in(crowd, bob.email, address)

    assert server.rows("SELECT * FROM throttles ORDER BY subject") == before


@pytest.mark.parametrize(("tries", "status"), [(99, 422), (100, 429)])
def test_t18_one_address_compares_100_passwords_of_whomever(
    server: House, crowd: Visitor, tries: int, status: int
) -> None:
    address = new_address()
    server.change("DELETE FROM throttles")
    try_in(crowd, nobody(), address)
    # One of these counts the address; the others those whom it tried, who are not tried again.
    server.change("UPDATE throttles SET tries = :tries", tries=tries)

    assert try_in(crowd, nobody(), address) == status
    assert try_in(crowd, nobody(), new_address()) == 422


@pytest.mark.parametrize(
    ("tried", "last", "status"),
    [
        ("2001:db8:1:2::{}", "2001:db8:1:2:ffff:ffff:ffff:9", 429),
        ("2001:db8:1:2::{}", "2001:0DB8:0001:0002::0001", 429),
        ("2001:db8:1:2::{}", "2001:db8:1:3::1", 422),
        ("::ffff:192.0.2.{}", "::ffff:192.0.2.77", 422),
        ("192.0.2.{}", "192.0.2.77", 422),
    ],
)
def test_t18_an_ipv6_neighbourhood_of_64_bits_is_one_address(
    crowd: Visitor, bob: Member, tried: str, last: str, status: int
) -> None:
    for number in range(1, 6):
        try_in(crowd, bob.email, tried.format(number))

    assert try_in(crowd, bob.email, last) == status


def test_t18_an_ipv4_address_written_as_ipv6_is_the_same(crowd: Visitor, bob: Member) -> None:
    for _ in range(5):
        try_in(crowd, bob.email, "::ffff:198.51.100.7")

    assert try_in(crowd, bob.email, "198.51.100.7") == 429


@pytest.mark.parametrize(
    "invented", ["{}, 203.0.113.7", "{},203.0.113.7", "{}, 203.0.113.7, 127.0.0.1"]
)
def test_t18_what_a_client_writes_before_the_proxy_changes_nothing(
    crowd: Visitor, bob: Member, invented: str
) -> None:
    for _ in range(5):
        try_in(crowd, bob.email, invented.format(new_address()))

    assert try_in(crowd, bob.email, invented.format(new_address())) == 429


def test_t18_nobody_believes_a_peer_that_is_no_trusted_proxy(house: House) -> None:
    bob = owner(house)
    house.change("DELETE FROM throttles")
    with visiting(house) as crowd:
        statuses = [try_in(crowd, bob.email, new_address()) for _ in range(6)]
    house.change("DELETE FROM throttles")

    assert statuses == [422] * 5 + [429]


def test_a_mailbox_gets_3_links_an_hour(server: House, crowd: Visitor) -> None:
    email = nobody()
    statuses = [ask(crowd, email, new_address()) for _ in range(4)]
    server.change("UPDATE throttles SET ends_at = ends_at - :by", by=60 * MINUTE_MS)

    assert statuses == [200, 200, 200, 429]
    assert ask(crowd, email, new_address()) == 200


def test_an_address_asks_for_20_links_an_hour(crowd: Visitor) -> None:
    address = new_address()

    assert [ask(crowd, nobody(), address) for _ in range(21)] == [200] * 20 + [429]


def test_t15_too_many_links_say_the_same_for_nobody(crowd: Visitor, bob: Member) -> None:
    stranger = nobody()
    told = [[ask(crowd, email, new_address()) for _ in range(4)] for email in (bob.email, stranger)]

    assert told[0] == told[1]


def test_a_refused_request_for_a_link_sends_none(server: House, crowd: Visitor) -> None:
    email = nobody()
    for _ in range(3):
        ask(crowd, email, new_address())
    events = "SELECT id FROM outbox WHERE subject = :email"
    until(lambda: not server.rows(events, email=email), "the links to be sent")

    assert ask(crowd, email, new_address()) == 429
    assert server.rows(events, email=email) == []
