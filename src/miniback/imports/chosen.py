"""What somebody has chosen on an import's page: whose export it is, where to, which columns."""

from datetime import UTC, datetime
from typing import NamedTuple

from miniback import clock
from miniback.accounts import Visit
from miniback.errors import Invalid
from miniback.imports import times
from miniback.imports.formats import KNOWN
from miniback.imports.models import (
    MOST_COLUMNS,
    Container,
    Format,
    Import,
    Plan,
    Target,
)

# What a column becomes, for people; texts of the catalogue.
TARGETS = {
    Target.MESSAGE: "Message",
    Target.TITLE: "Title, in front of the message",
    Target.CREATED_AT: "When it was sent",
    Target.UPDATED_AT: "When it was changed",
    Target.STATUS: "Status",
    Target.SOURCE: "Source",
    Target.TAGS: "Tags",
    Target.ASSIGNEE: "Assignee",
    Target.ID: "Id, by which it is known again",
    Target.EMAIL: "Email",
    Target.NAME: "Name",
    Target.URL: "Page",
    Target.RATING: "Rating",
    Target.KIND: "Kind",
    Target.USER_AGENT: "Browser",
    Target.CONTEXT: "The whole context, as JSON",
    Target.NOTHING: "Leave it out",
}


class Choice(NamedTuple):
    """A column with a value of it, and the name of its field in the form."""

    field: str
    column: str
    sample: str


def choices(each: Import) -> list[Choice]:
    """Return the columns that somebody may decide about."""
    if each.look is None:
        return []
    columns = each.look.columns[:MOST_COLUMNS]
    return [
        Choice(f"column-{at}", column, each.look.samples.get(column, ""))
        for at, column in enumerate(columns)
    ]


def formats(each: Import) -> dict[Format, str]:
    """Return whose export a file can be taken for, each with a text of the catalogue."""
    if each.look is None or each.look.container is Container.ZIP:
        return {}
    return {Format.TABLE: "A table of its own", **{of: known.name for of, known in KNOWN.items()}}


def at_first(each: Import) -> dict[str, str]:
    """Return what the form holds before anybody changes it."""
    plan = each.plan
    if plan is None:
        return {}
    day = datetime.fromtimestamp(plan.undated // clock.SECOND_MS, UTC).date().isoformat()
    values = {"format": plan.format.value, "project": plan.project_id, "undated": day}
    for choice in choices(each):
        target = plan.mapping.get(choice.column)
        values[choice.field] = target.value if target else ""
    return values


def plan(visit: Visit, each: Import) -> Plan:
    """Read what was chosen, or raise Invalid."""
    form = visit.form
    if each.plan is None or each.plan.format is Format.ARCHIVE:
        return each.plan or Plan(Format.TABLE)
    wanted = {choice.column: form[choice.field] for choice in choices(each)}
    if not set(wanted.values()) <= {"", *Target}:
        raise Invalid("Choose what each column becomes")
    return Plan(
        format=_format(form["format"], each),
        project_id=form["project"],
        mapping={column: Target(target) for column, target in wanted.items() if target},
        undated=times.day(form["undated"]),
    )


def _format(name: str, each: Import) -> Format:
    possible = formats(each)
    if not possible and each.look:
        return each.look.format
    if name not in possible:
        raise Invalid("Choose what the file is")
    return Format(name)
