"""Sites of other frameworks as processes of their own, with Miniback below /feedback."""

import contextlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.house import NO_TLS, PATIENCE_S, House, free_port

ROOT = Path(__file__).parents[2]
EXAMPLES = ("fastapi_site", "starlette_site", "django_site", "flask_site")
AT = "/feedback"
# What the examples' pages name; a project of this slug is made where one is needed.
PROJECT = "my-website"


@dataclass
class Site(House):
    """A site: as a house it is what is below /feedback, for those who call and visit that.

    `application` is where uvicorn finds it.
    """

    application: str = ""

    @property
    def base_url(self) -> str:
        return self.origin + AT

    @property
    def variables(self) -> dict[str, str]:
        told = {"SITE": self.origin, "MINIBACK_BASE_URL": self.base_url, "PROJECT": PROJECT}
        return {**super().variables, **told, **self.environment}

    def start(self) -> "Site":
        """Start the site, at a port that it is told: its pages must know their address."""
        self.port = self.port or free_port()
        super().start()
        return self

    def visit(self, path: str = "/") -> httpx2.Response:
        """Get a page of the site's own."""
        return httpx2.get(self.origin + path, timeout=PATIENCE_S, verify=NO_TLS)

    @property
    def printed_link(self) -> str:
        """The link that sets Miniback up, as the site has printed it."""
        found = re.search(r"http://\S+/setup\?token=\S+", (self.folder / "stdout.log").read_text())
        assert found
        return found[0]

    @property
    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "uvicorn", "--app-dir", str(ROOT), self.application),
            *("--port", str(self.port), "--workers", str(self.workers)),
            *("--timeout-graceful-shutdown", "3"),
        ]

    def _listening(self, _out: Path) -> int:
        return self.port

    def _answers(self) -> bool:
        """Whether it answers at all; it listens once Miniback has begun, if it ever does."""
        assert self.process
        assert self.process.poll() is None, self.log
        with contextlib.suppress(httpx2.TransportError):
            return bool(self.visit().status_code)
        return False


@contextlib.contextmanager
def open_for(site: Site) -> Iterator[Site]:
    """Start a site and see that it ends."""
    try:
        yield site.start()
    finally:
        if site.process and site.process.poll() is None:
            site.stop()
