"""What is installed: built twice it is the same, and holds what the program needs and no more."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLIENT = Path("clients") / "python" / "src"
NEEDED = (
    *("pyproject.toml", "hatch_build.py", "README.md", "CHANGELOG.md", "LICENSE"),
    *("src", "docs", str(CLIENT)),
)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel, built from two copies of the sources at different times and places."""
    return [built(tmp_path_factory.mktemp(f"copy{number}")) for number in range(2)]


def built(folder: Path) -> Path:
    sources = folder / "sources"
    sources.mkdir()
    for name in NEEDED:
        origin = ROOT / name
        if origin.is_dir():
            left_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(origin, sources / name, copy_function=shutil.copyfile, ignore=left_out)
        else:
            shutil.copyfile(origin, sources / name)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=sources,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def test_t34_two_builds_are_the_same_to_the_byte(wheels: list[Path]) -> None:
    first, second = (hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels)

    assert first == second


def test_t34_the_wheel_holds_the_program_its_client_and_nothing_else(wheels: list[Path]) -> None:
    inside = set(zipfile.ZipFile(wheels[0]).namelist())
    program = {
        str(path.relative_to(sources))
        for sources in (ROOT / "src", ROOT / CLIENT)
        for path in sources.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    written = [*(ROOT / "docs").glob("[a-z]*.md"), ROOT / "CHANGELOG.md"]
    program |= {f"miniback/docs/markdown/{page.name.lower()}" for page in written}
    kinds = {Path(name).suffix for name in program}

    about = {name for name in inside if ".dist-info/" in name}
    assert inside - about == program
    assert {Path(name).name for name in about} == {
        *("METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE")
    }
    assert {name.partition("/")[0] for name in program} == {"miniback", "miniback_client"}
    assert {".py", ".sql", ".html", ".txt", ".yaml", ".js", ".css", ".svg"} <= kinds


def test_t34_every_dependency_is_locked_by_its_hash() -> None:
    for name, fewest in (("run", 20), ("build", 3), ("dev", 20)):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        entries = [
            entry for entry in text.replace("\\\n", " ").splitlines() if "==" in entry.split("#")[0]
        ]

        assert len(entries) > fewest
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
        assert "://" not in text
