"""Whatever text or bytes come, what reads them takes them or says what is wrong; it never fails."""

import base64
import io
import ipaddress
import json
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from miniback import idempotency, outgoing
from miniback.errors import Invalid, Refusal
from miniback.exports import cells
from miniback.feedback import dates, proofs
from miniback.http import json as strict
from miniback.http.addresses import client_address, neighbourhood
from miniback.imports import looking, stepping, texts, times
from miniback.imports.fitting import Place
from miniback.imports.models import Container, Format, Look, Plan
from miniback.outgoing.addresses import is_public
from miniback.projects import domains
from tests.fuzz.bodies import BAD_BODIES, BAD_VALUES
from tests.imports.importing import zipped

T = TypeVar("T")
P = ParamSpec("P")
anything = st.text(max_size=80)
addresses = st.ip_addresses().map(str)
DEEP = b"[" * 100_000
HUGE = b"1" * 400


def taken(read: Callable[P, T], *given: P.args, **more: P.kwargs) -> T | None:
    """Return what is read, None where it is refused with a sentence; anything else fails."""
    try:
        return read(*given, **more)
    except Refusal as refusal:
        if not str(refusal).strip():
            raise AssertionError("refused without a word") from refusal
        return None


# JSON


@given(st.binary(max_size=300))
def test_any_bytes_are_json_of_an_object_or_refused(body: bytes) -> None:
    assert isinstance(taken(strict.parse, body), dict | None)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("a"), inner, max_size=1),
    max_leaves=9,
)


@given(values)
def test_what_is_json_is_read_as_what_it_says(value: Any) -> None:
    assert strict.parse(json.dumps({"x": value}).encode()) == {"x": value}


# Headers


@given(addresses, st.lists(addresses | anything, max_size=5))
def test_who_is_no_trusted_proxy_is_not_believed(peer: str, hops: list[str]) -> None:
    assert client_address(peer, ", ".join(hops), []) == peer


@given(st.lists(addresses, min_size=1, max_size=5), anything)
def test_the_last_hop_that_no_trusted_proxy_has_written_is_the_client(
    hops: list[str], forged: str
) -> None:
    trusted = [ipaddress.ip_network("10.0.0.0/8")]
    forwarded = ",".join([forged.replace(",", ""), *hops])
    strangers = [hop for hop in hops if not hop.startswith("10.")]
    assume(strangers)

    assert client_address("10.0.0.1", forwarded, trusted) == strangers[-1]


@given(addresses | anything)
def test_whoever_may_move_about_stays_in_one_neighbourhood(address: str) -> None:
    place = neighbourhood(address)

    assert neighbourhood(place.partition("/")[0]) == place or place == address


@given(anything)
def test_a_key_for_doing_things_once_is_printable_ascii_or_refused(key: str) -> None:
    is_right = 1 <= len(key) <= 255 and key.isascii() and key.isprintable()
    if is_right:
        assert idempotency.checked(key) == key
    else:
        with pytest.raises(Invalid):
            idempotency.checked(key)


@given(anything)
@example("2025-01-01T00:00:00+99:99")
@example("9999-12-31T23:59:59-14:00")
@example("0001-01-01T00:00:00+14:00")
@example("0001-01-01")
@example("9999-12-31")
@example("2025-02-29")
def test_a_time_to_filter_by_is_one_or_refused(text: str) -> None:
    for read in (dates.oldest_position, dates.newest_position):
        assert isinstance(taken(read, text), int | None)


# Addresses of others


@given(st.text("htps:/@\\.[]%?#0127x-a\t\n", max_size=30).map("https://{}".format) | anything)
def test_no_address_that_is_taken_names_two_hosts(url: str) -> None:
    kept = taken(outgoing.checked, url, allows_private=False)
    if kept is None:
        return
    host = urlsplit(kept).hostname or ""
    assert (urlsplit(kept).scheme.lower(), urlsplit(kept).username) == ("https", None)
    assert host.isascii()
    try:
        assert is_public(ipaddress.ip_address(host))
    except ValueError:
        assert "." in host
        assert not host.rpartition(".")[2][:1].isdigit()


