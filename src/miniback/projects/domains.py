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
    if not entries or (origin and without_default_port(origin) == own_origin):
        return True
    host = _host(origin)
    if not _HOST.fullmatch(host):
        return False
    above = host.partition(".")[2]
    return host in entries or (bool(above) and _WILDCARD + above in entries)


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
        raise Invalid(
            f"'{entry}' is not a host name such as example.com or *.example.com;"
            " leave out scheme, port and path"
        )
    return wildcard + host


def _ascii(host: str) -> str:
    return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")


def _host(origin: str) -> str:
    """Return the host of an Origin header, or '' for none, `null` and what is no origin."""
    try:
        parts = urlsplit(origin.lower())
        return (parts.hostname or "").removesuffix(".") if parts.scheme and parts.netloc else ""
    except ValueError:
        return ""
