"""Which sites may post to a project: host names and one-label wildcards (contract section 6)."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

import idna

from miniback.errors import Invalid

MOST = 100
_LABEL = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_WILDCARD = "*."
_LONGEST_HOST = 253
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def checked(entries: object) -> list[str]:
    """Return entries as they are kept, in punycode, once each; Invalid names the first bad one."""
    if not isinstance(entries, list) or not all(isinstance(each, str) for each in entries):
        raise Invalid("allowedDomains must be a list of host names")
    if len(entries) > MOST:
        raise Invalid(f"allowedDomains takes at most {MOST} host names")
    return list(dict.fromkeys(map(_checked, entries)))


def is_allowed(entries: Sequence[str], origin: str, own_origin: str) -> bool:
    """Judge a page by its Origin header, ports ignored; an empty list admits every site."""
    return not entries or is_own(origin, own_origin) or admitting(entries, origin) is not None


def is_own(origin: str, own_origin: str) -> bool:
    """Tell whether an origin is that of this server's own pages, which may always post."""
    return bool(origin) and without_default_port(origin) == own_origin


def admitting(entries: Sequence[str], origin: str) -> str | None:
    """Return the entry that admits an origin or the address of a page, None where none does."""
    host = host_of(origin)
    if not host:
        return None
    wildcard = _WILDCARD + host.partition(".")[2]
    return next((entry for entry in (host, wildcard) if entry in entries), None)


def host_of(origin: str) -> str:
    """Return the host of an origin or a page's address; '' for none, `null`, what is neither."""
    try:
        parts = urlsplit(origin.lower())
        host = (parts.hostname or "").removesuffix(".") if parts.scheme and parts.netloc else ""
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) else ""


def mended(entry: str) -> str | None:
    """Return the host name that somebody most likely means who enters an address; None for none."""
    bare = entry.strip()
    if "://" not in bare:
        bare = "//" + bare
    try:
        netloc = urlsplit(bare).netloc.rpartition("@")[2]
        return _checked(netloc.partition(":")[0])
    except (ValueError, Invalid):
        return None


def origin_of(url: str) -> str:
    """Return whose an address is, as it is written there: https://example.com:443."""
    scheme, host, *_ = urlsplit(url)
    return f"{scheme}://{host}"


def without_default_port(origin: str) -> str:
    """Write an origin as browsers do: lower case, without a port that goes without saying."""
    scheme, _, place = origin.lower().partition("://")
    return f"{scheme}://{place.removesuffix(_DEFAULT_PORTS.get(scheme, ' '))}"


def _checked(entry: str) -> str:
    bare = entry.strip().lower()
    wildcard = _WILDCARD if bare.startswith(_WILDCARD) else ""
    try:
        host = _ascii(bare.removeprefix(wildcard))
    except idna.IDNAError:
        host = ""
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        wrong = f"'{entry}' is not a host name such as example.com or *.example.com"
        raise Invalid(f"{wrong}; {_too_much(bare)}")
    return wildcard + host


def _too_much(entry: str) -> str:
    """Say what is wrong with an entry, as far as it can be told."""
    scheme, _, rest = entry.rpartition("://")
    parts = [
        ("the protocol", bool(scheme)),
        ("the port", ":" in rest.partition("/")[0]),
        ("the slash at the end", rest.partition("/")[1:] == ("/", "")),
        ("the path", bool(rest.partition("/")[2])),
    ]
    named = [name for name, is_there in parts if is_there]
    return f"leave out {' and '.join(named)}" if named else "check its letters and dots"


def _ascii(host: str) -> str:
    return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
