"""Accounts with a past: items of chosen times, and what direct counts of the rows say of them."""

import itertools
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from miniback import clock, feedback, ids, settings
from miniback.app import plan_table
from miniback.feedback import Entrance, Source, Submission
from tests.house import Account, House, until

AGENTS = {
    "Firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Chrome": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/142.0.0.0"
    " Mobile Safari/537.36",
    "Safari": "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
}
DEVICES = {"Firefox": "Desktop", "Chrome": "Phone", "Safari": "Tablet"}
PATHS = ("/", "/checkout", "/preise/größe", "/a")
LANGUAGES = ("de", "en", "pt")


@dataclass
class Said:
    """What is known of an item apart from the server."""

    id: str
    at: datetime
    project_id: str
    told: dict[str, str] = field(default_factory=dict)


# A file of SQLite holds one item at a place, whosever it is: no two of them at one millisecond.
_milliseconds = itertools.count()


def say_at(
    house: House, who: Account, at: datetime, context: dict[str, Any], source: Source = Source.API
) -> str:
    """Take one item in as if it were that second; return its id."""
    at = at.replace(microsecond=0) + timedelta(milliseconds=next(_milliseconds) % 1_000)
    content = {"message": "From another time", "context": context}
    draft = feedback.read_draft(content, json.dumps(content).encode())
    submission = Submission(Entrance.SESSION, who.project_id, who.id, None, draft, source, None)
    table = plan_table(settings.read(house.variables))
    with clock.standing_at(round(at.timestamp() * 1_000)):
        ids.start_anew()
        (accepted,) = house.tx(feedback.submit_all, [submission], table)
    item_id: str = accepted.id
    return item_id


def live_through(
    house: House, who: Account, first: datetime, days: int, count: int, seed: int = 1
) -> list[Said]:
    """Let items come in over some days, all at random, each of which tells something."""
    chance = random.Random(seed)
    said = []
    for _ in range(count):
        at = first + timedelta(milliseconds=chance.randrange(days * clock.DAY_MS))
        browser = chance.choice(list(AGENTS))
        told = {
            "path": chance.choice(PATHS),
            "browser": browser,
            "device": DEVICES[browser],
            "language": chance.choice(LANGUAGES),
            "rating": chance.choice(["", "1", "5"]),
        }
        context: dict[str, Any] = {
            "url": f"https://shop.example{told['path']}?visitor={chance.random()}",
            "userAgent": AGENTS[browser],
            "language": told["language"] + "-AT",
        }
        if told["rating"]:
            context["rating"] = int(told["rating"])
        source = chance.choice([Source.API, Source.WIDGET])
        item_id = say_at(house, who, at, context, source)
        said.append(Said(item_id, at, who.project_id, {k: v for k, v in told.items() if v}))
    return said


def rows_of(house: House, who: Account) -> dict[str, tuple[str, str]]:
    """Status and source of the items in sight, by id, as the table has them."""
    sql = "SELECT id, status, source FROM feedback WHERE account_id = :id AND shelf = 'LIVE'"
    return {item_id: (status, source) for item_id, status, source in house.rows(sql, id=who.id)}


def counted(
    house: House, who: Account, said: list[Said], first: str, last: str, zone: str
) -> dict[str, Any]:
    """What the rows come to between two days of a zone, counted one by one."""
    rows = rows_of(house, who)
    found: dict[str, Any] = {name: Counter() for name in ("days", "status", "source", "week")}
    found |= {name: Counter() for name in feedback.FACETS}
    for each in said:
        local = each.at.astimezone(ZoneInfo(zone))
        if each.id not in rows or not first <= local.date().isoformat() <= last:
            continue
        status, source = rows[each.id]
        found["status"][status] += 1
        found["source"][source] += 1
        found["days"][local.date().isoformat()] += 1
        found["week"][local.weekday(), local.hour] += 1
        for name, value in each.told.items():
            found[name][value] += 1
    return found


def await_counts(house: House) -> None:
    """Wait until all that came in is added to the rollups, for those who look at their rows."""
    waiting = "SELECT count(*) FROM rollup_additions"
    until(lambda: house.row(waiting)[0] == 0, "all to be added")
