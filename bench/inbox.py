"""The inbox: what a filter costs in a long list against a short one, and a page far down in it."""

import http.cookiejar
import re
import statistics
import time
import urllib.request
from urllib.parse import urlencode

import bases
from bases import Base
from calls import PASSWORD
from lines import Line, single
from servers import Server
from session import Session

# Half of a base's rows are the busiest account's.
SHORT_ROWS, LONG_ROWS = 2 * 1_000, 2 * 100_000
FILTERS = ("", "status=NEW", "status=RESOLVED", "source=API", "search=an", "start=2020-01-01")
DEEP = 1_000
_TIMES = 15


class Visitor:
    """Somebody who is signed in to the busiest account and looks at pages, one after the other."""

    def __init__(self, server: Server) -> None:
        self._url = server.url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        token = re.findall(r'name="csrf_token" value="([^"]+)"', self.read("/login"))[0]
        fields = {"csrf_token": token, "email": "big@example.test", "password": PASSWORD}
        request = urllib.request.Request(
            server.url + "/login", urlencode(fields).encode(), {"origin": server.url}
        )
        self._opener.open(request).close()

    def read(self, path: str) -> str:
        """Return a page."""
        with self._opener.open(self._url + path) as answer:
            page: str = answer.read().decode()
        return page

    def ms(self, path: str) -> float:
        """Return how many milliseconds a page takes, the median of some."""
        times = []
        for _ in range(_TIMES):
            began = time.perf_counter()
            self.read(path)
            times.append((time.perf_counter() - began) * 1_000)
        return statistics.median(times)


def inbox(session: Session) -> list[Line]:
    """Measure both databases, short lists against long ones."""
    found = _measured(session, "", bases.sqlite(SHORT_ROWS), bases.sqlite(LONG_ROWS))
    short, long = bases.postgres(SHORT_ROWS), bases.postgres(LONG_ROWS)
    return found + _measured(session, "-postgres", short, long)


def _measured(session: Session, ending: str, short: Base, long: Base) -> list[Line]:
    with session.serving(short) as server:
        before = {each: Visitor(server).ms(f"/inbox?{each}") for each in FILTERS}
    with session.serving(long) as server:
        visitor = Visitor(server)
        after = {each: visitor.ms(f"/inbox?{each}") for each in FILTERS}
        near, deep = visitor.ms("/inbox?page=2"), visitor.ms(_deep(visitor))
        counted = visitor.ms(f"/inbox?page={DEEP}")
    ratios = {each: after[each] / before[each] for each in FILTERS}
    worst = max(ratios, key=ratios.__getitem__)
    told = f"worst {worst or 'no filter'}: {before[worst]:.1f} and {after[worst]:.1f} ms"
    shown = f"page 2 {near:.1f} ms, page {DEEP:,} {deep:.1f} ms ({counted:.1f} without its link)"
    return [
        Line(f"inbox-filter{ending}", told, ratios[worst], min(ratios.values()), ratios[worst]),
        single(f"inbox-depth{ending}", shown, [deep / near]),
    ]


def _deep(visitor: Visitor) -> str:
    """Return the address of a page far down, as the link of the page before it has it."""
    page = visitor.read(f"/inbox?page={DEEP - 1}")
    links = re.findall(r'rel="next" href="([^"]+)"', page)
    found: str = links[-1].replace("&amp;", "&")
    return found
