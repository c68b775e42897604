"""What was exported and brought to an instance on the other database is exported the same there."""

from collections.abc import Callable, Iterator

import pytest

from tests.exports.reading import members
from tests.exports.test_archive import archive
from tests.house import House, running
from tests.imports.importing import bring
from tests.imports.test_archive import OTHER, lived_in
from tests.visitor import owner


@pytest.fixture(scope="module")
def abroad(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """An instance on the other database, where nobody is yet."""
    with running(new_house(OTHER[database])) as house:
        yield house


def test_an_archive_of_what_came_from_an_archive_holds_the_same(
    house: House, abroad: House
) -> None:
    bob, zoe = lived_in(house), owner(abroad)
    # Its scene puts an item on a shelf behind the tallies' back.
    house.change(
        "INSERT INTO tallies (account_id, project_id, shelf, status, source, items)"
        " VALUES (:id, :project_id, 'HELD', 'NEW', 'API', 1)",
        id=bob.id,
        project_id=bob.project_id,
    )
    for sql in ("UPDATE slugs SET slug = 'own'", "UPDATE projects SET slug = 'own'"):
        abroad.change(sql)
    here = archive(bob)

    bring(zoe, "archive.zip", here)
    abroad.change("DELETE FROM projects WHERE id = :id", id=zoe.account.project_id)
    there = members(archive(zoe))

    wanted = members(here)
    del wanted["manifest.json"], there["manifest.json"]
    assert there == wanted
    assert all(wanted[name] for name in wanted)
    assert wanted["feedback.jsonl"].count(b'"shelf":"HELD"') == 1
