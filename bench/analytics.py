"""The analytics: a page of 90 days and of a year over many items, against few."""

import bases
from bases import Base
from lines import Line, single
from session import Session
from visitor import Visitor, medians_ms

ADDRESSES = {"90d": "/analytics?range=90d", "12m": "/analytics?range=12m"}


def sqlite(session: Session) -> list[Line]:
    """Measure a large database against a small one."""
    options = session.options
    return _measured(session, "", bases.sqlite(options.few_rows), bases.sqlite(options.rows))


def postgres(session: Session) -> list[Line]:
    """Do the same on PostgreSQL."""
    few, many = bases.postgres(session.options.few_rows), bases.postgres(session.options.rows)
    return _measured(session, "-postgres", few, many)


def _measured(session: Session, ending: str, few: Base, many: Base) -> list[Line]:
    with session.serving(few) as before, session.serving(many) as after:
        little, much = Visitor(before), Visitor(after)
        lines = []
        for name, address in ADDRESSES.items():
            looks = (little, address), (much, address)
            pairs = [medians_ms(*looks) for _ in range(session.options.rounds)]
            told = ", ".join(f"{short:.1f} and {long:.1f} ms" for short, long in pairs)
            ratios = [long / short for short, long in pairs]
            lines.append(single(f"analytics-{name}{ending}", told, ratios))
        return lines
