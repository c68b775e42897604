"""Many submissions at once over plain sockets, and what came back for each."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from miniback.db import Query
from tests.house import Account, House

WORD = "pressure"
markers = (f"marker{number}x" for number in itertools.count(1))


@dataclass
class Post:
    """A submission with a marker and an Idempotency-Key of its own, and the answer it got."""

    marker: str
    status: int | None = None
    item_id: str = ""
    was_reset: bool = False


def posts(count: int) -> list[Post]:
    """Make submissions that nobody else makes."""
    return [Post(next(markers)) for _ in range(count)]


def body(post: Post) -> bytes:
    """Return what a submission says."""
    return json.dumps({"message": f"{post.marker} {WORD}", "context": {"n": 1}}).encode()


def wire(account: Account, post: Post, more: str = "") -> bytes:
    """Return a submission as it goes over the wire."""
    content = body(post)
    head = (
        f"POST {account.feedback_path} HTTP/1.1\r\nhost: test\r\nx-api-key: {account.key}\r\n"
        f"content-type: application/json\r\nidempotency-key: {post.marker}\r\n{more}"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def send(
    house: House,
    account: Account,
    given: list[Post],
    connections: int,
    on_answer: Callable[[], None] = lambda: None,
) -> None:
    """Have all submissions in flight at once, pipelined on a number of connections."""
    shares = [given[start::connections] for start in range(connections)]
    await asyncio.gather(*(_pipeline(house, account, share, on_answer) for share in shares))


async def _pipeline(
    house: House, account: Account, given: list[Post], on_answer: Callable[[], None]
) -> None:
    with contextlib.suppress(OSError):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        try:
            writer.write(b"".join([wire(account, post) for post in given]))
            for post in given:
                if not await receive(reader, post):
                    return
                on_answer()
        finally:
            await hang_up(writer)


async def receive(reader: asyncio.StreamReader, post: Post) -> bool:
    """Read one answer; False where the connection ended in its place."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        content = await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return False
    except ConnectionError:
        post.was_reset = True
        return False
    post.status = int(head.split(" ")[1])
    if post.status == 201:
        post.item_id = json.loads(content)["data"]["id"]
    return True


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection, however it stands."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def stored(house: House, account: Account) -> list[tuple[str, str]]:
    """Return marker and id of every item in the account's project, as the database has them."""
    rows = house.rows(
        "SELECT id, document FROM feedback WHERE account_id = :id ORDER BY position", id=account.id
    )
    return [(json.loads(document + "}")["message"].split()[0], item) for item, document in rows]


def figures(house: House, account: Account) -> dict[str, Any]:
    """Return all that counts an account's items, each counted in its own way."""
    (items,) = house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=account.id)
    usage = house.rows("SELECT calls, items FROM usage WHERE account_id = :id", id=account.id)
    tallies = house.rows("SELECT items FROM tallies WHERE account_id = :id", id=account.id)
    query = Query(account.id, [f"_{account.project_id}"], WORD, (), 0, 2**63 - 1)
    return {
        "rows": items,
        "calls": sum(calls for calls, _ in usage),
        "items": sum(items for _, items in usage),
        "tallies": sum(items for (items,) in tallies),
        "found": house.tx(lambda tx: tx.count_found(query))[0],
    }
