"""The demo: 2 people, 4 projects, 640 items of feedback, the same for the same moment.

Everything goes in by the verbs that the server uses, at times of its past, so that tallies, search
and usage are as they would be.
"""

import heapq
import json
import random
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

import msgspec

from miniback import accounts, clock, feedback, plans, projects
from miniback.accounts import Role
from miniback.db import Tx
from miniback.errors import Conflict
from miniback.feedback import Actor, Entrance, Source, Status, Submission, Way
from miniback.plans import Allowance, Plans
from miniback.projects import Changes, Project

ITEMS = 640
DAYS = 90
_CHANCE = 20_261_103
# How many of the items go to each project; the last one is paused in the end.
_PROJECTS = {"Storefront": 320, "Mobile app": 190, "Help centre": 100, "Beta programme": 30}
_NOT_YET_SEEN_DAYS = 4
_WIDGET_SHARE = 0.7
_WORKED_THROUGH = 60
_TAGS = ("billing", "bug", "idea", "mobile", "praise")
_NOTES = (
    "Seen on two more accounts this week.",
    "Fixed on the branch, waits for the next release.",
    "Asked for a screenshot by mail.",
)


class People(NamedTuple):
    """Who can sign in to the demo, in one account."""

    owner: str
    member: str
    account_id: str
    keys: dict[str, str]


class _Said(NamedTuple):
    """One piece of feedback to come: when, where, and when it is dealt with, if it is."""

    at: int
    project: Project
    body: bytes
    source: Source
    changes: list[tuple[int, Status]]


def fill(tx: Tx, table: Plans, password_hash: str, at: int) -> People:
    """Fill an empty database with what has happened in the 90 days before a moment.

    Raises Conflict where anybody is here already.
    """
    if accounts.has_users(tx):
        raise Conflict("There are people in this database; the demo goes into an empty one")
    chance = random.Random(_CHANCE)  # noqa: S311 - the same on every machine is the point
    start, by = at - DAYS * clock.DAY_MS, feedback.BY_COMMAND
    with clock.standing_at(start):
        account = accounts.create(
            tx,
            "ada@example.test",
            password_hash,
            plans.PRO,
            "Ada Lindqvist",
            "Europe/Paris",
            Way.CLI,
        )
        accounts.add_member(tx, account.id, "grace@example.test", password_hash, Role.MEMBER, by)
        allowance = Allowance(account.id, table[plans.PRO], account.anchor)
        made = [projects.create(tx, allowance, name, None, by) for name in _PROJECTS]
        keys = {
            project.slug: projects.issue_key(tx, account.id, project.id, 0, by)[0]
            for project in made
        }
    _live_through(tx, table, account.id, list(_said(chance, made, start, at)), at)
    with clock.standing_at(at):
        domains = ["shop.example", "*.shop.example"]
        projects.decide(tx, account.id, made[0].id, {"allowedDomains": domains}, by)
        paused = Changes(status=projects.Status.PAUSED)
        projects.update(tx, allowance, made[-1].id, paused, by)
        _work_through(tx, account.id, chance)
    return People("ada@example.test", "grace@example.test", account.id, keys)


def _said(chance: random.Random, made: list[Project], start: int, at: int) -> Iterator[_Said]:
    """Tell what comes in, in no order: more of late than at first, more by day than by night."""
    content = json.loads((resources.files(__package__) / "demo.json").read_text(encoding="utf-8"))
    for project in made:
        for _ in range(_PROJECTS[project.name]):
            share = chance.random() ** 0.7
            moment = start + round(share * (at - start - clock.DAY_MS / 24)) + 60_000
            body = msgspec.json.encode(_draft(chance, content, project))
            is_widget = chance.random() < _WIDGET_SHARE
            source = Source.WIDGET if is_widget else Source.API
            yield _Said(moment, project, body, source, _changes(chance, moment, at))


def _draft(
    chance: random.Random, content: dict[str, list[str]], project: Project
) -> dict[str, object]:
    message = chance.choice(content["messages"])
    context: dict[str, object] = {
        "url": f"https://{project.slug}.example{chance.choice(content['paths'])}",
        "userAgent": chance.choice(content["userAgents"]),
        "language": chance.choice(content["languages"]),
        "viewport": chance.choice(content["viewports"]),
    }
    if chance.random() < 0.4:  # noqa: PLR2004 - some know who the visitor is
        context["email"] = chance.choice(content["emails"])
    if chance.random() < 0.3:  # noqa: PLR2004
        context["rating"] = chance.choice([1, 2, 3, 4, 4, 5, 5])
    if chance.random() < 0.3:  # noqa: PLR2004
        context["plan"] = chance.choice(["free", "team", "enterprise"])
    return {"message": message, "context": context}


def _changes(chance: random.Random, moment: int, at: int) -> list[tuple[int, Status]]:
    """Tell when an item is looked at and when it is resolved; the youngest wait for it."""
    reviewed = moment + round(chance.expovariate(1 / (10 * 3_600_000)))
    resolved = reviewed + round(chance.expovariate(1 / (40 * 3_600_000)))
    if moment > at - _NOT_YET_SEEN_DAYS * clock.DAY_MS or chance.random() < 0.08:  # noqa: PLR2004
        return []
    steps = [(reviewed, Status.REVIEWED)]
    if chance.random() < 0.8:  # noqa: PLR2004
        steps.append((resolved, Status.RESOLVED))
    return [step for step in steps if step[0] < at]


def _live_through(tx: Tx, table: Plans, account_id: str, said: list[_Said], at: int) -> None:
    """Let everything happen, one thing after the other."""
    agenda: list[tuple[int, int, Status | None, str]] = [
        (each.at, number, None, "") for number, each in enumerate(said)
    ]
    heapq.heapify(agenda)
    while agenda:
        moment, number, status, item_id = heapq.heappop(agenda)
        with clock.standing_at(min(moment, at)):
            if status:
                feedback.set_status(tx, account_id, item_id, status, feedback.BY_COMMAND)
                continue
            accepted = _submit(tx, table, account_id, said[number])
        for when, to_status in said[number].changes:
            heapq.heappush(agenda, (when, number, to_status, accepted))


def _work_through(tx: Tx, account_id: str, chance: random.Random) -> None:
    """Let the two have tagged, assigned and noted some of the newest items."""
    people = list(accounts.people(tx, account_id))
    newest = feedback.Filter(account_id)
    page = feedback.page(tx, newest, [], feedback.Slice("id", _WORKED_THROUGH, 0))
    for (item_id,) in page.rows:
        who = Actor(Way.PAGE, chance.choice(people))
        tags = chance.sample(_TAGS, chance.choice([0, 1, 1, 2]))
        feedback.set_tags(tx, account_id, item_id, tags, who)
        if chance.random() < 0.4:  # noqa: PLR2004 - some have somebody already
            feedback.assign(tx, account_id, item_id, chance.choice(people), who)
        if chance.random() < 0.25:  # noqa: PLR2004
            feedback.add_note(tx, account_id, item_id, chance.choice(_NOTES), who)


def _submit(tx: Tx, table: Plans, account_id: str, each: _Said) -> str:
    draft = feedback.read_draft(msgspec.json.decode(each.body), each.body)
    submission = Submission(
        Entrance.SESSION, each.project.id, account_id, None, draft, each.source, None
    )
    (outcome,) = feedback.submit_all(tx, [submission], table)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome.id
