"""What stands around a page is read for pages alone, also for those of a refusal."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import House, running
from tests.inbox.acting import AS_JSON
from tests.visitor import Member, owner, said

RENAME = "ALTER TABLE {} RENAME TO {}"


@pytest.fixture(scope="module")
def own_house(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server of this file's own, whose menu will be missing."""
    with running(new_house(database)) as house:
        yield house


@pytest.fixture
def bea(own_house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(own_house)


@pytest.fixture
def menuless(own_house: House, bea: Member) -> Iterator[str]:
    """A house in which reading the menu fails; the token of a page from before."""
    token = bea.token("/usage")
    own_house.change(RENAME.format("views", "views_elsewhere"))
    yield token
    own_house.change(RENAME.format("views_elsewhere", "views"))


def test_a_page_shows_the_menu_and_so_does_that_of_a_refusal(bea: Member) -> None:
    bea.submit("/inbox/views", "/usage", name="My view", query="?status=NEW")

    for path, status in (("/usage", 200), ("/inbox/nothing", 404), ("/inbox?status=X", 400)):
        page = bea.get(path)
        assert (page.status_code, "My view" in said(page)) == (status, True), path


def test_a_page_needs_the_menu(bea: Member, menuless: str) -> None:
    assert bea.get("/usage").status_code == 500
    assert bea.get("/inbox/nothing").status_code == 500


@pytest.mark.parametrize("path", ["/inbox/live", "/inbox/export.csv", "/", "/healthz"])
def test_what_is_no_page_is_read_without_the_menu(bea: Member, menuless: str, path: str) -> None:
    item = bea.account.say()["id"]

    answer = bea.get(path)

    assert answer.status_code in (200, 303), answer.text
    assert path != "/inbox/export.csv" or item in answer.text


@pytest.mark.parametrize("headers", [{}, AS_JSON])
def test_a_form_is_answered_without_the_menu(
    bea: Member, menuless: str, headers: dict[str, str]
) -> None:
    data = {"csrf_token": menuless, "action": "RESOLVED", "items": bea.account.say()["id"]}

    answer = bea.client.post("/inbox/act", data=data, headers=headers)

    assert answer.status_code == (200 if headers else 303), answer.text
