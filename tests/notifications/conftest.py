"""A house that may tell receivers on this very machine."""

from collections.abc import Callable, Iterator

import pytest

from miniback import plans
from tests.house import Account, House, free_port, running
from tests.notifications.post_office import FROM, PostOffice, open_at
from tests.visitor import Member, owner

ENVIRONMENT = {"MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}


@pytest.fixture(scope="session")
def telling(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house(database, environment=ENVIRONMENT)) as house:
        yield house


@pytest.fixture
def ada(telling: House) -> Account:
    """An account on PRO in a house that tells."""
    return telling.account(plans.PRO)


@pytest.fixture(scope="session")
def mail_port() -> int:
    """A port for the mail server."""
    return free_port()


@pytest.fixture(scope="session")
def mailing(database: str, new_house: Callable[..., House], mail_port: int) -> Iterator[House]:
    """A house that sends mail."""
    smtp = {"MINIBACK_SMTP_URL": f"smtp://127.0.0.1:{mail_port}", "MINIBACK_MAIL_FROM": FROM}
    with running(new_house(database, environment={**ENVIRONMENT, **smtp})) as house:
        yield house


@pytest.fixture
def office(mail_port: int) -> Iterator[PostOffice]:
    with open_at(mail_port) as office:
        yield office


@pytest.fixture
def bea(mailing: House) -> Member:
    """The owner of an account on PRO, in a house that sends mail."""
    return owner(mailing)
