"""The proxies that are shipped as examples, run as they stand but for names, ports and files."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests import nginx
from tests.house import House, end, free_port, running, until
from tests.packaging.wheelhouse import ROOT

CADDY = shutil.which("caddy", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
EXAMPLES = {
    "nginx": "nginx/miniback.conf",
    "nginx-below-a-path": "nginx/below-a-path.conf",
    "caddy": "caddy/Caddyfile",
    "caddy-below-a-path": "caddy/below-a-path.Caddyfile",
}
ROOTS = {name: "/feedback" if name.endswith("path") else "" for name in EXAMPLES}
# What the examples' global options have besides here.
_CADDY = """{{
	admin off
	auto_https disable_redirects
	skip_install_trust
	storage file_system {folder}/certificates
"""


@dataclass
class Proxied:
    """A server behind a proxy: the address under which people see it, and its path."""

    house: House
    base_url: str
    root: str
    proxy: str

    @property
    def origin(self) -> str:
        return self.base_url.removesuffix(self.root)


@contextlib.contextmanager
def in_front(proxy: str, house: House, folder: Path) -> Iterator[Proxied]:
    """Run a house behind a proxy, as its example has it, until the end of the block."""
    port, root = free_port(), ROOTS[proxy]
    base_url = f"https://localhost:{port}{root}"
    house.environment |= {
        "MINIBACK_BASE_URL": base_url,
        "MINIBACK_TRUSTED_PROXIES": "127.0.0.1",
    }
    start = _start_nginx if proxy.startswith("nginx") else _start_caddy
    with running(house):
        process = start(ROOT / "packaging" / EXAMPLES[proxy], house, folder, port)
        try:
            until(lambda: _answers(base_url), f"{proxy} to answer")
            yield Proxied(house, base_url, root, proxy)
        finally:
            end(process)


def _start_nginx(example: Path, house: House, folder: Path, port: int) -> subprocess.Popen[bytes]:
    if nginx.NGINX is None:
        pytest.skip("NGINX IS MISSING: its examples were NOT tried")
    text = example.read_text()
    name = "feedback.example.com" if "feedback.example.com;" in text else "example.com"
    lines = {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{house.port};",
        f"/etc/letsencrypt/live/{name}": str(folder),
        f"server_name {name};": "server_name localhost;",
        "/var/www/example.com": str(folder),
    }
    for before, after in lines.items():
        text = text.replace(before, after)
    assert ":8000" not in text
    assert "/etc/letsencrypt" not in text
    _certify(folder)
    (folder / "index.html").write_text("The site itself")
    (folder / "example.conf").write_text(text)
    return nginx.started(folder, f"include {folder}/example.conf;")


def _certify(folder: Path) -> None:
    """Make a certificate that nobody but this test knows."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", "req", *kind, *subject, *files], check=True, capture_output=True)


def _start_caddy(example: Path, house: House, folder: Path, port: int) -> subprocess.Popen[bytes]:
    if CADDY is None:
        pytest.skip("CADDY IS MISSING: its examples were NOT tried")
    written = folder / "Caddyfile"
    comment, _, rest = example.read_text().partition("{\n")
    written.write_text(comment + _CADDY.format(folder=folder) + rest)
    with (folder / "caddy.log").open("wb") as log:
        return subprocess.Popen(
            [CADDY, "run", "--adapter", "caddyfile", "--config", written],
            env={
                "HOME": str(folder),
                "SITE": f"https://localhost:{port}",
                "UPSTREAM": f"127.0.0.1:{house.port}",
            },
            stderr=log,
        )


def _answers(base_url: str) -> bool:
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"{base_url}/healthz", verify=False).status_code == 200
    return False
