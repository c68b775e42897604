"""The simulation of shards tells a table, the same for the same seed, and its figures fit."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent.parent / "bench" / "simulate.py"
SMALL = ("--accounts", "200000", "--shards", "16", "--nodes", "4", "--apart", "5")


def told(*options: str) -> str:
    command = [sys.executable, str(SCRIPT), *SMALL, *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def figures(*options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(told("--json", *options))
    return found


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return figures()


def test_the_same_seed_tells_the_same(found: dict[str, Any]) -> None:
    assert figures() == found
    assert figures("--seed", "2") != found


def test_the_largest_account_has_the_share_that_zipf_says(found: dict[str, Any]) -> None:
    harmonic = sum(1 / rank for rank in range(1, 200_001))

    assert found["largest"]["share_of_rows"] == pytest.approx(1 / harmonic)
    assert found["largest"]["outgrows_shard_at"] == 1 / 16


def test_moving_and_setting_apart_only_gain(found: dict[str, Any]) -> None:
    hashed, moved, apart = (each[2] for each in found["nodes"].values())
    assert 1 <= moved <= hashed
    assert 1 <= apart <= hashed
    with_all, without = (each[2] for each in found["shards"].values())
    assert 1 <= without < with_all


def test_accounts_of_like_size_lie_evenly() -> None:
    even = figures("--law", "lognormal", "--skew", "0.1")

    assert max(max(each) for each in even["nodes"].values()) < 1.02


def test_it_tells_a_table_for_people() -> None:
    lines = told().splitlines()

    assert lines[0] == "| most against mean | rows | writes | bytes |"
    assert [line.split("|")[1].strip() for line in lines[2:7]] == [
        "shards, as hashed",
        "shards, without the 5",
        "nodes, as hashed",
        "nodes, shards moved",
        "nodes, 5 apart, moved",
    ]
