"""Imports: feedback on its way in, from an archive, a table, or another program's export."""

from miniback.imports.fitting import Place
from miniback.imports.formats import KNOWN
from miniback.imports.looking import look
from miniback.imports.models import Format, Look, Plan, Problem, Progress, Report, Step, Target
from miniback.imports.running import Outcome, Run, advanced
from miniback.imports.service import (
    check_mapping,
    checked_plan,
    emails,
    note_end,
    note_start,
    today,
    with_tags,
)
from miniback.imports.stepping import Check, Portion, portion, steps
from miniback.imports.times import day

__all__ = [
    "KNOWN",
    "Check",
    "Format",
    "Look",
    "Outcome",
    "Place",
    "Plan",
    "Portion",
    "Problem",
    "Progress",
    "Report",
    "Run",
    "Step",
    "Target",
    "advanced",
    "check_mapping",
    "checked_plan",
    "day",
    "emails",
    "look",
    "note_end",
    "note_start",
    "portion",
    "steps",
    "today",
    "with_tags",
]
