"""kill -9 in the middle of an import: it goes on where it was, and each row is there once."""

from collections.abc import Callable

from tests.house import House, running, until
from tests.imports.importing import check, settled, upload
from tests.visitor import owner

ROWS = 6_000


def test_an_import_survives_kill_9(database: str, new_house: Callable[..., House]) -> None:
    with running(new_house(database)) as house:
        bob = owner(house)
        rows = "".join(f"Row {at},2024-05-{at % 28 + 1:02}\n" for at in range(ROWS))
        path = upload(bob, "a.csv", ("message,date\n" + rows).encode())
        check(bob, path)
        sql = "SELECT count(*) FROM feedback WHERE account_id = :id"
        bob.submit(f"{path}/start", page=path)
        until(lambda: house.row(sql, id=bob.account.id)[0] > 100, "a part of it")
        house.kill()
        (there,) = house.row(sql, id=bob.account.id)
        assert there < ROWS
        house.start()
        # Who had it holds it for a minute; let that be over.
        house.change("UPDATE outbox SET due_at = 0")

        page = settled(bob, path)

        assert "were here already" not in page
        found = bob.account.get("/api/feedback?pageSize=1").json()["pagination"]["total"]
        assert found == ROWS
        assert house.row(sql, id=bob.account.id) == (ROWS,)
        sql = "SELECT count(DISTINCT document) FROM feedback WHERE account_id = :id"
        assert house.row(sql, id=bob.account.id) == (ROWS,)
