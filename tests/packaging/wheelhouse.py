"""Miniback built as it is given out, and a folder of wheels to install it from without a network.

The wheels of the dependencies are put together again from what is installed here.
"""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackagePath, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def built(folder: Path, sources: Path = ROOT, *kinds: str) -> list[Path]:
    """Build the wheel, the archive of the sources, or both; a path for each kind."""
    chosen = kinds or ("wheel", "sdist")
    options = [option for kind in chosen for option in ("-t", kind)]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *options, "-d", str(folder)],
        cwd=sources,
        check=True,
        capture_output=True,
    )
    endings = {"wheel": "*.whl", "sdist": "*.tar.gz"}
    return [next(folder.glob(endings[kind])) for kind in chosen]


def wheelhouse(folder: Path, *more: str) -> Path:
    """Build the wheel into a folder, with a wheel of each package that it says it needs.

    `more` names packages that something else needs.
    """
    (wheel,) = built(folder, ROOT, "wheel")
    wanted = [*_requirements_of(wheel), *more]
    for needed in {each.name: each for each in _needed(wanted)}.values():
        _packed(needed, folder)
    return wheel


def _requirements_of(wheel: Path) -> list[str]:
    archive = zipfile.ZipFile(wheel)
    (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
    lines = archive.read(name).decode().split("\n\n")[0].splitlines()
    return [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]


def _needed(requirements: list[str]) -> Iterator[Distribution]:
    """Return what requirements come to, with what those require in turn."""
    waiting, seen = [Requirement(each) for each in requirements], set()
    while waiting:
        wanted = waiting.pop()
        known = (canonicalize_name(wanted.name), frozenset(wanted.extras))
        if known in seen:
            continue
        seen.add(known)
        found = distribution(wanted.name)
        yield found
        further = map(Requirement, found.requires or [])
        waiting += [each for each in further if _applies(each, wanted)]


def _applies(requirement: Requirement, wanted: Requirement) -> bool:
    marker = requirement.marker
    extras = [{"extra": extra} for extra in (*wanted.extras, "")]
    return marker is None or any(marker.evaluate(each) for each in extras)


def _packed(found: Distribution, folder: Path) -> None:
    """Write a package that is installed as the wheel that it came in."""
    files = [each for each in found.files or [] if _is_of_wheel(each)]
    tags = re.findall(r"^Tag: (.+)-(.+)-(.+)$", found.read_text("WHEEL") or "", re.M)
    # Several are written as one: py2.py3-none-any.
    tag = "-".join(".".join(dict.fromkeys(part)) for part in zip(*tags, strict=True))
    name = canonicalize_name(found.name).replace("-", "_")
    with zipfile.ZipFile(folder / f"{name}-{found.version}-{tag}.whl", "w") as wheel:
        record = ""
        for each in files:
            if each.name == "RECORD":
                place = str(each)
                continue
            wheel.write(str(found.locate_file(each)), str(each))
            record += f"{each},,\n"
        wheel.writestr(place, record + f"{place},,\n")


def _is_of_wheel(path: PackagePath) -> bool:
    is_made_here = path.name in ("INSTALLER", "REQUESTED", "direct_url.json")
    return not is_made_here and path.suffix != ".pyc" and ".." not in path.parts
