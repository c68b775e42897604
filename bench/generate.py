"""Filling a database: 100 projects, half of all items in the first, words by Zipf's law."""

from pathlib import Path
from typing import Any

import msgspec

import calls
import filling
import servers
from servers import Server
from stores import Store

PROJECTS = 100
SAMPLE_PAGES = 10
PAGE = 100
# Beyond this offset a page may take longer than the server lets a read take.
DEEPEST = 1_000_000

# Whose the projects are, with how many each; `big` has the first, which holds half of all items.
ACCOUNTS = {"big": 1, "few": 3, "counted": 1, "rest": PROJECTS - 5}
PLANS = {"big": "PRO", "few": "PRO", "counted": "STARTER", "rest": "PRO"}


class Door(msgspec.Struct, frozen=True):
    """A way in: an account's key, its first project, and some of that project's items."""

    key: str
    project_id: str
    items: list[str]


class Facts(msgspec.Struct, frozen=True):
    """What a filled database holds, and the ways in that runs use."""

    rows: int
    big: Door
    few: Door
    counted: Door


class _Owner(msgspec.Struct, frozen=True):
    """An account that was made, with its projects."""

    account_id: str
    key: str
    projects: list[Any]


def fill(store: Store, rows: int, scratch: Path) -> Facts:
    """Make accounts, projects and items; return what is needed to use them."""
    with servers.miniback(store.env, scratch) as server:
        owners = {name: _owner(store, server, name) for name in ACCOUNTS}
    targets = [
        filling.Target(owner.account_id, project["id"])
        for owner in owners.values()
        for project in owner.projects
    ]
    filling.fill(store.env["MINIBACK_DATABASE_URL"], targets, rows)
    with servers.miniback(store.env, scratch) as server:
        doors = {name: _door(server, owners[name]) for name in ("big", "few", "counted")}
    return Facts(rows=rows, **doors)


def _owner(store: Store, server: Server, name: str) -> _Owner:
    """Make an account with its projects."""
    made = calls.create_account(store.env, name, PLANS[name])
    key = made["apiKey"]
    projects = [made["project"]]
    for number in range(1, ACCOUNTS[name]):
        body = {"name": f"{name} {number}"}
        projects.append(calls.post(server.url, key, "/api/projects", body)["data"])
    return _Owner(made["account"]["id"], key, projects)


def _door(server: Server, owner: _Owner) -> Door:
    """Sample a project's items from its newest to its oldest, or as deep as pages go."""
    project_id = owner.projects[0]["id"]
    path = f"/api/projects/{project_id}/feedback?limit={PAGE}"
    first = calls.get(server.url, owner.key, path)
    step = max(min(first["pagination"]["total"], DEEPEST) // SAMPLE_PAGES, PAGE)
    items = {item["id"] for item in first["data"]}
    for page in range(1, SAMPLE_PAGES):
        answer = calls.get_in_the_end(server.url, owner.key, f"{path}&offset={page * step}")
        items |= {item["id"] for item in answer["data"]}
    return Door(owner.key, project_id, sorted(items))
