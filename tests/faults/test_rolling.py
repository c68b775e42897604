"""Two servers on one PostgreSQL behind nginx, each restarted in turn: no call fails (F18)."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.faults.crowd import Crowd, check, crowding
from tests.faults.test_postgres import ended
from tests.house import NO_TLS, House, running, until
from tests.notifications.post_office import free_port

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
CALLS = 100_000
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
# As somebody writes it who has read the manual: nothing is said of when to ask the other server.
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder};
    proxy_temp_path {folder};
    fastcgi_temp_path {folder};
    uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    upstream miniback {{
        server 127.0.0.1:{first} max_fails=1 fail_timeout=1s;
        server 127.0.0.1:{second} max_fails=1 fail_timeout=1s;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://miniback; }}
    }}
}}
"""


@contextlib.contextmanager
def balancing(folder: Path, houses: list[House]) -> Iterator[int]:
    """Have nginx in front of two servers until the end of the block; gives its port."""
    port, (first, second) = free_port(), houses
    written = folder / "nginx.conf"
    written.write_text(
        CONFIGURATION.format(folder=folder, port=port, first=first.port, second=second.port)
    )
    assert NGINX
    nginx = subprocess.Popen([NGINX, "-p", folder, "-c", written])
    try:
        until(lambda: _answers(port), "nginx to answer")
        yield port
    finally:
        nginx.terminate()
        nginx.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"http://127.0.0.1:{port}/healthz", verify=NO_TLS).status_code == 200
    return False


def restart_in_turn(houses: list[House], crowd: Crowd) -> int:
    """Restart one after the other until enough has been asked; return how often."""
    restarts = 0
    while len(crowd.calls) < CALLS:
        house = houses[restarts % 2]
        ended(house)
        house.start()
        for _ in range(20):
            crowd.is_served()
        restarts += 1
    return restarts


@pytest.mark.skipif(not (IS_SOAK and NGINX), reason="a long run, which needs nginx")
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_f18_no_call_fails_while_two_servers_are_restarted_in_turn(
    database: str, new_house: Callable[..., House], tmp_path: Path, record_property: Any
) -> None:
    first = new_house(database)
    second = House(tmp_path / "second", first.database_url)
    with running(first), running(second), balancing(tmp_path, [first, second]) as port:
        with crowding(first.account(), port) as crowd:
            restarts = restart_in_turn([first, second], crowd)

        record_property("restarts", restarts)
        record_property("answers", dict(crowd.statuses))
        check(first, crowd)
        assert set(crowd.statuses) == {201}
