"""Taking feedback in: in one transaction a batch becomes items, refusals and replays.

A stage looks at all submissions of the batch at once, so that a batch costs one usage row an
account, one tally a project and one insert, however many it holds (ADR 0002).
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from miniback import clock, idempotency, ids, plans, projects
from miniback.db import Again, Asked, Entry, Tx
from miniback.errors import Forbidden, Refusal
from miniback.feedback import (
    gate,
    happenings,
    models,
    rollups,
    store,
    submitter_store,
    submitters,
)
from miniback.feedback.cases import Case
from miniback.feedback.figures import QUARTER_MS
from miniback.feedback.models import Shelf, Status
from miniback.feedback.rollups import Likeness
from miniback.feedback.store import Tally
from miniback.feedback.submissions import Accepted, Entrance, Submission
from miniback.feedback.submitter_store import Sent
from miniback.idempotency import Claim
from miniback.plans import Plans, Usage
from miniback.projects import Caller

_tally_of = itemgetter(*Tally._fields)
KEYED_CALL, OPEN_CALL = "createFeedback", "submitFeedback"


def submit_all(
    tx: Tx, submissions: Sequence[Submission], table: Plans
) -> list[Accepted | Exception]:
    """Take in what may come in: an Accepted or a Refusal each, in their order.

    The stages stand in the contract's order of refusals (section 1).
    """
    cases = [Case(submission) for submission in submissions]
    now = clock.now()
    _find_targets(tx, cases, table, now)
    _replay(tx, _open(cases))
    _refuse_paused(_open(cases))
    gate.pass_all(tx, _open(cases))
    if welcome := _open(cases):
        asked = _ask(tx, welcome)
        _spend(tx, welcome)
        _keep(tx, _open(welcome), asked)
    _follow(cases)
    return [case.settled for case in cases]


def _open(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if case.outcome is None and case.leader is None]


def _find_targets(tx: Tx, cases: list[Case], table: Plans, now: int) -> None:
    """Find who submits and where to; a project named by another account's key is not there."""
    hashes = {case.submission.key_hash for case in cases} - {None}
    holders = projects.identify_all(tx, table, hashes, now) if hashes else {}  # type: ignore[arg-type]
    targets: dict[tuple[str | None, str], Caller | None] = {}
    for case in cases:
        account_id, key_hash = case.submission.account_id, case.submission.key_hash
        holder = holders.get(key_hash) if key_hash else None
        if holder and holder.project_id == case.submission.project_id:
            case.caller = holder
            continue
        if key_hash and not holder:
            case.outcome = projects.no_such_key()
            continue
        key = (holder.account_id if holder else account_id, case.submission.project_id)
        if key not in targets:
            targets[key] = projects.target(tx, table, *key)
        _aim(case, targets[key], holder)
    touched = {each.key_hash: now for each in holders.values() if each.is_touch_due(now)}
    if touched:
        projects.touch_keys(tx, touched)


def _aim(case: Case, target: Caller | None, holder: Caller | None) -> None:
    if target is None:
        case.outcome = projects.no_such_key()
    else:
        case.caller = target._replace(key_hash=holder.key_hash) if holder else target


def _replay(tx: Tx, cases: list[Case]) -> None:
    """Answer what was carried out before; repetitions within the batch wait for the first."""
    leaders: dict[tuple[str, ...], Case] = {}
    for case in cases:
        if case.submission.idempotency_key is None:
            continue
        case.claim = _claim(case)
        case.leader = leaders.setdefault(case.claim[:4], case)
        if case.leader is case:
            case.leader = None
    for (account_id, project_id, call), group in _grouped(leaders.values(), _scope):
        keys = [case.claim.key for case in group if case.claim]
        kept = idempotency.find(tx, account_id, project_id, call, keys)
        for case in group:
            if case.claim and (earlier := kept.get(case.claim.key)):
                _repeat(case, earlier)


def _repeat(case: Case, earlier: idempotency.Kept) -> None:
    """Give the first answer again, as it was; the retry brings the text, which was not kept."""
    try:
        answer = earlier.replayed(case.claim.fingerprint if case.claim else "")
    except Refusal as refusal:
        case.outcome = refusal
    else:
        case.accept(answer, is_replay=True)


def _refuse_paused(cases: list[Case]) -> None:
    for case in cases:
        if case.caller.project_status != projects.Status.ACTIVE:
            case.outcome = paused()


def paused() -> Forbidden:
    """Return the refusal of a project that takes nothing for now (contract section 4)."""
    return Forbidden("Project is paused", code="project_paused")


class _Ahead(NamedTuple):
    """What _keep() needs to know, asked ahead, so that it need not be waited for by itself."""

    are_there: Callable[[], bool]
    listeners: Asked


def _ask(tx: Tx, cases: list[Case]) -> _Ahead:
    """Keep the projects from being deleted, and ask who tells anybody of new items."""
    places = {(case.caller.account_id, case.submission.project_id) for case in cases}
    account_ids = {account_id for account_id, _ in places}
    return _Ahead(projects.hold(tx, sorted(places)), happenings.listening(tx, account_ids))


