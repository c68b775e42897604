"""The inbox: what a filter costs in a long list against a short one, and a page far down in it."""

import re

import bases
from bases import Base
from lines import Line, single
from session import Session
from visitor import Visitor, medians_ms

# Half of a base's rows are the busiest account's.
SHORT_ROWS, LONG_ROWS = 2 * 1_000, 2 * 100_000
FILTERS = ("", "status=NEW", "status=RESOLVED", "source=API", "search=an", "start=2020-01-01")
DEEP = 1_000


def inbox(session: Session) -> list[Line]:
    """Measure both databases, short lists against long ones."""
    found = _measured(session, "", bases.sqlite(SHORT_ROWS), bases.sqlite(LONG_ROWS))
    short, long = bases.postgres(SHORT_ROWS), bases.postgres(LONG_ROWS)
    return found + _measured(session, "-postgres", short, long)


def _measured(session: Session, ending: str, short: Base, long: Base) -> list[Line]:
    with session.serving(short) as small, session.serving(long) as large:
        few, many = Visitor(small), Visitor(large)
        pages = {each: f"/inbox?{each}" for each in FILTERS}
        times = {each: medians_ms((few, page), (many, page)) for each, page in pages.items()}
        depths = ("/inbox?page=2", _deep(many), f"/inbox?page={DEEP}")
        near, deep, counted = medians_ms(*((many, page) for page in depths))
    ratios = {each: after / before for each, (before, after) in times.items()}
    worst = max(ratios, key=ratios.__getitem__)
    before, after = times[worst]
    told = f"worst {worst or 'no filter'}: {before:.1f} and {after:.1f} ms"
    shown = f"page 2 {near:.1f} ms, page {DEEP:,} {deep:.1f} ms ({counted:.1f} without its link)"
    return [
        Line(f"inbox-filter{ending}", told, ratios[worst], min(ratios.values()), ratios[worst]),
        single(f"inbox-depth{ending}", shown, [deep / near]),
    ]


def _deep(visitor: Visitor) -> str:
    """Return the address of a page far down, as the link of the page before it has it."""
    page = visitor.read(f"/inbox?page={DEEP - 1}")
    links = re.findall(r'rel="next" href="([^"]+)"', page)
    found: str = links[-1].replace("&amp;", "&")
    return found
