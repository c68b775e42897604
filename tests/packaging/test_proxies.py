"""The proxies that are shipped as examples end though somebody has an inbox open."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import httpx2
import pytest

from tests.house import House
from tests.packaging.proxies import EXAMPLES, Proxied, in_front
from tests.visitor import SESSION, owner


@pytest.mark.parametrize("proxy", EXAMPLES)
def test_an_open_inbox_does_not_hold_up_the_end_of_a_proxy(
    proxy: str, new_house: Callable[..., House], tmp_path: Path
) -> None:
    with ExitStack() as open_pages, in_front(proxy, new_house("sqlite"), tmp_path) as site:
        live = open_pages.enter_context(_listening(site))
        lines = live.iter_lines()
        assert (live.status_code, next(lines)) == (200, "retry: 2000")


def _listening(site: Proxied) -> AbstractContextManager[httpx2.Response]:
    token = owner(site.house).client.cookies[SESSION]
    name = "__Secure-miniback" if site.root else "__Host-miniback"
    headers = {"cookie": f"{name}={token}", "accept": "text/event-stream"}
    return httpx2.stream("GET", f"{site.base_url}/inbox/live", headers=headers, verify=False)
