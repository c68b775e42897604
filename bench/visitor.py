"""Somebody who looks at pages, and how long these take."""

import http.cookiejar
import re
import statistics
import time
import urllib.request
from urllib.parse import urlencode

from calls import PASSWORD
from servers import Server

_TIMES = 40


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

    def timed(self, path: str) -> float:
        """Return how many milliseconds a page takes."""
        began = time.perf_counter()
        self.read(path)
        return (time.perf_counter() - began) * 1_000


def medians_ms(*looks: tuple[Visitor, str]) -> list[float]:
    """Return how many milliseconds each look at a page takes, the median of some.

    They are taken in turn, so that a slow moment of the machine hits all of them alike.
    """
    times = [[visitor.timed(path) for visitor, path in looks] for _ in range(_TIMES)]
    return [statistics.median(each) for each in zip(*times, strict=True)]
