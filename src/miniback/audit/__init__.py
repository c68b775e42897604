"""The audit log: what was done that somebody may have to account for. It only grows.

An entry holds no words of visitors and nothing by which one could be known, since what was erased
must not live on here; no secrets, and no addresses of anybody.
"""

from miniback.audit.chain import Fault
from miniback.audit.models import (
    BY_COMMAND,
    BY_ITSELF,
    ID,
    START,
    Action,
    Actor,
    Entry,
    Head,
    Way,
)
from miniback.audit.service import Walked, chain_earlier, newest_walked, record, walk
from miniback.audit.store import Wanted, after, head, page

__all__ = [
    "BY_COMMAND",
    "BY_ITSELF",
    "ID",
    "START",
    "Action",
    "Actor",
    "Entry",
    "Fault",
    "Head",
    "Walked",
    "Wanted",
    "Way",
    "after",
    "chain_earlier",
    "head",
    "newest_walked",
    "page",
    "record",
    "walk",
]
