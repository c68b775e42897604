"""All that one page of the analytics tells, read in one snapshot."""

from typing import NamedTuple

from miniback.analytics import figures
from miniback.analytics.asked import Asked
from miniback.analytics.figures import Arrived, Counts, Told
from miniback.db import Tx
from miniback.plans import Plan


class Advanced(NamedTuple):
    """What only some plans are told: what items tell, and how long they took, in seconds."""

    told: dict[str, Told]
    median: int | None
    median_before: int | None


class Report(NamedTuple):
    """The figures of a range, and of the period before it where that is wanted."""

    arrived: Arrived
    before: Counts | None
    advanced: Advanced | None

    @property
    def total(self) -> Counts:
        """The counts of the whole range."""
        return self.arrived.total


def written(tx: Tx, account_id: str, asked: Asked, plan: Plan) -> Report:
    """Gather what is asked for, as far as a plan goes."""
    place, chosen = asked.place(tx, account_id), asked.range
    before = chosen.before
    advanced = None
    if plan.analytics:
        advanced = Advanced(
            told=figures.told(tx, place, chosen),
            median=figures.median_to_resolve(tx, place, chosen),
            median_before=figures.median_to_resolve(tx, place, before) if asked.compares else None,
        )
    return Report(
        arrived=figures.arrived(tx, place, chosen),
        before=figures.arrived(tx, place, before).total if asked.compares else None,
        advanced=advanced,
    )
