"""An nginx in front of servers, for long runs; it is not everywhere."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2

from tests.house import NO_TLS, end, free_port, until

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
_CONFIGURATION = """
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
    {inside}
}}
"""

_SERVERS = """
    upstream miniback {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://miniback; {more} }}
    }}
"""


def started(folder: Path, inside: str) -> subprocess.Popen[bytes]:
    """Start nginx with what stands in its block `http`; all that it writes is in the folder."""
    written = folder / "nginx.conf"
    written.write_text(_CONFIGURATION.format(folder=folder, inside=inside))
    assert NGINX
    return subprocess.Popen([NGINX, "-p", folder, "-c", written])


@contextlib.contextmanager
def in_front(folder: Path, servers: str, more: str = "") -> Iterator[int]:
    """Have nginx in front of servers until the end of the block; gives its port.

    `servers` is what stands in its upstream block, `more` what stands in its location.
    """
    port = free_port()
    nginx = started(folder, _SERVERS.format(port=port, servers=servers, more=more))
    try:
        until(lambda: _answers(port), "nginx to answer")
        yield port
    finally:
        end(nginx)


def _answers(port: int) -> bool:
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"http://127.0.0.1:{port}/healthz", verify=NO_TLS).status_code == 200
    return False
