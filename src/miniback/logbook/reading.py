"""A page of the audit log with what it names: people, projects, and whether the chain holds."""

from typing import NamedTuple

from miniback import accounts, audit, notifications, projects
from miniback.accounts import Person
from miniback.audit import Entry, Walked, Wanted
from miniback.db import Tx
from miniback.notifications import Kind

PAGE_SIZE = 50
# Whoever opens the page has so much of the log verified; a command verifies all of it.
MOST_VERIFIED = 1_000


class Place(NamedTuple):
    """What an entry is about, where it still is: what it is called, and its address."""

    name: str
    address: str


class Opened(NamedTuple):
    """Entries, what is known of all that they name, and what verifying has shown."""

    entries: list[Entry]
    has_more: bool
    people: dict[str, Person]
    places: dict[str, Place]
    first_verified: int
    walked: Walked

    def place(self, entry: Entry) -> Place | None:
        """Return what an entry is about; what is gone is known by the name that it had."""
        told = entry.told
        for name in ("targetId", "projectId"):
            if place := self.places.get(told.get(name, "")):
                return place
        return Place(told["name"], "") if told.get("name") else None

    def key_place(self, entry: Entry) -> Place | None:
        """Return the project whose API key was used."""
        return self.places.get(entry.by.project_id)


def opened(tx: Tx, account_id: str, wanted: Wanted, before: int | None) -> Opened:
    """Read a page of the log, and verify the end of it."""
    found = audit.page(tx, account_id, wanted, before, PAGE_SIZE + 1)
    first, walked = audit.newest_walked(tx, account_id, MOST_VERIFIED)
    entries = found[:PAGE_SIZE]
    return Opened(
        entries,
        len(found) > PAGE_SIZE,
        accounts.people(tx, account_id),
        _places(tx, account_id, entries),
        first,
        walked,
    )


def _places(tx: Tx, account_id: str, entries: list[Entry]) -> dict[str, Place]:
    named = {each.by.project_id for each in entries} | {
        str(each.told["projectId"]) for each in entries if "projectId" in each.told
    }
    named.discard("")
    there = projects.names(tx, account_id, sorted(named)) if named else {}
    places = {each: Place(name, f"/projects/{slug}") for each, (name, slug) in there.items()}
    for target in notifications.targets_of(tx, account_id):
        tab = "webhooks" if target.kind is Kind.WEBHOOK else "notifications"
        places[target.id] = Place(target.label, f"/settings/{tab}/{target.id}")
    return places
