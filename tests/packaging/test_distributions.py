"""What is given out: the wheel, and the archive of the sources from which it can be built."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.wheelhouse import ROOT, built

# One of each kind of file that is needed beside the program.
NEEDED = (
    "miniback/db/migrations/0001_begin.sql",
    "miniback/openapi.yaml",
    "miniback/py.typed",
    "miniback/seed/demo.json",
    "miniback/accounts/templates/sign_in.html",
    "miniback/accounts/templates/mail/reset.txt",
    "miniback/shell/templates/layout.html",
    "miniback/shell/assets/app.js",
    "miniback/shell/assets/app.css",
    "miniback/shell/assets/icons.svg",
    "miniback/widget/assets/widget.js",
    "miniback/widget/assets/proof.js",
    "miniback/widget/assets/de.json",
)


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the archive, built from the checkout."""
    wheel, archive = built(tmp_path_factory.mktemp("given_out"))
    return wheel, archive


def test_c1_the_wheel_of_the_archive_is_that_of_the_checkout(
    given_out: tuple[Path, Path], tmp_path: Path
) -> None:
    wheel, archive = given_out
    with tarfile.open(archive) as sources:
        sources.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()

    (again,) = built(tmp_path / "again", unpacked, "wheel")

    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_c1_everything_that_a_server_needs_is_in_the_wheel(given_out: tuple[Path, Path]) -> None:
    inside = set(zipfile.ZipFile(given_out[0]).namelist())
    assets = {
        str(path.relative_to(ROOT / "src"))
        for folder in (ROOT / "src/miniback").rglob("assets")
        for path in folder.iterdir()
    }

    assert len(assets) > len(NEEDED)
    assert {*NEEDED, *assets} - inside == set()


def test_c1_the_archive_has_what_it_takes_to_run_a_server(given_out: tuple[Path, Path]) -> None:
    with tarfile.open(given_out[1]) as sources:
        names = {each.partition("/")[2] for each in sources.getnames()}

    shipped = {str(path.relative_to(ROOT)) for path in (ROOT / "packaging").rglob("*.*")}
    wanted = {"LICENSE", "README.md", ".env.example", "Dockerfile", "compose.yaml", *shipped}
    assert wanted - names == set()
    assert not {name for name in names if name.startswith((".venv", "frontend", "tests"))}