def _spend(tx: Tx, cases: list[Case]) -> None:
    """Take what each account's submissions need of its allowance, as far as it goes.

    An item is named first and paid for in the period of its own time, which changes with a day.
    """
    for case, made in zip(cases, ids.make(models.ID, len(cases)), strict=True):
        case.made = made
    # What looks like spam is paid for when somebody says that it is none.
    for _, group in _grouped((case for case in cases if case.shelf is not Shelf.SPAM), _purse):
        allowance, entrance = group[0].caller.allowance, group[0].submission.entrance
        now = group[0].made.created_at
        needed = plans.KEYED_ITEM if entrance is Entrance.KEY else plans.OPEN_ITEM
        used, rest = _admit(tx, group, needed, now)
        if rest and entrance is Entrance.DOOR:
            # A visitor's words are not lost to a plan's limit (contract section 6).
            for case in rest:
                case.shelf = Shelf.HELD
            used, rest = _admit(tx, rest, plans.HELD_ITEM, now)
        for case in rest:
            case.outcome = plans.over_quota(allowance, used, needed, now)


def _admit(tx: Tx, group: list[Case], each: Usage, now: int) -> tuple[Usage, list[Case]]:
    """Admit from a group's front what the allowance still has; return the sums and the rest."""
    count, used = plans.spend_up_to(tx, group[0].caller.allowance, each, len(group), now)
    for after, case in enumerate(reversed(group[:count])):
        case.used = Usage(used.calls - after * each.calls, used.items - after * each.items)
    return used, group[count:]


def _keep(tx: Tx, cases: list[Case], asked: _Ahead) -> None:
    """Store what is admitted: items, tallies, search index, idempotency keys."""
    if not cases:
        return
    if not asked.are_there():
        raise Again  # a project was deleted since it was looked up
    for case in cases:
        case.accept(case.made.id)
    rows = [_row(case) for case in cases]
    store.insert_all(tx, rows)
    tallies = Counter(map(_tally_of, rows))
    store.add_to_tallies(tx, {Tally(*place): count for place, count in tallies.items()})
    live = [case for case in cases if case.shelf is Shelf.LIVE]
    if live:
        tx.index([_entry(case) for case in live])
        rollups.arrive(tx, live[0].made.position, map(_likeness, live))
        happenings.created(tx, [_named(case) for case in live], asked.listeners)
    claims = [(case.claim, case.made.id) for case in cases if case.claim]
    if claims:
        idempotency.keep(tx, claims)
    gate.keep(tx, cases)
    submitter_store.insert_all(tx, map(_sender, cases))


def _named(case: Case) -> tuple[str, str]:
    return case.caller.account_id, case.made.id


def _sender(case: Case) -> Sent:
    """Return whose item it is, as far as it tells."""
    visit, context_json = case.submission.visit, case.submission.draft.context_json
    told = submitters.of_context(context_json, visit.user_id if visit else "")
    return Sent(case.caller.account_id, case.submission.project_id, case.made.position, told)


def _follow(cases: list[Case]) -> None:
    """Settle repetitions within the batch by what became of the first."""
    for case in cases:
        if case.leader is None or case.outcome is not None:
            continue
        first = case.leader.outcome
        if isinstance(first, Accepted) and case.claim and case.leader.claim:
            _repeat(case, idempotency.Kept(case.leader.claim.fingerprint, first.id))
        else:
            case.outcome = first


def _row(case: Case) -> dict[str, Any]:
    accepted, made = case.settled, case.made
    assert isinstance(accepted, Accepted)  # noqa: S101 - _keep has just accepted it
    return {
        "account_id": case.caller.account_id,
        "position": made.position,
        "id": made.id,
        "project_id": case.submission.project_id,
        "shelf": case.shelf.value,
        "status": Status.NEW.value,
        "source": case.submission.source.value,
        "document": accepted.document,
        "created_at": clock.iso(made.created_at),
        "updated_at": made.created_at,
        "facets": case.submission.draft.facets,
    }


def _likeness(case: Case) -> Likeness:
    submission = case.submission
    return Likeness(
        case.caller.account_id,
        submission.project_id,
        case.made.created_at // QUARTER_MS,
        Status.NEW,
        submission.source,
        submission.draft.facets,
    )


def _entry(case: Case) -> Entry:
    submission = case.submission
    draft = submission.draft
    labels = models.labels(submission.project_id, Status.NEW, submission.source, draft.facets)
    return Entry(case.caller.account_id, case.made.position, draft.words + labels)


def _claim(case: Case) -> Claim:
    submission = case.submission
    content = hashlib.sha256(submission.draft.message_json.encode())
    content.update(b"\0" + models.without_blanks(submission.draft.context_json) + b"\0")
    content.update(submission.source.encode())
    return Claim(
        case.caller.account_id,
        submission.project_id,
        OPEN_CALL if submission.entrance is Entrance.DOOR else KEYED_CALL,
        submission.idempotency_key or "",
        content.hexdigest(),
    )


def _scope(case: Case) -> tuple[str, str, str]:
    assert case.claim  # noqa: S101 - only cases with a claim are grouped so
    return case.claim[:3]


def _purse(case: Case) -> tuple[str, Entrance, int]:
    day = case.made.created_at // clock.DAY_MS
    return case.caller.account_id, case.submission.entrance, day


def _grouped(
    cases: Iterable[Case], key: Callable[[Case], tuple[Any, ...]]
) -> list[tuple[tuple[Any, ...], list[Case]]]:
    """Group cases, in one order everywhere, so that two writers cannot wait in a ring."""
    groups: dict[tuple[Any, ...], list[Case]] = {}
    for case in cases:
        groups.setdefault(key(case), []).append(case)
    return sorted(groups.items(), key=lambda group: group[0])
