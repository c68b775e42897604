"""The goals that the benchmark holds the product against: bounds and aims, row by row."""

import msgspec


class Goal(msgspec.Struct, frozen=True):
    """What a row must reach; most are ratios."""

    what: str
    bound: float | None
    aim: float | None = None
    is_floor: bool = True
    form: str = "{:.2f}"

    def is_met(self, value: float) -> bool:
        """Tell whether a figure is on the right side of the bound."""
        if self.bound is None:
            return True
        return value >= self.bound if self.is_floor else value <= self.bound

    def shown(self, value: float | None) -> str:
        """Return a figure in the row's own form."""
        return "" if value is None else self.form.format(value)

    def bounded(self) -> str:
        """Return the bound with its direction."""
        if self.bound is None:
            return ""
        return ("≥ " if self.is_floor else "≤ ") + self.shown(self.bound)


def _most(what: str, bound: float | None, aim: float | None = None, form: str = "{:.1f}") -> Goal:
    """Make a goal that is not to be exceeded."""
    return Goal(what, bound, aim, is_floor=False, form=form)


GOALS = {
    "post": Goal("durable POST on SQLite, against echo", 0.28, 0.40),
    "post-keyed": Goal("the same, a fresh random Idempotency-Key each, against echo", 0.18, 0.25),
    "post-tail": _most("POST on SQLite: p99 against p50", 10, 6),
    "post-rows": _most("rows beyond the 2xx answers, a run of wrk", 32, form="{:,.0f}"),
    "post-frames": _most("frames of the write-ahead log a commit", None),
    "post-keyed-frames": _most("the same with an Idempotency-Key", None),
    "postgres": Goal("durable POST on PostgreSQL, one busy account, against echo", 0.15, 0.20),
    "postgres-tail": _most("POST on PostgreSQL: p99 against p50", 12),
    "postgres-rows": _most("rows beyond the 2xx answers, a run of wrk", 32, form="{:,.0f}"),
    "widget": Goal("what visitors send at the public door, against echo", None),
    "usual": Goal("POST against the usual way, a commit a request through an async ORM", 15),
    "heard-dead": Goal("POST with a dead receiver, against none", 0.95),
    "heard-waiting": Goal("POST with 1,000 webhooks waiting, against none", 0.95),
    "growth": Goal("POST at 1M rows, against 10,000", 0.88),
    "growth-10m": Goal("POST at 10M rows, against 10,000", 0.80),
    "growth-rows": _most("rows beyond the 2xx answers, a run of wrk", 32, form="{:,.0f}"),
    "growth-frames": _most("frames of the write-ahead log a commit", None),
    "page": Goal("first page of 50 with total, PRO, against echo", 0.30),
    "page-growth": Goal("first page at 1M rows, against 10,000", 0.90),
    "item": Goal("one item by id, PRO, against echo", 0.60),
    "counted-page": Goal("first page, every call counted, against echo", 0.15),
    "counted-item": Goal("one item, every call counted, against echo", 0.30),
    "search-rare": _most("search: p99 for a word in 2 % of items, against one item", 60),
    "search-common": _most("search: p99 for a word in 25 % of items, against one item", 160),
    "analytics-90d": _most("analytics of 90 days at 1M items, against 10,000", 2),
    "analytics-12m": _most("the same of a year", 2),
    "analytics-90d-postgres": _most("analytics of 90 days on PostgreSQL", 2),
    "analytics-12m-postgres": _most("the same of a year", 2),
    "inbox-filter": _most("inbox: a filter at 100,000 items, against 1,000", 1.5),
    "inbox-depth": _most("inbox: page 1,000 against page 2", 1.5),
    "inbox-filter-postgres": _most("the same filters on PostgreSQL", 3),
    "inbox-depth-postgres": _most("the same pages on PostgreSQL", 3),
    "memory-idle": _most("memory (PSS) idle, MB", 60),
    "memory-loaded": _most("memory (PSS) after POSTs, MB", 110),
    "memory-growth": _most(
        "memory of its own after all POSTs, against a tenth of them", 1.2, form="{:.2f}"
    ),
    "memory-live": _most(
        "the same after 10 hours of open inboxes, against the start", 1.2, form="{:.2f}"
    ),
    "start": _most("start on an empty folder to the first 2xx, s", 1.0, form="{:.2f}"),
}
