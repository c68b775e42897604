"""Which pages may post, judged by their Origin (contract section 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniback.projects import is_allowed

OWN = "http://127.0.0.1:8000"
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?", fullmatch=True)
DOMAINS = st.lists(LABELS, min_size=1, max_size=3).map(".".join)
IDN = "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("example.com", "https://example.com"),
        ("example.com", "http://example.com"),
        ("example.com", "https://example.com:8443"),
        ("example.com", "https://EXAMPLE.com"),
        ("app.example.com", "https://app.example.com"),
        ("*.example.com", "https://app.example.com"),
        ("*.example.com", "https://app.example.com:3000"),
        ("*.example.com", "https://App.Example.Com"),
        ("*.example.com", "https://xn--bcher-kva.example.com"),
        ("*.example.com", "https://a-b.example.com"),
        ("*.app.example.com", "https://x.app.example.com"),
        ("*.co.uk", "https://example.co.uk"),
        ("localhost", "http://localhost"),
        ("localhost", "http://localhost:5173"),
        ("*.localhost", "http://app.localhost:3000"),
        ("127.0.0.1", "http://127.0.0.1:3000"),
        (IDN, f"https://{IDN}"),
        ("*." + IDN, f"https://shop.{IDN}"),
    ],
)
def test_a_listed_host_is_admitted_with_any_scheme_port_and_case(entry: str, origin: str) -> None:
    assert is_allowed(["other.example", entry], origin, OWN)


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        ("example.com", ""),
        ("example.com", "null"),
        ("example.com", "https://"),
        ("example.com", "example.com"),
        ("example.com", "file://"),
        ("example.com", "https://www.example.com"),
        ("example.com", "https://notexample.com"),
        ("example.com", "https://example.com.evil.io"),
        ("example.com", "https://example.co"),
        ("example.com", "https://example.org"),
        ("example.com", "https://evil.io/example.com"),
        ("example.com", "https://example.com@evil.io"),
        ("example.com", "https://evil.io#example.com"),
        ("example.com", "https://evil.io?example.com"),
        ("example.com", "https://example.com https://evil.io"),
        ("example.com", "https://[example.com"),
        ("example.com", "chrome-extension://abcdefgh"),
        ("app.example.com", "https://example.com"),
        ("app.example.com", "https://x.app.example.com"),
        ("*.example.com", "https://example.com"),
        ("*.example.com", "https://a.b.example.com"),
        ("*.example.com", "https://.example.com"),
        ("*.example.com", "https://evilexample.com"),
        ("*.example.com", "https://app.example.com.evil.io"),
        ("*.example.com", "https://*.example.com.io"),
        ("*.example.com", "null"),
        ("*.example.com", ""),
        ("*.co.uk", "https://a.example.co.uk"),
        ("localhost", "http://app.localhost"),
        ("localhost", "http://localhost.evil.io"),
        ("localhost", "http://[::1]"),
        ("127.0.0.1", "http://127.0.0.2"),
        ("127.0.0.1", "http://127.0.0.1.nip.io"),
        (IDN, "https://bcher-kva.example"),
    ],
)
def test_any_other_origin_is_refused(entry: str, origin: str) -> None:
    assert not is_allowed(["other.example", entry], origin, OWN)


@pytest.mark.parametrize(
    "origin", ["", "null", "https://example.com", "https://evil.io", "file://"]
)
def test_an_empty_list_admits_every_site(origin: str) -> None:
    assert is_allowed([], origin, OWN)


def test_our_own_origin_is_always_admitted() -> None:
    assert is_allowed(["example.com"], OWN, OWN)


def test_no_origin_is_not_our_own() -> None:
    assert not is_allowed(["example.com"], "", "")


@given(DOMAINS, st.lists(LABELS, max_size=4))
def test_a_wildcard_matches_exactly_one_more_label(domain: str, more: list[str]) -> None:
    host = ".".join([*more, domain])

    assert is_allowed(["*." + domain], f"https://{host}", OWN) == (len(more) == 1)


@given(DOMAINS, DOMAINS)
def test_a_wildcard_matches_nothing_outside_its_domain(domain: str, host: str) -> None:
    expected = host.count(".") == domain.count(".") + 1 and host.endswith("." + domain)

    assert is_allowed(["*." + domain], f"https://{host}", OWN) == expected


@given(DOMAINS, DOMAINS)
def test_a_host_name_matches_itself_alone(entry: str, host: str) -> None:
    assert is_allowed([entry], f"https://{host}", OWN) == (entry == host)


@given(st.text(max_size=60))
def test_a_text_that_does_not_name_the_host_is_never_admitted(origin: str) -> None:
    assert not is_allowed(["only.example"], origin, OWN)
