"""What goes wrong on the way: kill -9 in the middle, a file that is too large, a broken upload."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import House, running, until
from tests.http.sockets import Caller
from tests.imports.importing import IMPORT, check, settled, upload
from tests.visitor import SESSION, Member, owner

ROWS = 6_000
LIMIT_MB = 1


@pytest.fixture(scope="module")
def rough(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server that may be killed, and takes little."""
    environment = {"MINIBACK_IMPORT_LIMIT_MB": str(LIMIT_MB)}
    with running(new_house(database, environment=environment)) as house:
        yield house


def test_an_import_survives_kill_9(rough: House) -> None:
    bob = owner(rough)
    rows = "".join(f"Row {at},2024-05-{at % 28 + 1:02}\n" for at in range(ROWS))
    path = upload(bob, "a.csv", ("message,date\n" + rows).encode())
    check(bob, path)
    sql = "SELECT count(*) FROM feedback WHERE account_id = :id"
    bob.submit(f"{path}/start", page=path)
    until(lambda: rough.row(sql, id=bob.account.id)[0] > 100, "a part of it")
    rough.kill()
    (there,) = rough.row(sql, id=bob.account.id)
    assert there < ROWS
    rough.start()
    # Who had it holds it for a minute; let that be over.
    rough.change("UPDATE outbox SET due_at = 0")

    page = settled(bob, path)

    assert "were here already" not in page
    assert bob.account.get("/api/feedback").json()["pagination"]["total"] == ROWS
    sql = "SELECT count(DISTINCT document) FROM feedback WHERE account_id = :id"
    assert rough.row(sql, id=bob.account.id) == (ROWS,)


def sending(house: House, bob: Member, length: int) -> Caller:
    """Begin to upload a file of some length."""
    head = f"""POST {IMPORT} HTTP/1.1
Host: 127.0.0.1
Origin: {house.base_url}
Cookie: {SESSION}={bob.client.cookies[SESSION]}
Content-Type: multipart/form-data; boundary=mark
Content-Length: {length}"""
    return Caller(house, head)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(rough: House) -> None:
    caller = sending(rough, owner(rough), (LIMIT_MB << 20) + 1)

    until(lambda: b"is larger than 1048576 bytes" in caller.received or caller.is_ended())
    caller.socket.close()

    assert caller.received.startswith(b"HTTP/1.1 413")


def test_an_upload_that_breaks_off_leaves_nothing(rough: House) -> None:
    bob = owner(rough)
    caller = sending(rough, bob, 1_000_000)
    part = '--mark\r\nContent-Disposition: form-data; name="'
    fields = (
        f'{part}csrf_token"\r\n\r\n{bob.token(IMPORT)}\r\n{part}file"; filename="a.csv"\r\n\r\n'
    )
    caller.socket.sendall(fields.encode() + b"message\n" + b"A word\n" * 80_000)
    pieces = "SELECT count(*) FROM import_pieces WHERE account_id = :id"
    until(lambda: rough.row(pieces, id=bob.account.id)[0], "the first piece")

    caller.socket.close()

    until(lambda: "Failed" in bob.get(IMPORT).text, "its end")
    until(lambda: rough.row(pieces, id=bob.account.id) == (0,), "the file to go")
