"""What a form says of somebody who is told: where, of what, of which projects, and when."""

from typing import Any, NamedTuple

from miniback import heard
from miniback.accounts import Visit, checked_email
from miniback.errors import Invalid
from miniback.http import Request
from miniback.notifications.chats import CHATS
from miniback.notifications.models import (
    MOST_PROJECTS,
    Kind,
    Schedule,
    Target,
    checked_events,
    checked_projects,
)
from miniback.outgoing import checked as checked_url
from miniback.projects import Project
from miniback.shell import Form


class Box(NamedTuple):
    """A box to tick for an event; the label is a text of the catalogue."""

    name: str
    event: str
    label: str


BOXES = (
    Box("created", heard.FEEDBACK_CREATED, "New feedback"),
    Box("updated", heard.FEEDBACK_UPDATED, "A status that changes"),
)
_PROJECT = "project-"
_ON = "on"
_HOURS = 24


def address(request: Request, visit: Visit, kind: Kind) -> str | None:
    """Return the address of a form; None, and why in the form, where it will not do."""

    def checked(text: str) -> str:
        if kind is Kind.EMAIL:
            return _checked_email(text)
        is_open = request.state["settings"].allow_private_targets
        url = checked_url(text, allows_private=is_open)
        if kind in CHATS and not CHATS[kind].is_address(url):
            raise Invalid("This is no address of this chat")
        return url

    return visit.form.checked("address", checked)


def changes(visit: Visit, kind: Kind) -> dict[str, Any]:
    """Return of what and when somebody is to be told; what is wrong stands in the form."""
    form = visit.form
    found: dict[str, Any] = {
        "events": form.checked("created", lambda _: _events(form)),
        "projects": _projects(form),
    }
    if kind is Kind.EMAIL:
        found["schedule"] = form.checked("schedule", _schedule)
        found["hour"] = form.checked("hour", _hour)
        found["time_zone"] = visit.session.user.time_zone
    return found


def of(target: Target) -> dict[str, str]:
    """Return a form as it stands for a target."""
    values = {name: _ON for name, event, _ in BOXES if event in target.events}
    values |= {_PROJECT + each: _ON for each in target.projects}
    return {**values, "schedule": target.schedule.value, "hour": str(target.hour)}


def at_first() -> dict[str, str]:
    """Return a form as it stands before anybody has filled it in."""
    return {"created": _ON, "schedule": Schedule.INSTANT.value, "hour": "9"}


def offered(projects: list[Project], form: Form) -> list[Project]:
    """Return the projects to choose from: the newest, and those that are chosen already."""
    chosen = [each for each in projects if form[_PROJECT + each.id]]
    rest = [each for each in projects if each not in chosen]
    return [*chosen, *rest][:MOST_PROJECTS]


def _events(form: Form) -> tuple[str, ...]:
    ticked = [event for name, event, _ in BOXES if form[name]]
    if not ticked:
        raise Invalid("Choose what to be told of")
    return checked_events(ticked)


def _projects(form: Form) -> tuple[str, ...]:
    names = [name for name, value in form.values.items() if name.startswith(_PROJECT) and value]
    return checked_projects([name.removeprefix(_PROJECT) for name in names])


def _checked_email(text: str) -> str:
    email = checked_email(text)
    if not email.isascii():
        raise Invalid("Write the address in plain ASCII characters")
    return email


def _schedule(name: str) -> Schedule:
    if name not in list(Schedule):
        raise Invalid("Choose when mail is sent")
    return Schedule(name)


def _hour(text: str) -> int:
    hour = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else _HOURS  # noqa: PLR2004 - digits
    if hour >= _HOURS:
        raise Invalid("Choose an hour of the day")
    return hour
