"""A disk that fails when it is told to."""

from pathlib import Path

import pytest

from tests.faults import disk
from tests.faults.disk import Disk


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands between a server and its disk; without a compiler its tests are skipped."""
    return disk.library(tmp_path_factory.mktemp("disk"))


@pytest.fixture
def a_disk(disk_library: Path, tmp_path: Path) -> Disk:
    """A disk that works, so far."""
    return Disk(disk_library, tmp_path)
