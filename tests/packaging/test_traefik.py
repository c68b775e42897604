"""Traefik's example is read, since no Traefik is at hand to run it."""

from typing import Any
from urllib.parse import urlsplit

import yaml

from tests.packaging.wheelhouse import ROOT

EXAMPLE = ROOT / "packaging" / "traefik" / "miniback.yaml"


def test_traefik_hands_a_host_on_with_tls_and_holds_nothing_back() -> None:
    http: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text())["http"]
    (router,), (service,) = http["routers"].values(), http["services"].values()
    balancer = service["loadBalancer"]
    (server,) = balancer["servers"]

    assert router["service"] in http["services"]
    assert router["rule"].startswith("Host(`")
    assert router["entryPoints"] == ["websecure"]
    assert router["tls"]
    assert "middlewares" not in router
    assert urlsplit(server["url"]).port == 8000
    assert balancer["healthCheck"]["path"] == "/readyz"
