"""Pages on what the account uses of its plan, month by month, and on changing the plan."""

import csv
import io
from typing import NamedTuple

from miniback import clock, http, notifications, plans, projects
from miniback.accounts import Role, Visit, signed_in
from miniback.errors import Forbidden
from miniback.http import Request, Response
from miniback.plans import Plan

USAGE, BILLING = "/usage", "/settings/billing"
_MONTHS = 12
# A notice travels in a cookie, which holds 4 KB; the page before has named them all.
_NAMED = 3


class Meter(NamedTuple):
    """What is used of a limit, None for no limit; `label` is a text of the catalogue."""

    name: str
    label: str
    used: int
    limit: int | None

    @property
    def percent(self) -> int:
        """How much of the limit is used, in per cent."""
        return plans.percent(self.used, self.limit)

    @property
    def state(self) -> str:
        """Whether there is plenty left, little or nothing."""
        return plans.level(self.used, self.limit)


async def show_usage(request: Request, visit: Visit) -> Response:
    """GET /usage."""
    plan = visit.allowance.plan
    used, period = await request.db.look_up(plans.used_now, visit.allowance)
    active = await request.db.look_up(projects.count_active, visit.account_id)
    months = await request.db.look_up(plans.history, visit.allowance, _MONTHS)
    meters = [
        Meter("projects", "Projects that are not paused", active, plan.projects),
        Meter("feedback", "Feedback this month", used.items, plan.items),
        Meter("calls", "API calls this month", used.calls, plan.calls),
    ]
    return await visit.page(
        "dashboard/templates/usage.html",
        plan=plan,
        meters=meters,
        period=period,
        months=months,
        held=used.held,
        billing=request.state["settings"].billing,
    )


async def download_usage(request: Request, visit: Visit) -> Response:
    """GET /usage.csv: the same months."""
    months = await request.db.look_up(plans.history, visit.allowance, _MONTHS)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["period_start", "period_end", "api_calls", "feedback", "held"])
    for period, used in months:
        writer.writerow([clock.iso(period.start), clock.iso(period.end), *used])
    return http.csv_file("miniback-usage.csv", out.getvalue())


async def show_billing(request: Request, visit: Visit) -> Response:
    """GET /settings/billing?plan=…: the plans; with one chosen, what the change would do."""
    table = request.state["plans"]
    chosen = request.query("plan")
    wanted: Plan | None = plans.named(table, chosen) if chosen else None
    paused = []
    if wanted:
        paused = await request.db.look_through(projects.would_pause, visit.account_id, wanted)
    return await visit.page(
        "dashboard/templates/billing.html",
        plan=visit.allowance.plan,
        table=table,
        wanted=wanted,
        would_pause=paused,
        has_prices=request.state["settings"].billing != "off",
        may_change=_may_change(visit),
    )


async def change_plan(request: Request, visit: Visit) -> Response:
    """POST /settings/billing: at once, by the administrator of this server."""
    if not _may_change(visit):
        raise Forbidden("Only the administrator of this server changes plans")
    plan = plans.named(request.state["plans"], visit.form["plan"])
    paused = await request.db.write(notifications.change_plan, visit.account_id, plan, visit.actor)
    told = visit.say("The account is on %(plan)s") % {"plan": plan.name}
    if paused:
        names = ", ".join(project.name for project in paused[:_NAMED])
        told += ". " + visit.say("Paused: %(names)s") % {"names": names}
        if more := paused[_NAMED:]:
            told += " " + visit.say("and %(count)s more") % {"count": len(more)}
    return visit.tell(USAGE, told)


def _may_change(visit: Visit) -> bool:
    return visit.session.user.is_administrator and visit.may(Role.OWNER)


routes = [
    http.resource(USAGE, GET=signed_in(show_usage)),
    http.resource("/usage.csv", GET=signed_in(download_usage)),
    http.resource(BILLING, GET=signed_in(show_billing), POST=signed_in(change_plan)),
]
