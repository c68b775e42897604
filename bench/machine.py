"""What the figures were measured on, and which core does what."""

import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

import apsw

PACKAGES = ("uvicorn", "starlette", "uvloop", "httptools", "msgspec", "apsw", "psycopg")
SERVER_CORE, LOAD_CORE = 0, 1


def missing_tool() -> str | None:
    """Return a sentence about what has to be installed first, if anything."""
    if shutil.which("wrk") is None:
        return "The benchmark makes its load with wrk, which is missing: apt-get install wrk"
    return None


def is_pinned() -> bool:
    """Tell whether server and load have a core each."""
    cores = os.sched_getaffinity(0)
    return {SERVER_CORE, LOAD_CORE} <= cores and shutil.which("taskset") is not None


def pin(core: int, command: list[str]) -> list[str]:
    """Return the command bound to a core, where there is one for it."""
    return ["taskset", "-c", str(core), *command] if is_pinned() else command


def pss_mb(pid: int) -> float:
    """Return the memory of a process and its children: shared pages in equal parts."""
    return sum(_told_kb(each, "Pss:") for each in family(pid)) / 1024


def own_mb(pid: int) -> float:
    """Return the memory of a process and its children that no file stands behind."""
    return sum(_told_kb(each, "Anonymous:") for each in family(pid)) / 1024


def facts() -> dict[str, str | int | bool]:
    """Return what a reader needs to judge the figures."""
    versions: dict[str, str | int | bool] = {name: metadata.version(name) for name in PACKAGES}
    return versions | {
        "cores": os.cpu_count() or 0,
        "cpu": _cpu(),
        "pinned": is_pinned(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "sqlite": apsw.sqlite_lib_version(),
        "wrk": _wrk(),
    }


def family(pid: int) -> list[int]:
    """Return a process, those below it, and those below them."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def _told_kb(pid: int, name: str) -> int:
    """Return one of the kernel's figures of a process's memory."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


def _cpu() -> str:
    """Return the processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _wrk() -> str:
    """Return the version of wrk."""
    shown = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)
    return shown.stdout.split(" [")[0].removeprefix("wrk ").strip()
