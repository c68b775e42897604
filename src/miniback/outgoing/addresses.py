"""Where a request of ours may go: which URLs, and which addresses of the network (threat T27)."""

import importlib
import ipaddress
import re
from typing import Any

from miniback.errors import Invalid

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 2_000
# What a URL may be written with (RFC 3986), without the marks that parsers disagree about.
_PLAIN = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
_SCHEMES = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(
    r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_PORTS = (443, 8443)
# Addresses that carry another one inside: what is judged is that other one.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")
_V4_COMPATIBLE = ipaddress.IPv6Network("::/96")


def checked(url: str, *, allows_private: bool) -> str:
    """Return a URL that a request may be sent to, or raise Invalid with the reason.

    With `allows_private`, plain http and any port are taken too. That its host leads to a public
    address is judged at every connection, since names change.
    """
    text = url.strip()
    if len(text) > LONGEST:
        raise Invalid(f"The address is longer than {LONGEST} characters")
    if not _PLAIN.fullmatch(text) or not _SCHEMES.match(text):
        raise Invalid("Give an address such as https://example.com/hook, in plain ASCII characters")
    authority = text.split("://", 1)[1].partition("/")[0].partition("?")[0]
    if "@" in authority:
        raise Invalid("The address must not hold a user name or a password")
    parsed = _parsed(text)
    host, scheme = parsed.host.decode("ascii").lower(), parsed.scheme.decode("ascii").lower()
    if not allows_private:
        _check_public(scheme, host, parsed.port)
    elif not host:
        raise Invalid("The address names no host")
    return text


def is_public(address: IPAddress) -> bool:
    """Tell whether an address is one of the open internet, however it is wrapped."""
    inner = _inside(address)
    if inner is not address:
        return is_public(inner)
    is_odd = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not is_odd


def _parsed(text: str) -> Any:
    """Take a URL apart as the client that sends the request does, and no parser else."""
    httpcore2 = importlib.import_module("httpcore2")  # heavy; see client.py
    try:
        return httpcore2.URL(text)
    except (ValueError, UnicodeError, httpcore2.UnsupportedProtocol) as error:
        raise Invalid("This is no address that can be understood") from error


def _check_public(scheme: str, host: str, port: int | None) -> None:
    if scheme != "https":
        raise Invalid("The address must begin with https://")
    if port not in (None, *_PORTS):
        raise Invalid(f"The port must be one of {', '.join(map(str, _PORTS))}")
    literal = _literal(host)
    if literal is not None:
        if not is_public(literal):
            raise Invalid("This address is private: it does not lead to the open internet")
        return
    # The last label of a name is no number: 127.1 and 0x7f.1 are addresses to some.
    last = host.rpartition(".")[2]
    if not _HOST.fullmatch(host) or not re.fullmatch(r"[a-z][a-z0-9-]*", last):
        raise Invalid("The host is no name that can be looked up")
    if "." not in host or host.endswith((".localhost", ".local", ".internal", ".home.arpa")):
        raise Invalid("This host is private: it does not lead to the open internet")


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _inside(address: IPAddress) -> IPAddress:
    """Return the address that another one carries, itself where it carries none."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.teredo:
        # Server and client stand in it; the worse of both decides.
        server, client = address.teredo
        return client if is_public(server) else server
    is_v4_compatible = address in _V4_COMPATIBLE and int(address) > 1
    if address in _NAT64 or address in _NAT64_LOCAL or is_v4_compatible:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
