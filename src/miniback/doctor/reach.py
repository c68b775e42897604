"""The address: that this very server answers there, and what it sees of whoever asks."""

import email.utils
from collections.abc import Iterator
from typing import Any

import msgspec

from miniback import clock, db, http, probes
from miniback.doctor.findings import Finding, ok, warning, wrong
from miniback.errors import Misconfigured, Refusal
from miniback.outgoing import Client, Page, Unreachable
from miniback.settings import Settings

_FARTHEST_S = 5
_NOT_FOUND = 404


async def address(chosen: Settings) -> list[Finding]:
    """Ask the base URL who answers there."""
    if not chosen.base_url:
        return [
            warning(
                "address",
                "MINIBACK_BASE_URL is not set: links and snippets name where serve listens",
                "Set it to the address under which people see this server",
            )
        ]
    try:
        token = db.run(db.engine_for(chosen.database, make=False), probes.issue)
    except (Misconfigured, Refusal) as error:
        return [wrong("address", f"Not asked: {error}", "Mend the database first")]
    client = Client(allows_private=True)
    try:
        page = await client.get(chosen.base_url + probes.PATH, {probes.HEADER: token})
    except Unreachable as error:
        return [
            wrong(
                "address",
                f"{chosen.base_url} does not answer: {error}",
                "Start the server; look at the proxy, its certificate, the name and the firewall",
            )
        ]
    finally:
        await client.close()
    return list(_answered(chosen, page))


def _answered(chosen: Settings, page: Page) -> Iterator[Finding]:
    told = _told(page)
    if not told:
        yield wrong(
            "address",
            f"Another server answers at {chosen.base_url} (status {page.status})",
            "It must lead to a Miniback with this very database; is the proxy's target right?"
            if page.status == _NOT_FOUND
            else "See what the proxy in front answers, and why",
        )
        return
    yield ok("address", f"This server answers at {chosen.base_url}")
    if not page.url.startswith(chosen.base_url + "/"):
        yield warning("address", f"It redirects to {page.url}", "Set MINIBACK_BASE_URL to that")
    elif not chosen.is_secure:
        yield warning(
            "address", "It is no https:// address", "Put a proxy with a certificate in front"
        )
    yield _date(page)
    yield _proxy(chosen, told)


def _told(page: Page) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(page.text.encode())
        return dict(found["data"]) if page.status == 200 else {}  # noqa: PLR2004 - success
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return {}


def _date(page: Page) -> Finding:
    for text in page.all("date"):
        try:
            moment = email.utils.parsedate_to_datetime(text).timestamp()
        except ValueError:
            continue
        apart = abs(moment - clock.now() / clock.SECOND_MS)
        if apart > _FARTHEST_S:
            return warning(
                "clock",
                f"The answer's clock and this one are {apart:.0f} seconds apart",
                "Let NTP keep the clocks of both machines",
            )
        return ok("clock", "The answer's clock agrees with this one")
    return ok("clock", f"It is {clock.iso(clock.now())}; the answer tells no time")


def _proxy(chosen: Settings, told: dict[str, Any]) -> Finding:
    peer, forwarded = told["peer"], told["forwardedFor"]
    is_trusted = http.is_trusted(peer, chosen.trusted_proxies)
    if forwarded and not is_trusted:
        return wrong(
            "proxy",
            f"A proxy at {peer} tells who asks, and is not trusted: all visitors count as one",
            f"Set MINIBACK_TRUSTED_PROXIES={peer}",
        )
    if not forwarded and chosen.trusted_proxies:
        return warning(
            "proxy",
            f"Proxies are trusted, but {peer} sends no X-Forwarded-For",
            "Let the proxy set it (nginx: proxy_set_header X-Forwarded-For"
            " $proxy_add_x_forwarded_for), or ask by the public address",
        )
    if not forwarded:
        return ok("proxy", f"No proxy in between; whoever asks is seen as {told['address']}")
    if http.is_trusted(told["address"], chosen.trusted_proxies):
        return warning(
            "proxy",
            f"Whoever asks is seen as {told['address']}, which is a trusted proxy itself",
            "Name proxies alone in MINIBACK_TRUSTED_PROXIES, no networks with people in them",
        )
    return ok("proxy", f"The proxy at {peer} is trusted; whoever asks is seen as {told['address']}")
