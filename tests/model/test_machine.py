"""Two accounts at the API, step by step, against a plain model of what they have (T10, T14)."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.house import House, running
from tests.model.machine import Machine
from tests.model.tenant import PLAN

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
SOAK_STEPS = 200_000
RUNS, STEPS = (25, 100) if IS_SOAK else (6, 30)


@pytest.fixture(scope="module")
def small(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house whose STARTER plan allows so little that every limit is met."""
    environment = {"MINIBACK_PLANS": json.dumps(PLAN), "MINIBACK_DELIVERIES": "off"}
    with running(new_house(database, environment=environment)) as house:
        yield house


def walk(house: House, **more: Any) -> int:
    """Let the machine walk, and return how many steps it made."""

    class Walk(Machine):
        walked = 0

        def __init__(self) -> None:
            super().__init__(house)

        def teardown(self) -> None:
            super().teardown()
            Walk.walked += self.steps

    chosen = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        **more,
    )
    run_state_machine_as_test(Walk, settings=chosen)
    return Walk.walked


def test_every_answer_is_that_of_the_model(small: House, tell: Callable[[str], None]) -> None:
    steps = walk(small, derandomize=True)

    assert steps >= RUNS * STEPS // 3


@pytest.mark.soak
@pytest.mark.skipif(not IS_SOAK, reason="long; make soak runs it")
def test_200_000_steps_never_part_from_the_model(
    small: House, database: str, tell: Callable[[str], None]
) -> None:
    steps = 0
    for portion in itertools.count(1):
        steps += walk(small)
        tell(f"{database}, portion {portion}: {steps} steps")
        if steps >= SOAK_STEPS:
            break

    assert '"request_failed"' not in small.log
