"""What one does with imports: begin, choose, check, start, cancel, and bring a portion."""

from collections.abc import Mapping, Sequence

from miniback import accounts, audit, clock, feedback, ids, outbox, projects
from miniback.audit import BY_ITSELF, Action, Actor
from miniback.db import Tx
from miniback.errors import Conflict, Invalid, NotFound
from miniback.feedback import Tag
from miniback.imports import running, store
from miniback.imports.models import (
    ENDED,
    GOING_ON,
    ID,
    Format,
    Import,
    Look,
    Plan,
    Problem,
    Progress,
    Report,
    State,
    Step,
    Target,
)
from miniback.imports.running import Run

MOST_WAITING = 5
PIECE_BYTES = 256 * 1024
_WAITS_MS, _REMEMBERED_MS = 7 * clock.DAY_MS, 90 * clock.DAY_MS
_LONGEST_NAME = 200
# Into which more than one column makes no sense, which is all of them.
_MANY = (Target.NOTHING,)


def begin(tx: Tx, account_id: str, file_name: str) -> str:
    """Begin an import, whose file comes piece by piece; Conflict where too many wait already."""
    if store.count_waiting(tx, account_id, MOST_WAITING) >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} imports wait already; finish or cancel one first")
    import_id = ids.new(ID)
    name = "".join(each for each in file_name if each.isprintable())[:_LONGEST_NAME]
    store.insert(tx, account_id, import_id, name)
    return import_id


def arrived(tx: Tx, account_id: str, import_id: str, size: int, look: Look) -> None:
    """Note that a file is here whole, and what it is."""
    each = held(tx, account_id, import_id)
    plan = Plan(look.format, mapping=look.mapping, undated=today())
    store.update(tx, each._replace(state=State.READY, size=size, look=look, plan=plan))


def held(tx: Tx, account_id: str, import_id: str) -> Import:
    """Find an import to change it, or raise NotFound."""
    each = store.hold(tx, account_id, import_id) if ids.is_one(ID, import_id) else None
    if each is None:
        raise NotFound("Import not found")
    return each


def named(tx: Tx, account_id: str, import_id: str) -> Import:
    """Find an import of an account, or raise NotFound."""
    each = store.find(tx, account_id, import_id) if ids.is_one(ID, import_id) else None
    if each is None:
        raise NotFound("Import not found")
    return each


def checked_plan(tx: Tx, account_id: str, plan: Plan) -> Plan:
    """Return a plan that can be carried out, or raise Invalid."""
    if plan.format is Format.ARCHIVE:
        return plan
    projects.named(tx, account_id, plan.project_id)
    if plan.format is Format.TABLE:
        check_mapping(plan.mapping)
    return plan


def check_mapping(mapping: Mapping[str, Target]) -> None:
    """Raise Invalid unless one column becomes the message, and no two the same."""
    wanted = [target for target in mapping.values() if target not in _MANY]
    twice = next((target for target in wanted if wanted.count(target) > 1), None)
    if twice:
        raise Invalid(f"Two columns cannot both become {twice.value}")
    if Target.MESSAGE not in wanted:
        raise Invalid("Choose the column that holds the message")


def ask_check(tx: Tx, account_id: str, import_id: str, plan: Plan) -> None:
    """Have a file looked through by what was chosen; nothing of it is brought yet."""
    each = held(tx, account_id, import_id)
    if each.state not in (State.READY, State.CHECKED):
        raise Conflict("This import cannot be changed any more")
    changed = each._replace(
        state=State.CHECKING, plan=checked_plan(tx, account_id, plan), report=Report()
    )
    store.update(tx, changed)
    outbox.record(tx, account_id, outbox.IMPORT_ASKED, import_id)


def start(tx: Tx, account_id: str, import_id: str, by: Actor) -> None:
    """Have a file that was checked brought here; what cannot be taken is left out."""
    each = held(tx, account_id, import_id)
    if each.state in (State.RUNNING, State.DONE):
        return
    if each.state is not State.CHECKED or each.plan is None:
        raise Conflict("Check the file first")
    plan = with_tags(tx, account_id, each.plan, each.report.tags)
    store.update(tx, each._replace(state=State.RUNNING, plan=plan, progress=Progress()))
    outbox.record(tx, account_id, outbox.IMPORT_ASKED, import_id)
    note_start(tx, account_id, plan, by, import_id)


