"""No statement's cost grows with what others have, nor with an account's own beyond a page.

Every statement of the product is explained and carried out on a database with one large account.
Where a plan has changed for the better, write the tables anew with MINIBACK_WRITE_PLANS=1.
"""

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from miniback import db
from miniback.db import Engine
from miniback.db.engine import Session
from miniback.db.tenancy import DISTRIBUTED
from tests.house import House
from tests.statements import assembled, explaining, filled, reasons, samples, sources
from tests.statements.explaining import TABLES, Plan, Step

# What a page of 50 costs at the most: steps of SQLite's machine, rows that PostgreSQL touches.
MOST_WORK = {"sqlite": 10_000, "postgres": 1_000}
IS_WRITING = "MINIBACK_WRITE_PLANS" in os.environ


class Told(NamedTuple):
    """A statement with what the database says of it: for the large account, and for a small one."""

    name: str
    sql: str
    large: list[Plan]
    small: list[Plan]

    @property
    def steps(self) -> set[Step]:
        return {step for plan in (*self.large, *self.small) for step in plan.steps}


@pytest.fixture(scope="module")
def engine(database: str, new_house: Callable[..., House]) -> Engine:
    engine = db.engine_for(new_house(database).database_url)
    db.migrate(engine)
    filled.fill(engine)
    return engine


@pytest.fixture(scope="module")
def told(engine: Engine) -> list[Told]:
    session = engine.connect(writes=True)
    explaining.prepare(session)
    session.begin_write()
    found = [*_of_the_source(engine, session), *_assembled(engine, session)]
    session.rollback()
    session.close()
    return found


def _of_the_source(engine: Engine, session: Session) -> Iterator[Told]:
    """Explain what stands in the source as a whole."""
    large = samples.sample(engine, session, filled.LARGE)
    small = samples.sample(engine, session, filled.SMALL)
    cases = ((large, True, True), (large, False, False), (small, True, False))
    for site in sources.sites():
        if site.sql and _is_explained(site.sql):
            found = [
                explaining.explain(
                    session, site.sql, sample.values(site.sql, is_hit=is_hit), again=again
                )
                for sample, is_hit, again in cases
            ]
            yield Told(site.name, site.sql, [*found[0], *found[1]], found[2])


def _assembled(engine: Engine, session: Session) -> Iterator[Told]:
    """Explain what is put together, as it was sent for the large account and for a small one."""
    large, small = [
        {each.sql: each for each in _sent(engine, session, account)}
        for account in (filled.LARGE, filled.SMALL)
    ]
    for sql, each in large.items():
        plans = explaining.explain(session, sql, each.values, again=True)
        theirs = explaining.explain(session, sql, small[sql].values) if sql in small else []
        yield Told(each.name, sql, plans, theirs)


def _sent(engine: Engine, session: Session, account: int) -> list[assembled.Sent]:
    sample = samples.sample(engine, session, account)
    place = sample.columns["feedback"].index("position")
    numbers = [row[place] for row in sample.rows["feedback"]]
    sent = assembled.sent(session, account, numbers)
    return [each for each in sent if _is_explained(each.sql)]


def _is_explained(sql: str) -> bool:
    """Leave out what adds given rows, and what asks the database about itself."""
    adds = sql.lstrip().startswith("INSERT") and "SELECT" not in sql
    return not adds and bool(TABLES & set(samples.tables(sql)))


def test_every_statement_is_looked_at(told: list[Told]) -> None:
    known = " ".join(sources.plain(each.sql) for each in told)
    known += " ".join(sources.plain(site.sql) for site in sources.sites() if site.sql)

    unknown = [
        place
        for place, parts in sources.pieces()
        if place.partition(":")[0] not in reasons.ELSEWHERE
        and any(part not in known for part in parts)
    ]
    assert unknown == []


def test_what_is_put_together_is_sent_by_the_list_of_calls(told: list[Told]) -> None:
    seen = {each.name for each in told}

    unseen = {site.name for site in sources.sites() if site.sql is None and site.name not in seen}
    assert {name for name in unseen if name.split()[0] not in reasons.ELSEWHERE} == set()


def test_no_table_is_read_as_a_whole(told: list[Told]) -> None:
    found = {each.name for each in told if any(step.what == "scan" for step in each.steps)}

    assert found - reasons.SCANS.keys() - reasons.ANYHOW.keys() == set()


def test_nothing_is_sorted_but_what_is_little(told: list[Told]) -> None:
    found = {each.name for each in told if any(step.what == "sort" for step in each.steps)}

    assert found - reasons.SORTS.keys() == set()


def test_rows_are_found_by_their_account(told: list[Told]) -> None:
    strays = {
        (each.name, str(step))
        for each in told
        for step in each.steps
        if each.name not in reasons.ANYHOW
        and step.table in DISTRIBUTED
        and step.what == "search"
        and not _is_bound(each.sql, step)
    }

    assert strays == set()


def _is_bound(sql: str, step: Step) -> bool:
    """Tell whether a step sees one account's rows alone, or may see some of all."""
    if DISTRIBUTED[step.table] in step.bound or "rowid" in step.bound or step.way in reasons.NAMED:
        return True
    return step.way in reasons.ACROSS and "LIMIT" in sql


def test_a_large_account_costs_no_more_than_a_page(database: str, told: list[Told]) -> None:
    limit = MOST_WORK[database]
    long = {(each.name, plan.work) for each in told for plan in each.large if plan.work > limit}

    listed = reasons.LONG.keys() | reasons.WHOLE.keys()
    assert {(name, work) for name, work in long if name not in listed} == set()


def test_a_small_account_pays_nothing_for_its_neighbours(database: str, told: list[Told]) -> None:
    limit = MOST_WORK[database]
    long = {(each.name, plan.work) for each in told for plan in each.small if plan.work > limit}

    assert {(name, work) for name, work in long if name not in reasons.WHOLE} == set()


def test_plans_are_as_they_were_written_down(database: str, told: list[Told]) -> None:
    path = Path(__file__).with_name(f"{database}.txt")
    # PostgreSQL takes now this, now that of indexes that cost the same.
    written = _table(told, reasons.ANYHOW if database == "postgres" else ())
    if IS_WRITING:
        path.write_text(written)

    assert written == path.read_text()


def _table(told: list[Told], anyhow: Collection[str]) -> str:
    """Write down how each function's statements find their rows."""
    found: dict[str, list[list[str]]] = {}
    for each in told:
        steps = [
            f"any index of {step.table}" if each.name in anyhow else str(step)
            for step in each.large[0].steps
        ]
        if steps and steps not in found.setdefault(each.name, []):
            found[each.name].append(steps)
    lines = []
    for name, plans in found.items():
        lines += [name, *("    " + "; ".join(plan) for plan in plans)]
    return "\n".join(lines) + "\n"


def test_every_reason_is_needed(told: list[Told]) -> None:
    names = {each.name for each in told}
    listed = {*reasons.ANYHOW, *reasons.SCANS, *reasons.SORTS, *reasons.LONG, *reasons.WHOLE}

    assert listed - names == set()
