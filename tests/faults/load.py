"""Many submissions at once over plain sockets, and what came back for each."""

import asyncio
import contextlib
import itertools
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from miniback.db import Query
from tests.faults import history
from tests.faults.history import Call, Finding, Item
from tests.house import Account, House

WORD = "pressure"
# Between two tries of a client whose submission was not taken.
PAUSE_S = 0.02
markers = (f"marker{number}x" for number in itertools.count(1))


@dataclass
class Post:
    """A submission with a marker, which is its Idempotency-Key too, and how often it was sent."""

    marker: str
    calls: list[Call] = field(default_factory=list)
    was_reset: bool = False
    more: str = ""
    answer: bytes = b""

    @property
    def text(self) -> str:
        """What it says."""
        return f"{self.marker} {WORD}{self.more}"

    @property
    def status(self) -> int | None:
        """The last answer, if there was one."""
        return self.calls[-1].status if self.calls else None

    @property
    def item_id(self) -> str:
        """The id that the last answer gave."""
        return self.calls[-1].item_id if self.calls else ""

    def begin(self) -> None:
        """Be sent once more: from now on it may be there."""
        self.calls.append(Call(self.marker, self.text, self.marker))

    def end(self, status: int, item_id: str) -> None:
        """Be answered."""
        if not self.calls or self.calls[-1].status:
            self.begin()
        self.calls[-1] = self.calls[-1]._replace(status=status, item_id=item_id)


def posts(count: int) -> list[Post]:
    """Make submissions that nobody else makes."""
    return [Post(next(markers)) for _ in range(count)]


def body(post: Post) -> bytes:
    """Return what a submission says."""
    return json.dumps({"message": post.text, "context": {"n": 1}}).encode()


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
    for post in given:
        post.begin()
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
    status, post.answer = int(head.split(" ")[1]), content
    post.end(status, json.loads(content)["data"]["id"] if status == 201 else "")
    return True


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection, however it stands."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@contextlib.contextmanager
def pressing(house: House, account: Account, clients: int) -> Iterator[list[Post]]:
    """Submit without a pause for as long as this lasts, each client by itself, until each is taken.

    Gives the list that the submissions gather in.
    """
    given: list[Post] = []
    over = threading.Event()
    with ThreadPoolExecutor(1) as thread:
        work = thread.submit(asyncio.run, _press(house, account, clients, given, over))
        try:
            yield given
        finally:
            over.set()
        work.result()


async def _press(
    house: House, account: Account, clients: int, given: list[Post], over: threading.Event
) -> None:
    await asyncio.gather(*(_insist(house, account, given, over) for _ in range(clients)))


async def _insist(house: House, account: Account, given: list[Post], over: threading.Event) -> None:
    """Submit one after the other; what is not taken is sent again by its key."""
    (post,) = posts(1)
    given.append(post)
    while not over.is_set():
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            while not over.is_set():
                post.begin()
                writer.write(wire(account, post))
                if not await receive(reader, post):
                    break
                if post.status == 201:
                    (post,) = posts(1)
                    given.append(post)
                else:
                    await asyncio.sleep(PAUSE_S)
            await hang_up(writer)
        await asyncio.sleep(PAUSE_S)


def submit(account: Account, post: Post) -> int:
    """Send a submission by itself, and return its status."""
    post.begin()
    headers = {"idempotency-key": post.marker}
    answer = account.post(account.feedback_path, content=body(post), headers=headers)
    post.end(answer.status_code, answer.json()["data"]["id"] if answer.is_success else "")
    return answer.status_code


def finished(house: House, account: Account, given: list[Post]) -> list[Finding]:
    """Send again what was not taken, once each, and return what is wrong in the end."""
    for post in given:
        if post.status != 201:
            assert submit(account, post) == 201
    return findings(house, account, given)


def findings(house: House, account: Account, given: list[Post]) -> list[Finding]:
    """Return what is wrong with an account that nothing but these submissions has touched.

    To be asked once: reading the list by the API counts as calls.
    """
    counters = figures(house, account)
    views = {"rows": rows(house, account), "list": _listed(account)}
    return history.check([call for post in given for call in post.calls], views, counters)


def rows(house: House, account: Account) -> list[Item]:
    """Return every item in the account's project, as the database has them."""
    found = house.rows(
        "SELECT id, document FROM feedback WHERE account_id = :id ORDER BY position", id=account.id
    )
    return [Item(item, json.loads(document + "}")["message"]) for item, document in found]


def _listed(account: Account) -> list[Item]:
    """Return the same as the API lists them."""
    items: list[Item] = []
    while True:
        answer = account.get(account.feedback_path, params={"limit": 100, "offset": len(items)})
        content = answer.json()
        items += [Item(each["id"], each["message"]) for each in content["data"]]
        if not content["pagination"]["hasMore"]:
            return items


def stored(house: House, account: Account) -> list[tuple[str, str]]:
    """Return marker and id of every item in the account's project, as the database has them."""
    return [(item.marker, item.item_id) for item in rows(house, account)]


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
