"""Another plan: whoever is told beyond what it has is told no more."""

from miniback import projects
from miniback.audit import BY_ITSELF, Action, Actor
from miniback.db import Tx
from miniback.notifications import service, target_store
from miniback.notifications.models import Kind, Target, TargetStatus
from miniback.plans import Plan
from miniback.projects import Project

_REASON = "The plan does not have it any more."


def change_plan(tx: Tx, account_id: str, plan: Plan, by: Actor = BY_ITSELF) -> list[Project]:
    """Put an account on another plan, and return the projects that this pauses."""
    paused = projects.change_plan(tx, account_id, plan, by)
    surplus = _surplus(target_store.all_of(tx, account_id), plan)
    for each in surplus:
        disabled = each._replace(status=TargetStatus.DISABLED, reason=_REASON)
        target_store.update(tx, disabled)
        service.record(tx, disabled, Action.TARGET_DISABLED, by, reason="plan")
    if surplus:
        service.listen(tx, account_id)
    return paused


def _surplus(targets: list[Target], plan: Plan) -> list[Target]:
    """Return who is told and has no place in a plan; of addresses of mail the oldest stay."""
    told = [each for each in targets if each.status is not TargetStatus.DISABLED]
    mails = [each for each in told if each.kind is Kind.EMAIL]
    others = [each for each in told if each.kind is not Kind.EMAIL]
    return [*mails[plan.emails :], *([] if plan.webhooks else others)]