WRAPS = ("::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "::")


@given(st.ip_addresses(v=4), st.sampled_from(WRAPS))
def test_an_address_is_as_private_as_what_it_carries(
    inner: ipaddress.IPv4Address, wrap: str
) -> None:
    assume(int(inner) > 1)
    carrier = ipaddress.IPv6Address(int(ipaddress.IPv6Address(wrap)) | int(inner))
    sixtofour = ipaddress.IPv6Address(0x2002 << 112 | int(inner) << 80)

    assert is_public(carrier) == is_public(sixtofour) == is_public(inner)


PRIVATE = (
    *("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    *("100.64.0.0/10", "224.0.0.0/4", "240.0.0.0/4", "0.0.0.0/8", "198.18.0.0/15"),
)


@given(st.sampled_from(PRIVATE).flatmap(lambda each: st.ip_addresses(network=each)))
def test_no_address_of_a_private_network_is_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert not is_public(address)


@given(anything)
def test_any_origin_has_a_host_or_none(origin: str) -> None:
    host = domains.host_of(origin)

    assert host == host.lower()
    assert not set(host) & set("/:@?#[] ")


@given(anything | st.text("a.-*:/@xn \u00df\u0130\u3002", max_size=20))
def test_a_domain_is_kept_as_one_or_refused_with_its_name(entry: str) -> None:
    domains.mended(entry)
    entries = taken(domains.checked, [entry])
    if entries is None:
        return
    (kept,) = entries
    assert domains.checked([kept]) == [kept]
    host = kept.removeprefix("*.")
    sample = f"x.{host}" if kept != host else host
    assert domains.is_allowed([kept], f"https://{sample}", "http://own.example")


# Cells and files


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
@example("safe\n=1")
@example("\uff1d1")
def test_a_cell_comes_back_as_it_went(text: str) -> None:
    assume(texts.unguarded(text) == text)

    assert texts.unguarded(cells.safe(text)) == text


def read_through(content: bytes) -> int:
    """Go through a file as a check does, and return how many steps it has."""
    file = io.BytesIO(content)
    look = taken(looking.look, file)
    if look is None:
        return 0
    plan = Plan(look.format or Format.TABLE, "proj_x", look.mapping, undated=1)
    return taken(lambda: sum(1 for _ in stepping.steps(file, look, Place(plan, {})))) or 0


rows = st.lists(st.sampled_from([*BAD_VALUES.values(), *BAD_BODIES.values(), HUGE]), max_size=3)


@settings(max_examples=200)
@given(st.binary(max_size=400) | rows.map(b"\n".join))
@example(b'{"message":"m","createdAt":' + HUGE + b"}\n")
@example(b'{"message":' + DEEP + b"}\n")
@example(b'{"message":"m"}\n' + DEEP)
@example(b"[" + b"9" * 5_000 + b"]")
@example(b'[{"message":' + b"9" * 5_000 + b"}]")
@example(b'[{"createdAt":1e999,"message":"m"}]')
@example(b"message,createdAt\r\nm," + HUGE)
@example(b"message,rating\r\nm," + HUGE)
@example(b"\xff\xfea")
def test_any_file_is_gone_through_or_refused(content: bytes) -> None:
    read_through(content)


MANIFEST = b'{"format":"miniback-archive","version":1}'
MEMBERS = ("people", "projects", "tags", "views", "feedback", "notes", "changes", "attachments")
GOOD = zipped(
    {"manifest.json": MANIFEST, **{f"{name}.jsonl": b'{"id":"x"}\n[]\n' for name in MEMBERS}}
)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_archive_is_gone_through_or_refused(changes: list[tuple[int, int]]) -> None:
    content = bytearray(GOOD)
    for at, byte in changes:
        content[at] = byte

    read_through(bytes(content))


@pytest.mark.parametrize("member", ["manifest.json", *(f"{name}.jsonl" for name in MEMBERS)])
def test_an_archive_of_bad_json_is_gone_through_or_refused(member: str) -> None:
    for content in [*BAD_VALUES.values(), DEEP, b'{"id":' + HUGE + b"}"]:
        read_through(zipped({"manifest.json": MANIFEST, member: content}))


@pytest.mark.parametrize("member", ["posts.json", "users.json", "tags.json", "post_tags.json"])
def test_a_backup_of_fider_of_bad_json_is_refused(member: str) -> None:
    odd = [b"[{}]", b'[{"id":[]}]', b"[" + b"9" * 5_000 + b"]", b'[{"id":1,"name":1}]']
    for content in [*BAD_VALUES.values(), DEEP, *odd]:
        read_through(zipped({"posts.json": b'[{"id":1}]', member: content}))


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "..\\evil", "C:\\evil", "a/../../evil", "x" * 5_000, "\u202e"],
)
def test_no_name_in_an_archive_leads_anywhere(name: str, tmp_path: Any) -> None:
    attachment = {"id": "attachment_x", "feedbackId": "feedback_x", "file": name}
    line = json.dumps(attachment).encode()
    files = {"manifest.json": MANIFEST, "attachments.jsonl": line, name: b"x"}

    read_through(zipped(files))

    assert list(tmp_path.parent.glob("**/evil")) == []


@given(st.integers() | st.floats() | anything | st.none() | st.lists(st.integers(), max_size=1))
@example(10**400)
@example("9" * 400)
@example(float("inf"))
@example(float("nan"))
def test_a_time_of_another_program_is_one_or_refused(value: object) -> None:
    assert isinstance(taken(times.read, "The time", value), int | None)


# The door's proof of work, which anybody may send.

parts = st.dictionaries(
    st.sampled_from(["challenge", "parameters", "signature", "data", "expiresAt", "solution"]),
    values | st.just({"project": "p"}),
    max_size=4,
)


@given(
    st.fixed_dictionaries(
        {"challenge": parts | st.fixed_dictionaries({"parameters": parts, "signature": values})},
        optional={"solution": parts | values},
    )
    | values
)
@example(10**300)
@example(
    {"challenge": {"parameters": {"data": {"project": "p"}, "expiresAt": 1e308}, "signature": ""}}
)
def test_no_proof_that_somebody_makes_up_is_one(content: Any) -> None:
    payload = base64.b64encode(json.dumps(content).encode()).decode()

    assert proofs.solved(b"secret", "p", payload) is None


def test_looks_are_of_kinds_that_are_known() -> None:
    file = io.BytesIO(b'{"message":"m"}\n')

    assert isinstance(looking.look(file), Look)
    assert looking.look(file).container is Container.LINES