def note_start(tx: Tx, account_id: str, plan: Plan, by: Actor, import_id: str = "") -> None:
    """Record that a file is brought in; one that a command brings has no page and no id."""
    told = {"format": plan.format.value}
    if plan.project_id:
        told["projectId"] = plan.project_id
    if import_id:
        told["importId"] = import_id
    audit.record(tx, account_id, Action.IMPORT_STARTED, by, told)


def note_end(tx: Tx, account_id: str, progress: Progress, by: Actor, import_id: str = "") -> None:
    """Record what has come, counted by kind."""
    told = {"imported": progress.counts, **({"importId": import_id} if import_id else {})}
    audit.record(tx, account_id, Action.IMPORT_FINISHED, by, told)


def with_tags(tx: Tx, account_id: str, plan: Plan, names: Sequence[str]) -> Plan:
    """Return a plan that knows the account's tags, those of a table made where there is room."""
    if plan.format is Format.ARCHIVE:
        return plan
    wanted = [Tag(ids.new(feedback.TAG), name, name.casefold()) for name in names]
    here = feedback.bring_tags(tx, account_id, wanted)
    tags = {tag.folded: here[tag.id] for tag in wanted if tag.id in here}
    return Plan(plan.format, plan.project_id, plan.mapping, plan.undated, tags)


def cancel(tx: Tx, account_id: str, import_id: str, by: Actor) -> None:
    """Stop an import where it is; what was brought stays, the file goes."""
    each = held(tx, account_id, import_id)
    if each.state in ENDED:
        return
    is_worked_on = each.state in GOING_ON
    store.update(tx, each._replace(state=State.CANCELLED))
    if not is_worked_on:
        outbox.record(tx, account_id, outbox.IMPORT_ASKED, import_id)
    if each.state is State.RUNNING:
        told = {"imported": each.progress.counts, "importId": import_id}
        audit.record(tx, account_id, Action.IMPORT_CANCELLED, by, told)


def fail(tx: Tx, account_id: str, import_id: str, reason: str) -> None:
    """Note why an import cannot go on."""
    each = store.hold(tx, account_id, import_id)
    if each and each.state not in ENDED:
        store.update(tx, each._replace(state=State.FAILED, reason=reason))
        if each.state is State.RUNNING:
            told = {"imported": each.progress.counts, "importId": import_id}
            audit.record(tx, account_id, Action.IMPORT_FAILED, BY_ITSELF, told)


def discard(tx: Tx, account_id: str, import_id: str, reason: str) -> None:
    """Give up a file that did not come whole or is none that can be read, and have it deleted."""
    fail(tx, account_id, import_id, reason)
    outbox.record(tx, account_id, outbox.IMPORT_ASKED, import_id)


def note_check(
    tx: Tx, account_id: str, import_id: str, report: Report, problems: Sequence[Problem] | None
) -> bool:
    """Write what a check has found so far, all of it with the problems; False where it is over."""
    each = store.hold(tx, account_id, import_id)
    if each is None or each.state is not State.CHECKING:
        return False
    state = State.CHECKING if problems is None else State.CHECKED
    store.update(tx, each._replace(state=state, report=report))
    if problems is not None:
        store.keep_problems(tx, account_id, import_id, problems)
    return problems is None


def bring(
    tx: Tx, account_id: str, import_id: str, run: Run, steps: Sequence[Step], *, is_last: bool
) -> bool:
    """Bring some steps and note it, both or neither; False where there is no more to do."""
    each = store.hold(tx, account_id, import_id)
    if each is None or each.state is not State.RUNNING:
        return False
    outcome = run.carry_out(tx, steps, each.progress.steps)
    progress = running.advanced(each.progress, steps, outcome)
    state = State.DONE if is_last else State.RUNNING
    store.update(tx, each._replace(state=state, progress=progress))
    if is_last:
        note_end(tx, account_id, progress, BY_ITSELF, import_id)
    return not is_last


def emails(tx: Tx, account_id: str) -> dict[str, str]:
    """Return the ids of an account's members by their addresses."""
    return {each.email: each.id for each in accounts.people(tx, account_id).values()}


def forget_old(tx: Tx, limit: int) -> int:
    """Delete up to `limit` pieces of what nobody goes on with, then its row; return how many."""
    now = clock.now()
    found = store.abandoned(tx, now - clock.HOUR_MS, now - _WAITS_MS, now - _REMEMBERED_MS)
    if found is None:
        return 0
    gone = store.delete_pieces(tx, *found, limit)
    if not gone:
        store.delete(tx, *found)
    return gone or 1


def today() -> int:
    """Return the beginning of this day, UTC."""
    return clock.now() // clock.DAY_MS * clock.DAY_MS
