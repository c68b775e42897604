"""Sites that are not running yet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mounting.sites import Site

NewSite = Callable[..., Site]


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> NewSite:
    """Make sites over a database file of their own, or over the one that they are given."""

    def make(application: str, database_url: str = "", **options: Any) -> Site:
        folder: Path = tmp_path_factory.mktemp("site")
        url = database_url or f"sqlite:///{folder}/miniback.db"
        return Site(folder, url, application=application, **options)

    return make
