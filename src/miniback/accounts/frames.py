"""What stands around a page: for whom it is, the menu beside it, and a warning of a limit."""

import msgspec

from miniback import plans, shell
from miniback.accounts.models import Session
from miniback.http import Request
from miniback.plans import Allowance
from miniback.shell import Banner, Frame


async def of(request: Request, session: Session | None, secret: str) -> Frame:
    """Read what stands around a page for somebody, None for whoever is not signed in."""
    frame = bare(session, secret)
    if session is None:
        return frame
    return msgspec.structs.replace(
        frame,
        banner=await _banner(request, session),
        menu=await request.state["menu"](request, session),
    )


def bare(session: Session | None, secret: str) -> Frame:
    """Return for whom a page is, without what would have to be read for it."""
    if session is None:
        return Frame(secret=secret)
    user = session.user
    return Frame(
        secret=secret,
        person=user.name or user.email,
        email=user.email,
        zone=user.time_zone,
        theme=user.theme,
        density=user.density,
        has_shortcuts=user.has_shortcuts,
    )


def allowance_of(request: Request, session: Session) -> Allowance:
    """Return what the plan of somebody's account allows."""
    account = session.account
    return Allowance(account.id, request.state["plans"][account.plan], account.anchor)


async def _banner(request: Request, session: Session) -> Banner | None:
    """Warn of a limit that is near or reached, unless the member has put this warning away."""
    allowance = allowance_of(request, session)
    if not allowance.plan.is_limited:
        return None
    used, period = await request.db.look_up(plans.used_now, allowance)
    say = request.state["shell"].translate
    figures = (
        (say("API calls"), used.calls, allowance.plan.calls),
        (say("feedback items"), used.items, allowance.plan.items),
    )
    what, percent = max(
        ((name, plans.percent(spent, limit)) for name, spent, limit in figures),
        key=lambda figure: figure[1],
    )
    level = plans.FULL_AT if percent >= plans.FULL_AT else plans.WARN_AT
    mark = f"{period.start}:{level}"
    if percent < plans.WARN_AT or session.dismissed == mark:
        return None
    day = shell.day(period.end, session.user.time_zone)
    if level == plans.FULL_AT:
        told = say("This month's %(what)s are used up. They reset on %(day)s.")
    else:
        told = say("%(percent)s %% of this month's %(what)s are used. They reset on %(day)s.")
    return Banner(
        told % {"what": what, "percent": percent, "day": day}, level == plans.FULL_AT, mark
    )
