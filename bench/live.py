"""Ten hours of open inboxes in fast motion: what is left of the connections in memory."""

import asyncio
import re
import time

import httpx2

import calls
import machine
from generate import Door
from lines import Line, single
from servers import Server
from session import Session

# A hundred people whose pages begin anew every ten minutes, for ten hours.
AT_ONCE, TIMES = 100, 60
QUICK_TIMES = 3
PATIENCE_S = 30.0
CALM_S = 1.0
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def live(session: Session) -> list[Line]:
    """Open and close streams while items come in; memory of its own after, against before."""
    base = session.few()
    times = TIMES if session.has_many else QUICK_TIMES
    with session.serving(base) as server:
        cookies = _signed_in(server)
        asyncio.run(_hours(server, base.facts.big, cookies, 2))
        time.sleep(CALM_S)
        before = machine.own_mb(server.pid)
        asyncio.run(_hours(server, base.facts.big, cookies, times))
        time.sleep(CALM_S)
        after = machine.own_mb(server.pid)
    shown = f"{before:.1f} MB before, {after:.1f} MB after {AT_ONCE * times:,} connections"
    return [single("memory-live", shown, [after / before])]


def _signed_in(server: Server) -> httpx2.Cookies:
    """Sign the owner of the busy project in, as a browser without script does."""
    with httpx2.Client(base_url=server.url, headers={"origin": server.url}) as client:
        found = _TOKEN.search(client.get("/login").text)
        token = found[1] if found else ""
        fields = {"csrf_token": token, "email": "big@example.test", "password": calls.PASSWORD}
        client.post("/login", data=fields)
        return client.cookies


async def _hours(server: Server, door: Door, cookies: httpx2.Cookies, times: int) -> None:
    """Have so many generations of pages listen until each has heard of an item."""
    limits = httpx2.Limits(max_connections=AT_ONCE + 1)
    headers = {"accept": "text/event-stream"}
    async with httpx2.AsyncClient(
        base_url=server.url, cookies=cookies, headers=headers, limits=limits, timeout=PATIENCE_S
    ) as client:
        for _ in range(times):
            listeners = [asyncio.create_task(_heard(client)) for _ in range(AT_ONCE)]
            speaker = asyncio.create_task(_speak(client, door))
            await asyncio.gather(*listeners)
            speaker.cancel()


async def _heard(client: httpx2.AsyncClient) -> None:
    """Listen until something is told, then go away."""
    async with client.stream("GET", "/inbox/live") as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if line.startswith("data:"):
                return


async def _speak(client: httpx2.AsyncClient, door: Door) -> None:
    """Say something now and then until stopped."""
    path = f"/api/projects/{door.project_id}/feedback"
    while True:
        await client.post(path, json={"message": "Live"}, headers={"x-api-key": door.key})
        await asyncio.sleep(0.2)
