"""The service of systemd: what systemd says of the file, and that the program can live so."""

import ctypes
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import House, running
from tests.packaging.wheelhouse import ROOT

UNIT = ROOT / "packaging" / "systemd" / "miniback.service"
ANALYZE = shutil.which("systemd-analyze")
# systemd calls what is exposed less than this "OK", its best but one.
MOST_EXPOSED = 2.0
_GET_MDWE = 66
# What MemoryDenyWriteExecute= does: memory that was written is never run.
_STRICT = """
import ctypes, os, sys
assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0
os.execvp(sys.argv[1], sys.argv[1:])
"""

needs_systemd = pytest.mark.skipif(
    ANALYZE is None, reason="SYSTEMD IS MISSING: the service was NOT looked at by it"
)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The service's file, with a program that is there."""
    program = tmp_path / "miniback"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    file = tmp_path / "miniback.service"
    file.write_text(UNIT.read_text().replace("/opt/miniback/bin/miniback", str(program)))
    return file


def analyzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)


@needs_systemd
def test_systemd_takes_the_file(unit: Path) -> None:
    said = analyzed("verify", "--man=no", "--recursive-errors=no", str(unit))

    assert [line for line in said.stderr.splitlines() if "miniback" in line] == []
    assert said.returncode == 0


@needs_systemd
def test_systemd_names_what_it_does_not_know(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("ProtectHome=", "ProtectHouse="))

    assert "ProtectHouse" in analyzed("verify", "--man=no", str(unit)).stderr


@needs_systemd
def test_little_of_the_machine_is_exposed(unit: Path) -> None:
    said = analyzed("security", "--offline=true", "--no-pager", str(unit))

    (level,) = re.findall(r"Overall exposure level for miniback\.service: ([\d.]+)", said.stdout)
    assert float(level) < MOST_EXPOSED


def test_it_keeps_its_data_where_it_may_write() -> None:
    text = UNIT.read_text()
    before, _, after = text.partition("EnvironmentFile=")

    assert "StateDirectory=miniback" in text
    # Settings of the file go before that of the line, so they must come after it.
    assert "Environment=MINIBACK_DATA_DIR=/var/lib/miniback" in before
    assert after.startswith("-/etc/miniback/miniback.env\n")
    assert "RestartPreventExitStatus=78" in text


def test_the_server_runs_where_written_memory_is_never_run(
    new_house: Callable[..., House],
) -> None:
    if ctypes.CDLL(None).prctl(_GET_MDWE, 0, 0, 0, 0) < 0:
        pytest.skip("this kernel cannot forbid it (PR_SET_MDWE, Linux 6.3)")
    strict = (sys.executable, "-c", _STRICT)
    with running(new_house("sqlite", prefix=strict)) as house:
        assert house.account().say("Said under guard")["message"] == "Said under guard"
