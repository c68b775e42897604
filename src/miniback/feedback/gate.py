"""The gate for what visitors send: how much may come, whose browser must work, what is spam.

Stages of the batch that takes feedback in, for submissions at the public door (contract section 6).
"""

from collections.abc import Sequence
from typing import NamedTuple

from miniback import clock
from miniback.db import Tx
from miniback.errors import Forbidden
from miniback.feedback import attachment_store, gate_store, spam_store
from miniback.feedback.buckets import Bucket, Buckets
from miniback.feedback.cases import Case
from miniback.feedback.models import Shelf
from miniback.feedback.visitors import Sign, Visit
from miniback.feedback.waiting import too_many
from miniback.projects import Proof

PROOF_REQUIRED = "proof_required"
# So much of a bucket gone, and a browser must work for the rest where the project says so.
_BUSY = 0.5
_SIGNS_OF_SPAM = 2
_ENOUGH = (Sign.TRAP, Sign.UNPROVEN)


class _Guest(NamedTuple):
    """A case with its visit, and the buckets that it takes from."""

    case: Case
    visit: Visit
    visitor: Bucket
    project: Bucket


def pass_all(tx: Tx, cases: Sequence[Case]) -> None:
    """Refuse what comes too often or without a proof, and put what looks like spam on its shelf."""
    guests = [_guest(case, case.submission.visit) for case in cases if case.submission.visit]
    if not guests:
        return
    now = clock.now()
    _judge(tx, guests)
    used = _used_proofs(tx, guests)
    buckets = Buckets(tx, (each for guest in guests for each in guest[2:]), now)
    for guest in guests:
        _let_in(guest, buckets, used)
    buckets.keep()
    admitted = [guest for guest in guests if guest.case.outcome is None]
    _use_proofs(tx, admitted)
    _remember(tx, admitted)


def keep(tx: Tx, cases: Sequence[Case]) -> None:
    """Store what belongs to items of visitors: who they are, images, why they are suspected."""
    guests = [(case, case.submission.visit) for case in cases if case.submission.visit]
    vouched = [
        {**_place(case), "user_id": visit.user_id} for case, visit in guests if visit.user_id
    ]
    images = [{**_place(case), "id": each} for case, visit in guests for each in visit.attachments]
    suspected = [
        {**_place(case), "reason": " ".join(case.signs)}
        for case, _ in guests
        if case.shelf is Shelf.SPAM
    ]
    if vouched:
        gate_store.vouch(tx, vouched)
    if images:
        attachment_store.claim(tx, images)
    if suspected:
        spam_store.insert_rows(tx, suspected)


def _guest(case: Case, visit: Visit) -> _Guest:
    account_id, project_id = case.caller.account_id, case.submission.project_id
    return _Guest(
        case,
        visit,
        Bucket(account_id, visit.visitor, visit.visitor_limit),
        Bucket(account_id, project_id, visit.project_limit),
    )


def _judge(tx: Tx, guests: Sequence[_Guest]) -> None:
    """Gather what speaks against each, and what was sent before among it."""
    known: dict[tuple[str, str], set[str]] = {}
    for guest in guests:
        place = (guest.case.caller.account_id, guest.case.submission.project_id)
        known.setdefault(place, set()).add(guest.visit.fingerprint)
    seen = {
        place: gate_store.seen_before(tx, *place, sorted(fingerprints - {""}))
        for place, fingerprints in sorted(known.items())
        if fingerprints - {""}
    }
    for case, visit, *_ in guests:
        before = seen.get((case.caller.account_id, case.submission.project_id), set())
        is_repeated = visit.fingerprint in before
        case.signs = (*visit.signs, Sign.REPEATED) if is_repeated else visit.signs
        if visit.fingerprint:
            before.add(visit.fingerprint)


def _let_in(guest: _Guest, buckets: Buckets, used: set[gate_store.Key]) -> None:
    case, visit, visitor, project = guest
    wait_ms = max(buckets.wait_ms(visitor), buckets.wait_ms(project))
    if wait_ms:
        case.outcome = too_many(wait_ms)
        return
    is_trapped = Sign.TRAP in case.signs
    busy = max(buckets.spent(visitor), buckets.spent(project)) >= _BUSY
    # A program that went into the trap is told nothing that it could learn from.
    if not is_trapped and _must_prove(visit, case, is_busy=busy) and not _has_proof(guest, used):
        if visit.has_script:
            text = "Solve a challenge first: GET /w/{slug}/challenge, then send it as 'altcha'"
            case.outcome = Forbidden(text, code=PROOF_REQUIRED)
            return
        case.signs = (*case.signs, Sign.UNPROVEN)
    buckets.take(visitor)
    buckets.take(project)
    if len(case.signs) >= _SIGNS_OF_SPAM or any(each in _ENOUGH for each in case.signs):
        case.shelf = Shelf.SPAM


def _must_prove(visit: Visit, case: Case, *, is_busy: bool) -> bool:
    if visit.proof is Proof.ALWAYS:
        return True
    return visit.proof is Proof.AUTOMATIC and (is_busy or bool(case.signs))


def _proof_key(guest: _Guest) -> gate_store.Key | None:
    solved = guest.visit.solved
    return (guest.case.caller.account_id, solved.challenge) if solved else None


def _has_proof(guest: _Guest, used: set[gate_store.Key]) -> bool:
    """Tell whether a challenge was solved that opened the door to nobody else."""
    key = _proof_key(guest)
    if key is None or key in used:
        return False
    used.add(key)
    return True


def _used_proofs(tx: Tx, guests: Sequence[_Guest]) -> set[gate_store.Key]:
    keys = [key for guest in guests if (key := _proof_key(guest))]
    return gate_store.used(tx, keys) if keys else set()


def _use_proofs(tx: Tx, guests: Sequence[_Guest]) -> None:
    expiring = {
        (guest.case.caller.account_id, guest.visit.solved.challenge): guest.visit.solved.expires_at
        for guest in guests
        if guest.visit.solved and guest.visit.proof is not Proof.OFF
    }
    if expiring:
        gate_store.use(tx, expiring)


def _remember(tx: Tx, guests: Sequence[_Guest]) -> None:
    texts = {
        (guest.case.caller.account_id, guest.case.submission.project_id, guest.visit.fingerprint)
        for guest in guests
        if guest.visit.fingerprint
    }
    if texts:
        names = ("account_id", "project_id", "fingerprint")
        gate_store.remember(tx, [dict(zip(names, text, strict=True)) for text in sorted(texts)])


def _place(case: Case) -> dict[str, str | int]:
    return {
        "account_id": case.caller.account_id,
        "project_id": case.submission.project_id,
        "position": case.made.position,
    }
