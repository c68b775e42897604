"""A house for the clients, and the three clients: plain Python, asynchronous Python, JavaScript."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from miniback import plans
from tests.clients.speakers import Asynchronous, JavaScript, Node, Plain, Speaker
from tests.house import Account, House, running

METRICS_TOKEN = "a token for the figures of the server"
ENVIRONMENT = {
    "MINIBACK_ALLOW_PRIVATE_TARGETS": "on",
    "MINIBACK_METRICS_TOKEN": METRICS_TOKEN,
    # Two pieces of feedback are soon sent.
    "MINIBACK_PLANS": '{"FREE": {"items": 2}}',
}
Speak = Callable[..., Speaker]


@pytest.fixture(scope="session")
def serving(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    with running(new_house(database, environment=ENVIRONMENT)) as house:
        yield house


@pytest.fixture
def bob(serving: House) -> Account:
    return serving.account(plans.PRO)


@pytest.fixture
def alice(serving: House) -> Account:
    return serving.account(plans.FREE)


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    if not shutil.which("node"):
        pytest.skip("needs Node")
    node = Node()
    yield node
    node.end()


@pytest.fixture(params=["plain", "asynchronous", "javascript"])
def speak(request: pytest.FixtureRequest) -> Iterator[Speak]:
    """Make clients of one kind, by address and key."""
    kinds: dict[str, Callable[..., Speaker]] = {"plain": Plain, "asynchronous": Asynchronous}
    if request.param == "javascript":
        kinds["javascript"] = partial(JavaScript, request.getfixturevalue("node"))
    made: list[Speaker] = []

    def speaking(base_url: str, key: str, **options: Any) -> Speaker:
        made.append(kinds[request.param](base_url, key, **options))
        return made[-1]

    yield speaking
    for each in made:
        each.close()


@pytest.fixture
def client(speak: Speak, serving: House, bob: Account) -> Speaker:
    """A client with Bob's key."""
    return speak(serving.base_url, bob.key)
