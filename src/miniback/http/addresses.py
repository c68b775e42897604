"""Whose address a request comes from, where proxies stand in between."""

import ipaddress
from collections.abc import Sequence

Networks = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]


def client_address(peer: str, forwarded_for: str, trusted: Networks) -> str:
    """Return the address of whoever is not a trusted proxy, from the nearest hop outwards.

    X-Forwarded-For is believed only as far as trusted proxies have written it: its entries are
    read from the right, and the first that is no trusted proxy is the client.
    """
    address = peer
    for hop in reversed(forwarded_for.split(",") if forwarded_for else ()):
        if not is_trusted(address, trusted) or not _is_address(hop.strip()):
            break
        address = hop.strip()
    return address


def neighbourhood(address: str) -> str:
    """Return what one client can move about in: a /64 of IPv6, a single address of IPv4."""
    if not _is_address(address):
        return address
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False))


def is_trusted(address: str, trusted: Networks) -> bool:
    """Tell whether an address is one of some networks; what is no address is in none."""
    if not _is_address(address):
        return False
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
