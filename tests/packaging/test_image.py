"""The image: what a linter says of it, and that its steps lead to a server that works."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import end, free_port, until
from tests.packaging.image import Image, steps
from tests.packaging.wheelhouse import ROOT, wheelhouse

HADOLINT = Path(sys.executable).parent / "hadolint"
# Nobody in particular, who may write to the folder of data and to the one for passing files.
NOBODY = 65_534


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image, as far as it can be made without apt and a network."""
    wheels = tmp_path_factory.mktemp("wheels")
    wheelhouse(wheels, "hatchling")
    image = Image(tmp_path_factory.mktemp("root"), wheels)
    for step in steps():
        image.follow(step)
    return image


@contextlib.contextmanager
def running(image: Image, folder: Path) -> Iterator[int]:
    """Run what the image runs until the end of the block; gives its port."""
    data, passing, port = image.root / "data", folder / "tmp", free_port()
    passing.mkdir()
    prefix: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and there is no setpriv to change that")
        prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        for each in (data, passing):
            os.chown(each, NOBODY, NOBODY)
            _let_through(each.parent)
    process = subprocess.Popen(
        [*prefix, *image.command(), "--port", str(port)],
        cwd=data,
        env={**image.variables, "TMPDIR": str(passing)},
    )
    try:
        yield port
    finally:
        end(process)


def _let_through(folder: Path) -> None:
    """Let everybody reach what lies in a folder; the test run's own are closed."""
    for above in (folder, *folder.parents):
        if above.stat().st_mode & 0o005 != 0o005:
            above.chmod(0o755)


def is_well(health: list[str]) -> bool:
    return subprocess.run(health, check=False, capture_output=True).returncode == 0


def test_the_linter_finds_nothing() -> None:
    if not HADOLINT.exists():
        pytest.skip("HADOLINT IS MISSING: the Dockerfile was NOT looked at by it")
    said = subprocess.run(
        [HADOLINT, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )

    assert (said.stdout, said.returncode) == ("", 0)


def test_it_runs_as_nobody_in_particular_and_is_asked_whether_it_is_well() -> None:
    told = {step.name: step.text for step in steps()}

    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", told["USER"])
    assert told["VOLUME"] == '["/data"]'
    assert "/healthz" in told["HEALTHCHECK"]
    assert all(step.text.split()[0].count(":") == 1 for step in steps() if step.name == "FROM")
    assert "ADD" not in told


def test_every_package_of_it_is_known_by_its_hash() -> None:
    installs = [
        command
        for step in steps()
        if step.name == "RUN"
        for command in step.text.split("&&")
        if "pip install" in command
    ]

    assert len(installs) == 3
    assert all(("--require-hashes" in each) or ("--no-index" in each) for each in installs)


def test_only_what_it_is_built_from_is_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "*"
    assert not {each for each in rules if each.startswith(("!.", "!data", "!secrets"))}


def test_its_steps_lead_to_a_server_that_writes_nothing_but_its_data(
    image: Image, tmp_path: Path
) -> None:
    with running(image, tmp_path) as port:
        health = image.health(port)
        until(lambda: is_well(health), "good health")

    assert image.stages == 2
    assert (image.root / "data" / "miniback.db").exists()
    assert not is_well(health)


def test_its_other_commands_are_there(image: Image) -> None:
    done = subprocess.run(
        image.command("openapi"), env=image.variables, capture_output=True, text=True, check=True
    )

    assert json.loads(done.stdout)["info"]["title"] == "Miniback API"


def test_neither_pip_nor_the_builder_is_left_in_it(image: Image) -> None:
    modules = {path.name for path in (image.root / "opt/miniback/lib").glob("*/site-packages/*")}

    assert "miniback" in modules
    assert not modules & {"pip", "hatchling"}
