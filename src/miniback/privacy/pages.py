"""The page of one person's data: find it, hand it out, erase it, and what was done before.

Whoever is looked for stands in no address, so in no log and no history: each step is a form.
"""

import time
from typing import NamedTuple

from miniback import accounts, audit, feedback, http, projects
from miniback.accounts import Visit, for_admins
from miniback.audit import Action, Entry, Wanted
from miniback.db import Tx
from miniback.errors import Invalid
from miniback.feedback import BIN, Progress
from miniback.http import Kind, Request, Response, Stream
from miniback.idempotency import NO_PROJECT, Claim
from miniback.privacy import service
from miniback.privacy.bundle import bundle
from miniback.privacy.service import Person, Sent

PEOPLE = "/settings/data/people"
_FOLDER = "privacy/templates/"
_LOGGED = 50
_ABOUT_PEOPLE = (Action.PERSON_EXPORTED, Action.PERSON_ERASED, Action.RETENTION_APPLIED)
_ERASE = "erasePerson by form"
# Whoever asks waits so long for an erasure; then it goes on without them.
_LONGEST_WAIT_S = 2.0
_FIRST_PORTION, _LARGEST_PORTION, _LONGEST_PORTION_S = 50, 1_000, 0.05
_ZIP = Kind(
    (b"content-type", b"application/zip"),
    (
        (b"cache-control", b"no-store"),
        (b"content-disposition", b'attachment; filename="miniback-person.zip"'),
        (b"referrer-policy", b"same-origin"),
        (b"x-content-type-options", b"nosniff"),
    ),
)


class _Log(NamedTuple):
    """What the page tells beside: what was done, by whom and where, and what is being erased."""

    entries: list[Entry]
    people: dict[str, accounts.Person]
    places: dict[str, tuple[str, str]]
    erasing: list[int]


async def show_people(request: Request, visit: Visit) -> Response:
    """GET /settings/data/people."""
    return await _page(request, visit)


async def find_person(request: Request, visit: Visit) -> Response:
    """POST /settings/data/people: what there is of a person; changes nothing."""
    person = visit.form.checked("who", _person)
    if person is None:
        return await _page(request, visit, 422)
    sent = await request.db.read(service.find, visit.account_id, person)
    return await _page(request, visit, sent=sent, person=person)


async def export_person(request: Request, visit: Visit) -> Response:
    """POST /settings/data/people/export: all of it as one file."""
    person = _person(visit.form["who"])
    await request.db.write(service.note_export, visit.account_id, person, visit.actor)
    return Stream(bundle(request.db, visit.account_id, person), _ZIP)


async def erase_person(request: Request, visit: Visit) -> Response:
    """POST /settings/data/people/erase: once it is confirmed by typing whom it is about."""
    person = _person(visit.form["who"])
    sent = await request.db.read(service.find, visit.account_id, person)
    if not visit.form["sure"]:
        return await _confirm_page(visit, person, sent)
    if visit.form["typed"].strip().casefold() != person.name.casefold():
        visit.form.errors["typed"] = visit.say("Type it exactly as it is written above")
        return await _confirm_page(visit, person, sent, 422)
    claim = Claim(visit.account_id, NO_PROJECT, _ERASE, visit.form.once, "")
    erasure_id = await request.db.write(service.begin_erasing_once, person, visit.actor, claim)
    progress = await _go_on(request, visit, erasure_id)
    told = visit.count("%(count)s item erased", "%(count)s items erased", progress.done)
    if not progress.is_over:
        told += ". " + visit.say("The rest follows.")
    return visit.tell(PEOPLE, told)


async def _go_on(request: Request, visit: Visit, erasure_id: str) -> Progress:
    """Erase until it is done or has taken long; a worker goes on with what is left."""
    portion, until = _FIRST_PORTION, time.monotonic() + _LONGEST_WAIT_S
    done = 0
    while True:
        began = time.monotonic()
        progress = await request.db.write(
            feedback.go_on_erasing, visit.allowance, erasure_id, portion
        )
        took_s = time.monotonic() - began
        # A worker may have brought it to its end meanwhile, and knows nothing of it any more.
        done = max(done, progress.done)
        if progress.is_over or began > until:
            return Progress(done, progress.is_over)
        if took_s < _LONGEST_PORTION_S / 3:
            portion = min(_LARGEST_PORTION, portion * 2)
        elif took_s > _LONGEST_PORTION_S:
            portion = max(1, portion // 2)


async def _page(
    request: Request,
    visit: Visit,
    status: int = 200,
    sent: Sent | None = None,
    person: Person | None = None,
) -> Response:
    # Entries have numbers from 1 on, so nothing is before the first of them.
    before = request.whole_number("before", 0, 1) if request.is_read else 0
    log = await request.db.read(_log, visit.account_id, before or None)
    return await visit.page(
        _FOLDER + "people.html",
        status,
        sent=sent,
        person=person,
        entries=log.entries[:_LOGGED],
        older=log.entries[_LOGGED - 1].number if len(log.entries) > _LOGGED else None,
        people=log.people,
        places=log.places,
        erasing=log.erasing,
        Action=Action,
        message_of=feedback.message_of,
        bin=BIN,
    )


async def _confirm_page(visit: Visit, person: Person, sent: Sent, status: int = 200) -> Response:
    return await visit.page(_FOLDER + "erase.html", status, person=person, sent=sent)


def _log(tx: Tx, account_id: str, before: int | None) -> _Log:
    entries = audit.page(tx, account_id, Wanted(_ABOUT_PEOPLE), before, _LOGGED + 1)
    named = {str(each.told["projectId"]) for each in entries if "projectId" in each.told}
    return _Log(
        entries,
        accounts.people(tx, account_id),
        projects.names(tx, account_id, sorted(named)) if named else {},
        feedback.erasures_under_way(tx, account_id),
    )


def _person(name: str) -> Person:
    """Return whom a form is about, or raise Invalid."""
    if "\n" in name:
        raise Invalid("Give one email address or one id")
    return Person(name.strip(), feedback.by_any(name))


routes = [
    http.resource(PEOPLE, GET=for_admins(show_people), POST=for_admins(find_person)),
    http.resource(f"{PEOPLE}/export", POST=for_admins(export_person)),
    http.resource(f"{PEOPLE}/erase", POST=for_admins(erase_person)),
]
