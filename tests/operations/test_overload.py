"""Too much at once: a quick no for some, an answer for the rest, and nothing lost or left over."""

import asyncio
import contextlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator

from miniback import db, plans
from miniback.db.postgres import PostgresSession
from tests.house import Account, House, awaited, running, until
from tests.http.sockets import Caller, calling

MOST = 8
GET = "GET /healthz HTTP/1.1\nhost: test"
# Together more than what may wait for the writer.
LARGE, MANY = 150_000, 160


def test_a_client_beyond_the_limit_is_told_to_come_again(new_house: Callable[..., House]) -> None:
    house = new_house("sqlite", environment={"MINIBACK_CONNECTION_LIMIT": str(MOST)})
    with running(house), contextlib.ExitStack() as open_calls:
        for _ in range(MOST):
            caller = open_calls.enter_context(calling(house, GET))
            _answered(caller)

        with calling(house, GET) as late:
            until(late.is_ended, "the server to turn it away")
            status, headers, body = late.answer()
            assert (status, body) == (503, {"error": "Too many connections, please retry"})
            assert 1 <= int(headers["retry-after"]) <= 5

        open_calls.close()
        until(lambda: _status(house) == 200, "a place to become free")


def _status(house: House) -> int:
    with calling(house, GET) as caller:
        _answered(caller)
        return caller.answer()[0]


def _answered(caller: Caller) -> None:
    until(lambda: caller.is_ended() or caller.received.endswith(b"}"), "a whole answer")


@contextlib.contextmanager
def _held(house: House) -> Iterator[Callable[[], None]]:
    """Keep everybody else from writing until the function is called."""
    session = db.engine_for(house.database_url).connect(writes=True)
    session.begin_write()
    if isinstance(session, PostgresSession):  # where many write at once
        session.run("LOCK TABLE feedback IN SHARE MODE")
    try:
        yield session.rollback
    finally:
        session.rollback()
        session.close()


def test_what_weighs_too_much_together_is_refused_at_once_and_the_rest_is_kept(
    new_house: Callable[..., House], database: str
) -> None:
    with running(new_house(database)) as house:
        bob = house.account(plans.PRO)
        with _held(house) as let_go:
            statuses = awaited(_post_many(house, bob, let_go))

        assert set(statuses) <= {201, 503}
        assert statuses[503] > 0
        until(lambda: house.client.get("/readyz").status_code == 200, "the server to recover")
        kept = house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=bob.id)
        assert kept == (statuses[201],)
        bob.say("As if nothing had been")


async def _post_many(house: House, who: Account, let_go: Callable[[], None]) -> Counter[int]:
    """Post all at once; let go of the database once one was refused, while the rest waits."""
    body = json.dumps({"message": "A", "context": {"x": "y" * 7_000}}).ljust(LARGE)
    head = (
        f"POST {who.feedback_path} HTTP/1.1\r\nhost: test\r\nx-api-key: {who.key}\r\n"
        f"connection: close\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    calls = [asyncio.create_task(_post(house, head + body)) for _ in range(MANY)]
    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    let_go()
    return Counter(await asyncio.gather(*calls))


async def _post(house: House, request: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ")[1])


def test_reads_go_on_while_nobody_can_write(new_house: Callable[..., House]) -> None:
    with running(new_house("sqlite")) as house:
        bob = house.account(plans.PRO)
        item = bob.say("Here")
        with _held(house):
            assert bob.get(f"/api/feedback/{item['id']}").status_code == 200
            assert bob.get("/api/feedback?search=here").status_code == 200


def test_an_export_goes_on_while_nobody_can_write_and_is_recorded_afterwards(
    new_house: Callable[..., House],
) -> None:
    with running(new_house("sqlite")) as house:
        bob = house.account(plans.PRO)
        bob.say("Here")
        with _held(house):
            export = bob.get("/api/exports/feedback.csv")
            assert (export.status_code, "Here" in export.text) == (200, True)
            until(lambda: "record_postponed" in house.log, "the log to tell of it")

        entries = "SELECT action FROM audit_log WHERE account_id = :id ORDER BY number DESC LIMIT 1"
        until(
            lambda: house.rows(entries, id=bob.id) == [("feedback.exported",)],
            "the entry to follow",
        )


def test_a_trouble_that_lasts_is_logged_once_a_second() -> None:
    script = (
        "import structlog; from miniback import logs; logs.configure('info')\n"
        "log = structlog.get_logger()\n"
        "for number in range(1000): log.warning('write_refused', reason='database is full')\n"
        "log.warning('write_refused', reason='database is locked')\n"
        "log.info('note'); log.info('note')\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    told = Counter(line.get("reason", line["event"]) for line in lines)
    assert told["database is full"] < 100
    assert (told["database is locked"], told["note"]) == (1, 2)
