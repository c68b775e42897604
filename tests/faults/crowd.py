"""Many who submit for as long as a fault goes on: most insist, by one key; some try once."""

import asyncio
import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.faults import history, load
from tests.faults.history import Call, Item
from tests.faults.load import Post
from tests.house import Account, House, until

# How long a client waits before it sends again, and before it sends something new.
PAUSE_S = 0.05
# A submission that is not taken for so long is given up by its client, and by the test.
LONGEST_S = 120.0
# Every so many clients one sends without a key, and never the same thing twice.
CARELESS = 4
# The API gives pages of a hundred; what is more than so many items is read from the database alone.
MOST_READ = 2_000
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Crowd:
    """The clients, and all they were told.

    `calls` is all that was sent, with what came back; `given_up` what was never taken.
    """

    account: Account
    port: int
    clients: int
    calls: list[Call] = field(default_factory=list)
    took_s: list[float] = field(default_factory=list)
    # When each submission was taken.
    taken_at: list[float] = field(default_factory=list)
    # How many wait for an answer.
    waiting: int = 0
    given_up: list[str] = field(default_factory=list)
    is_over: bool = False

    @property
    def statuses(self) -> Counter[int | None]:
        """How often each status came; None where the connection ended in place of an answer."""
        return Counter(call.status for call in self.calls)

    def is_served(self) -> float:
        """Wait until another submission is taken, and return how long that took."""
        began = time.monotonic()
        until(lambda: self.taken_at and self.taken_at[-1] > began, "a submission to be taken")
        return next(at for at in self.taken_at if at > began) - began

    def stay(self) -> None:
        """Submit until it is over; for a thread of its own."""
        asyncio.run(self._stay())

    async def _stay(self) -> None:
        await asyncio.gather(*(self._visit(number) for number in range(self.clients)))

    async def _visit(self, number: int) -> None:
        client = Client(self, number)
        while not self.is_over:
            await client.submit(next(load.markers))
            await asyncio.sleep(PAUSE_S / 5)
        await client.hang_up()


@dataclass
class Client:
    """One of them, with its connection."""

    crowd: Crowd
    number: int
    streams: Streams | None = None

    async def submit(self, marker: str) -> None:
        """Send something until it is taken; who is careless sends it once."""
        began = time.monotonic()
        while (status := await self._send(marker)) != 201 and not self._is_careless:
            if time.monotonic() - began > LONGEST_S:
                self.crowd.given_up.append(marker)
                return
            await asyncio.sleep(PAUSE_S)
        if status == 201:
            self.crowd.taken_at.append(time.monotonic())

    @property
    def _is_careless(self) -> bool:
        return self.number % CARELESS == CARELESS - 1

    async def _send(self, marker: str) -> int | None:
        """Send it once, and write down what came of it."""
        post, began = Post(marker), time.monotonic()
        self.crowd.waiting += 1
        if await self._is_answered(post):
            self.crowd.took_s.append(time.monotonic() - began)
        else:
            await self.hang_up()
        self.crowd.waiting -= 1
        key = "" if self._is_careless else marker
        call = Call(marker, f"{marker} {load.WORD}", key, post.status, post.item_id)
        self.crowd.calls.append(call)
        return post.status

    async def _is_answered(self, post: Post) -> bool:
        request = load.wire(self.crowd.account, post)
        if self._is_careless:
            request = request.replace(f"idempotency-key: {post.marker}\r\n".encode(), b"")
        try:
            reader, writer = await self._connected()
            writer.write(request)
            return await asyncio.wait_for(load.receive(reader, post), LONGEST_S)
        except (OSError, TimeoutError):
            return False

    async def _connected(self) -> Streams:
        if self.streams is None or self.streams[0].at_eof():
            await self.hang_up()
            self.streams = await asyncio.open_connection("127.0.0.1", self.crowd.port)
        return self.streams

    async def hang_up(self) -> None:
        """Let go of the connection."""
        if self.streams:
            await load.hang_up(self.streams[1])
        self.streams = None


@contextlib.contextmanager
def crowding(account: Account, at: House | int, clients: int = 16) -> Iterator[Crowd]:
    """Have them submit during the block, and wait until the last submission of each is taken.

    They go to a server, or to a port with something before it.
    """
    crowd = Crowd(account, at if isinstance(at, int) else at.port, clients)
    thread = threading.Thread(target=crowd.stay)
    thread.start()
    try:
        yield crowd
    finally:
        crowd.is_over = True
        thread.join()


def check(house: House, crowd: Crowd) -> None:
    """Nothing is lost, doubled or changed, and all that counts counts the same."""
    assert crowd.given_up == []
    items, counters = rows(house, crowd.account), load.figures(house, crowd.account)
    views = {"database": items}
    if len(items) <= MOST_READ:
        views["API"] = listed(crowd.account)
    findings = history.check(crowd.calls, views, counters)
    assert findings == []


def rows(house: House, account: Account) -> list[Item]:
    """Every item of an account's, as the database has it."""
    found = house.rows("SELECT id, document FROM feedback WHERE account_id = :id", id=account.id)
    return [Item(item_id, json.loads(document + "}")["message"]) for item_id, document in found]


def listed(account: Account) -> list[Item]:
    """Every item of an account's project, page by page as the API lists them."""
    items: list[Item] = []
    while True:
        path = f"{account.feedback_path}?limit=100&offset={len(items)}"
        page = account.get(path).json()["data"]
        items += [Item(each["id"], each["message"]) for each in page]
        if len(page) < 100:
            return items
