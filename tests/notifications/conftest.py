"""A house that may tell receivers on this very machine."""

from collections.abc import Callable, Iterator

import pytest

from miniback import plans
from tests.house import Account, House, running

ENVIRONMENT = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}


@pytest.fixture(scope="session")
def telling(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house(database, environment=ENVIRONMENT)) as house:
        yield house


@pytest.fixture
def ada(telling: House) -> Account:
    """An account on PRO in a house that tells."""
    return telling.account(plans.PRO)
