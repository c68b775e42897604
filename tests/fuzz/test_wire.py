"""What is no HTTP, or none that all understand alike, is refused, and hides nothing (T24, 5.3)."""

import itertools
import json
import os
from collections.abc import Iterator

import pytest

from miniback import plans
from tests.fuzz.smuggling import ONE, REFUSED, Written
from tests.fuzz.test_every_body import CALLS, Operation, Scene, quiet, scene
from tests.fuzz.wire import chunk, talk
from tests.house import Account, House
from tests.nginx import NGINX, in_front

__all__ = ["quiet", "scene"]
# What is asked here does not depend on the database.
DATABASES = ("sqlite",)
IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
NO_HTTP = "The request is not valid HTTP"
LARGEST_HEAD = 64 * 1024
numbers = itertools.count()


@pytest.fixture(scope="module")
def dave(house: House) -> Account:
    return house.account(plans.PRO)


def taken(house: House, account: Account, marker: str) -> int:
    """How many items with a marker are kept."""
    sql = "SELECT count(*) FROM feedback WHERE account_id = :id AND document LIKE :said"
    (count,) = house.row(sql, id=account.id, said=f"%{marker} %")
    return int(count)


@pytest.mark.parametrize("written", REFUSED.values(), ids=REFUSED)
def test_t24_what_is_no_http_is_refused_and_hides_nothing(
    house: House, dave: Account, written: Written
) -> None:
    marker = f"marker{next(numbers)}x"

    heard = talk(house.port, written(dave, marker))

    assert (heard.statuses, heard.error, heard.is_ended) == ([400], NO_HTTP, True)
    assert taken(house, dave, marker) == 0


@pytest.mark.parametrize("written", ONE.values(), ids=ONE)
def test_t24_what_reads_as_one_request_is_one(
    house: House, dave: Account, written: Written
) -> None:
    marker = f"marker{next(numbers)}x"

    heard = talk(house.port, written(dave, marker))

    assert len([each for each in heard.statuses if each < 400]) <= 1
    assert all(each < 500 for each in heard.statuses)
    assert taken(house, dave, marker) <= 1


def odd(scene: Scene, call: Operation, *lines: str, body: bytes = b"") -> bytes:
    """Write a call with lines of its head as they are given."""
    first = f"{call.method} {call.path.format(**scene.names)} HTTP/1.1"
    own = [first, "host: test", f"x-api-key: {scene.who.key}", *lines]
    return "\r\n".join(own).encode() + b"\r\n\r\n" + body


BAD_LENGTHS = ["-1", "1" + "0" * 30, "18446744073709551616", "x", "1,1", "+1", "1 1"]


@pytest.mark.parametrize("name", CALLS)
def test_lengths_that_are_none_are_400_everywhere(scene: Scene, name: str) -> None:
    call, before = CALLS[name], scene.kept()
    body = scene.good(call)

    for length in BAD_LENGTHS:
        heard = talk(scene.house.port, odd(scene, call, f"content-length: {length}", body=body))
        assert (heard.statuses, heard.error, heard.is_ended) == ([400], NO_HTTP, True)
    for length in (str(160 * 1024 + 1), "9" * 19):
        heard = talk(scene.house.port, odd(scene, call, f"content-length: {length}", body=body))
        assert (heard.statuses, heard.is_ended) == ([413], True)

    assert scene.kept() == before


@pytest.mark.parametrize("name", CALLS)
def test_a_body_that_is_cut_short_or_chopped_up_is_judged_as_it_is(scene: Scene, name: str) -> None:
    call, before = CALLS[name], scene.kept()
    body = scene.good(call)
    bad = body[:-1] + b",}"
    crumbs = b"".join(chunk(bad[at : at + 1]) for at in range(len(bad))) + b"0\r\n\r\n"

    chopped = talk(scene.house.port, odd(scene, call, "transfer-encoding: chunked", body=crumbs))
    short = talk(scene.house.port, odd(scene, call, f"content-length: {len(body) - 1}", body=body))

    assert (chopped.statuses, bool(chopped.error)) == ([400], True)
    assert (short.statuses[0], short.is_ended) == (400, True)
    assert scene.kept() == before


@pytest.mark.parametrize("name", CALLS)
def test_heads_of_64_kib_are_refused_everywhere(scene: Scene, name: str) -> None:
    call, before = CALLS[name], scene.kept()
    unfinished = odd(scene, call, "x-long: " + "a" * LARGEST_HEAD).rstrip()
    path = call.path.format(**scene.names) + "?a=" + "b" * LARGEST_HEAD

    header = talk(scene.house.port, unfinished)
    address = talk(scene.house.port, f"{call.method} {path}".encode())

    for heard in (header, address):
        assert (heard.statuses, bool(heard.error), heard.is_ended) == ([431], True, True)
    assert scene.kept() == before


def test_a_forged_host_is_in_no_link_and_no_answer(house: House, dave: Account) -> None:
    for name in ("host", "x-forwarded-host", "forwarded", "x-original-url", "x-rewrite-url"):
        answer = house.client.get("/inbox", headers={name: "evil.example"}, follow_redirects=False)
        assert "evil.example" not in answer.text
        assert "evil.example" not in json.dumps(dict(answer.headers))
    forged = {"host": "evil.example"}
    assert "evil.example" not in house.client.get(f"/f/{dave.slug}", headers=forged).text


@pytest.fixture(scope="module")
def behind_nginx(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an nginx in front of the house, which keeps connections to it open."""
    if not (IS_SOAK and NGINX):
        pytest.skip("needs nginx; make soak runs it")
    with in_front(
        tmp_path_factory.mktemp("nginx"),
        f"server 127.0.0.1:{house.port}; keepalive 4;",
        'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off;',
    ) as port:
        yield port


@pytest.mark.soak
@pytest.mark.parametrize("written", [*REFUSED.values(), *ONE.values()], ids=[*REFUSED, *ONE])
def test_t24_behind_nginx_nothing_is_hidden_either(
    house: House, dave: Account, behind_nginx: int, written: Written
) -> None:
    marker = f"marker{next(numbers)}x"

    talk(behind_nginx, written(dave, marker))

    assert taken(house, dave, f"{marker} first") + taken(house, dave, f"{marker} hidden") <= 1
    assert talk(behind_nginx, b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n").statuses == [200]
