"""The server answers as its description says, whatever schemathesis thinks of sending it."""

import itertools
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fuzz.schemathesis import Run, ask, described_for
from tests.house import Account, House

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
SOAK_CASES = 40_000
ALL_PHASES = "examples,coverage,fuzzing,stateful"


def test_no_answer_departs_from_the_description(house: House, bob: Account, tmp_path: Path) -> None:
    described = described_for(house, bob)

    outcome = ask(house, described, Run("owner", bob.key, examples=5), tmp_path / "run")

    assert not outcome.complaint, outcome.complaint
    assert outcome.cases >= 500


def test_without_a_key_that_lives_no_answer_departs_either(
    house: House, bob: Account, tmp_path: Path
) -> None:
    described = described_for(house, bob)

    outcome = ask(house, described, Run("revoked", revoked(bob), examples=3), tmp_path / "run")

    assert not outcome.complaint, outcome.complaint


def revoked(account: Account) -> str:
    """Replace an account's key, and return the one that lives no more."""
    old = account.key
    account.key = account.post(f"/api/projects/{account.project_id}/api-key").json()["data"][
        "apiKey"
    ]
    return old


def runs(owner: Account, peer: Account) -> Iterator[Run]:
    """Go through the identities again and again, with other seeds."""
    dead = revoked(owner)
    for seed in itertools.count(1):
        for run in (
            Run("owner", owner.key, examples=100, peer_key=peer.key),
            Run("owner with NUL", owner.key, examples=100, has_nul=True),
            Run("another account", peer.key, examples=100, has_nul=True),
            Run("revoked", dead, examples=50, has_nul=True),
            Run("no key", "", examples=50, has_nul=True),
        ):
            yield replace(run, seed=seed, phases=ALL_PHASES)


@pytest.mark.soak
@pytest.mark.skipif(not IS_SOAK, reason="long; make soak runs it")
def test_40_000_cases_by_three_identities_depart_nowhere(
    house: House,
    bob: Account,
    mallory: Account,
    tmp_path: Path,
    database: str,
    tell: Callable[[str], None],
) -> None:
    described = described_for(house, bob)
    waiting = runs(bob, mallory)
    cases, complaints = 0, []
    with ThreadPoolExecutor(2) as both:
        while cases < SOAK_CASES:
            pair = list(itertools.islice(waiting, 2))
            folders = [tmp_path / f"{each.name}-{each.seed}" for each in pair]
            args = (itertools.repeat(house), itertools.repeat(described), pair, folders)
            for run, outcome in zip(pair, both.map(ask, *args), strict=True):
                cases += outcome.cases
                complaints += [outcome.complaint] if outcome.complaint else []
                tell(f"{database}, {run.name}, seed {run.seed}: {outcome.cases}, {cases} in all")

    assert not complaints, "\n".join(complaints)
    assert '"request_failed"' not in house.log
