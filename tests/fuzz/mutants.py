"""The stores without one of their filters by account: each such mutant must fail a test (T10).

Run it as `python -m tests.fuzz.mutants [--quick] [part of a path …]`; it works on a copy of the
source. `--quick` runs the tests of tenants alone, without those of the room.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
# First the tests that are about nothing else, then those of each room.
FIRST = ("tests/test_tenants.py", "tests/model")
ROOMS = {
    "feedback": ("tests/feedback", "tests/inbox"),
    "projects": ("tests/projects", "tests/dashboard"),
    "notifications": ("tests/notifications",),
    "imports": ("tests/imports",),
    "exports": ("tests/exports",),
    "accounts": ("tests/accounts",),
    "plans": ("tests/plans",),
}
_FILTERS = (
    re.compile(r"\baccount_id = :account_id\s+AND\s+"),
    re.compile(r"\s+AND\s+(?:\w+\.)?account_id = :account_id\b"),
    re.compile(r"\bWHERE\s+account_id = :account_id\b"),
)


class Mutant(NamedTuple):
    """A file of the source, where in it a filter stands, and the text without it."""

    path: Path
    line: int
    text: str


def mutants() -> Iterator[Mutant]:
    """Yield every file of SQL once for each filter that it has, without that."""
    for path in sorted((ROOT / "src" / "miniback").rglob("*.py")):
        text, taken = path.read_text(), set()
        for pattern in _FILTERS:
            for found in pattern.finditer(text):
                at = text.index("account_id", found.start())
                if at in taken:
                    continue
                taken.add(at)
                put = "WHERE 1 = 1" if found[0].startswith("WHERE") else ""
                without = text[: found.start()] + put + text[found.end() :]
                yield Mutant(path.relative_to(ROOT), text.count("\n", 0, at) + 1, without)


def is_caught(mutant: Mutant, folder: Path, *, is_quick: bool) -> bool:
    """Run the tests on a mutant, and tell whether one has failed."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, dirs_exist_ok=True)
    (folder / mutant.path).write_text(mutant.text)
    environment = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{ROOT}"}
    rooms = () if is_quick else ROOMS.get(mutant.path.parts[2], ())
    for tests in filter(None, (FIRST, rooms)):
        run = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-x", "-k", "not postgres"),
                *("-p", "no:cacheprovider", f"--basetemp={folder / 'tests'}", *tests),
            ],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=False,
        )
        if run.returncode == 1:
            return True
    return False


def main(wanted: list[str]) -> int:
    """Try all mutants whose paths hold one of the words, and say which survive."""
    survivors, is_quick = 0, "--quick" in wanted
    wanted = [each for each in wanted if not each.startswith("-")]
    for mutant in mutants():
        name = f"{mutant.path}:{mutant.line}"
        if wanted and not any(each in name for each in wanted):
            continue
        with tempfile.TemporaryDirectory() as folder:
            caught = is_caught(mutant, Path(folder), is_quick=is_quick)
        survivors += not caught
        sys.stdout.write(f"{'caught  ' if caught else 'SURVIVES'} {name}\n")
        sys.stdout.flush()
    return survivors


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
