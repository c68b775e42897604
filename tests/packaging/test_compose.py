"""The compose files: what Compose itself makes of them, and what they must not lack."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from miniback import settings
from tests.packaging.wheelhouse import ROOT

COMPOSE = Path(sys.executable).parent / "docker-compose"
ALONE, WITH_POSTGRES = ROOT / "compose.yaml", ROOT / "packaging" / "compose.postgres.yaml"
FILES = (ALONE, WITH_POSTGRES)
KNOWN = {
    settings.PREFIX + field.name.upper() for field in msgspec.structs.fields(settings.Settings)
}
both = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(file.read_text())
    return content


def resolved(file: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Have Compose read a file, which needs no Docker."""
    if not COMPOSE.exists():
        pytest.skip("DOCKER-COMPOSE IS MISSING: the compose files were NOT read by it")
    return subprocess.run(
        [COMPOSE, "--file", file, "config", "--format", "json"],
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@both
def test_compose_takes_the_file(file: Path) -> None:
    said = resolved(file, SITE="feedback.example.com")

    assert (said.returncode, said.stderr) == (0, "")
    service = json.loads(said.stdout)["services"]["miniback"]
    assert service["build"]["context"] == str(ROOT)


def test_without_a_name_the_server_with_a_certificate_does_not_start() -> None:
    said = resolved(WITH_POSTGRES)

    assert said.returncode != 0
    assert "Set it to the name of this server" in said.stderr


def test_a_base_url_of_ones_own_goes_before_that_of_this_machine() -> None:
    said = [
        json.loads(resolved(ALONE, **more).stdout)["services"]["miniback"]["environment"]
        for more in ({}, {"MINIBACK_BASE_URL": "https://feedback.example.com"})
    ]

    assert [each["MINIBACK_BASE_URL"] for each in said] == [
        "http://127.0.0.1:8000",
        "https://feedback.example.com",
    ]


@both
def test_every_setting_that_it_names_is_one(file: Path) -> None:
    named = {
        name.removesuffix("_FILE")
        for service in read(file)["services"].values()
        for name in service.get("environment", {})
        if name.startswith(settings.PREFIX)
    }

    assert named
    assert named <= KNOWN


@both
def test_a_container_may_write_to_its_volumes_alone(file: Path) -> None:
    for name, service in read(file)["services"].items():
        assert service["read_only"] is True, name
        assert "no-new-privileges:true" in service["security_opt"], name
        # PostgreSQL's begins as root and gives its folder away.
        assert service.get("cap_drop") == ["ALL"] or name == "database"
        assert service["restart"] == "unless-stopped", name


@both
def test_what_it_keeps_is_in_volumes_that_are_declared(file: Path) -> None:
    content = read(file)
    used = {
        volume.partition(":")[0]
        for service in content["services"].values()
        for volume in service["volumes"]
        if not volume.startswith(".")
    }

    assert used == set(content["volumes"])
    assert "data:/data" in content["services"]["miniback"]["volumes"]


def test_only_the_proxy_is_seen_from_outside() -> None:
    services = read(WITH_POSTGRES)["services"]

    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert services["database"]["networks"] == ["back"]
    assert read(WITH_POSTGRES)["networks"]["back"]["internal"] is True
    assert all(
        port.startswith("127.0.0.1:") for port in read(ALONE)["services"]["miniback"]["ports"]
    )


def test_no_secret_stands_in_a_file_or_in_the_environment() -> None:
    for file in FILES:
        assert not re.search(r"(?i)password: |://[^\s/]+:[^\s/]+@", file.read_text())
    for secret in read(WITH_POSTGRES)["secrets"].values():
        assert secret["file"].startswith("../secrets/")
    assert "/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_each_waits_until_what_it_needs_is_well() -> None:
    services = read(WITH_POSTGRES)["services"]
    waits = {name: service.get("depends_on", {}) for name, service in services.items()}

    assert waits["miniback"] == {"database": {"condition": "service_healthy"}}
    assert waits["proxy"] == {"miniback": {"condition": "service_healthy"}}
    assert all("healthcheck" in services[name] for name in ("database", "proxy"))


def test_the_proxy_that_is_trusted_is_the_one_in_the_network() -> None:
    content = read(WITH_POSTGRES)
    (network,) = content["networks"]["front"]["ipam"]["config"]
    trusted = content["services"]["miniback"]["environment"]["MINIBACK_TRUSTED_PROXIES"]

    assert trusted == network["subnet"]
    (mounted,) = [v for v in content["services"]["proxy"]["volumes"] if v.startswith(".")]
    assert (WITH_POSTGRES.parent / mounted.partition(":")[0]).exists()
