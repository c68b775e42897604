"""Spread accounts of very unlike size over shards, as Citus does: `python bench/simulate.py`.

Nothing is run or stored. Accounts are hashed to ranges, ranges are shards, shards lie on nodes in
turn; the table tells how unevenly rows, writes and bytes come to lie, what the largest account
means for its shard and its node, and what moving shards and setting accounts apart would gain.
"""

import argparse
import heapq
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist

HASHES = 1 << 32
# So many of the largest accounts are followed one by one; what differs among the others evens out.
HEAD = 100_000
# How much busier than its rows say, and how much longer-winded, an account is: sigma, log-normal.
BUSY = 0.5
WORDY = 0.5
MEASURES = ("rows", "writes", "bytes")
Loads = list[list[float]]  # for each measure, for each shard


@dataclass(frozen=True)
class Cluster:
    """What is spread, how, and over what; `skew` is Zipf's exponent or the log-normal's sigma."""

    accounts: int
    law: str
    skew: float
    shards: int
    nodes: int
    apart: int
    items: int
    writes: float
    item_bytes: float
    node_bytes: float
    node_writes: float
    seed: int


@dataclass(frozen=True)
class Large:
    """An account of the head: its part of everything, by measure, and its shard."""

    parts: tuple[float, float, float]
    shard: int


def main() -> None:
    """Read what is wanted, and print the table or its figures."""
    options = vars(_options())
    is_json = options.pop("json")
    found = simulated(Cluster(**options))
    print(json.dumps(found) if is_json else table(found))


def simulated(cluster: Cluster) -> dict[str, object]:
    """Spread the accounts, and return every figure of the table."""
    loads, head = spread(cluster)
    by_bytes = sorted(head, key=lambda each: -each.parts[2])
    lonely = by_bytes[: cluster.apart]
    thinner = [
        [load - sum(e.parts[m] for e in lonely if e.shard == s) for s, load in enumerate(of)]
        for m, of in enumerate(loads)
    ]
    with_lonely = [of + [e.parts[m] for e in lonely] for m, of in enumerate(thinner)]
    as_hashed = [shard % cluster.nodes for shard in range(cluster.shards)]
    ways = {
        "as hashed": (loads, as_hashed),
        "shards moved": (loads, packed(loads[2], cluster.nodes)),
        f"{cluster.apart} apart, moved": (with_lonely, packed(with_lonely[2], cluster.nodes)),
    }
    return {
        "cluster": asdict(cluster),
        "shards": {
            "as hashed": [uneven(of) for of in loads],
            f"without the {cluster.apart}": [uneven(of) for of in thinner],
        },
        "nodes": {
            way: [uneven(by_node(of, places, cluster.nodes)) for of in them]
            for way, (them, places) in ways.items()
        },
        "largest": largest(cluster, by_bytes[0]),
    }


def spread(cluster: Cluster) -> tuple[Loads, list[Large]]:
    """Give every account its weights and its shard; of the tail only the sums are kept."""
    hashed, nature = random.Random(cluster.seed), random.Random(cluster.seed + 1)
    bits, shards = hashed.getrandbits, cluster.shards
    loads: Loads = [[0.0] * shards for _ in MEASURES]
    head = []
    tail = [0.0] * shards
    for rank, weight in enumerate(weights(cluster)):
        shard = bits(32) * shards // HASHES
        if rank >= HEAD:
            tail[shard] += weight
            continue
        own = (weight, weight * _around_one(nature, BUSY), weight * _around_one(nature, WORDY))
        head.append((own, shard))
        for of, part in zip(loads, own, strict=True):
            of[shard] += part
    for of in loads:
        of[:] = map(sum, zip(of, tail, strict=True))
    sums = [sum(of) for of in loads]
    shares = [[load / total for load in of] for of, total in zip(loads, sums, strict=True)]
    rows, writes, sizes = sums
    return shares, [Large((a / rows, b / writes, c / sizes), shard) for (a, b, c), shard in head]


def weights(cluster: Cluster) -> Iterator[float]:
    """Yield how large each account is, the largest first."""
    if cluster.law == "zipf":
        power = -cluster.skew
        yield from (rank**power for rank in range(1, cluster.accounts + 1))
        return
    normal = NormalDist(0.0, cluster.skew)
    for rank in range(cluster.accounts):
        yield math.exp(normal.inv_cdf(1 - (rank + 0.5) / cluster.accounts))


def packed(loads: Sequence[float], nodes: int) -> list[int]:
    """Place shards on nodes as rebalancing by size would: the largest where most room is."""
    room = [(0.0, node) for node in range(nodes)]
    places = [0] * len(loads)
    for shard in sorted(range(len(loads)), key=lambda each: -loads[each]):
        held, node = heapq.heappop(room)
        places[shard] = node
        heapq.heappush(room, (held + loads[shard], node))
    return places


def by_node(loads: Sequence[float], places: Sequence[int], nodes: int) -> list[float]:
    """Sum the shards of each node."""
    held = [0.0] * nodes
    for load, node in zip(loads, places, strict=True):
        held[node] += load
    return held


def uneven(loads: Sequence[float]) -> float:
    """Return the most that one has, against the mean."""
    return max(loads) / (sum(loads) / len(loads))


def largest(cluster: Cluster, account: Large) -> dict[str, float]:
    """Set the largest account against a shard and a node; say at which share it outgrows them."""
    rows, writes, size = account.parts
    all_bytes = cluster.items * cluster.item_bytes
    return {
        "share_of_rows": rows,
        "share_of_bytes": size,
        "mean_shards": size * cluster.shards,
        "node_bytes": size * all_bytes / cluster.node_bytes,
        "node_writes": writes * cluster.writes / cluster.node_writes,
        "outgrows_shard_at": 1 / cluster.shards,
        "outgrows_node_at": min(
            cluster.node_bytes / all_bytes, cluster.node_writes / cluster.writes
        ),
        "nodes_needed": max(all_bytes / cluster.node_bytes, cluster.writes / cluster.node_writes),
    }


def table(found: dict[str, object]) -> str:
    """Write the figures as a table for a page."""
    lines = ["| most against mean | rows | writes | bytes |", "| --- | --- | --- | --- |"]
    for kind in ("shards", "nodes"):
        ways = found[kind]
        assert isinstance(ways, dict)
        for way, figures in ways.items():
            cells = " | ".join(f"{figure:.2f}" for figure in figures)
            lines.append(f"| {kind}, {way} | {cells} |")
    told = found["largest"]
    assert isinstance(told, dict)
    return "\n".join([*lines, "", *(f"{name:>18} {figure:.4g}" for name, figure in told.items())])


def _around_one(chance: random.Random, sigma: float) -> float:
    return math.exp(chance.gauss(0.0, sigma) - sigma * sigma / 2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--accounts", type=int, default=10_000_000)
    parser.add_argument("--law", choices=("zipf", "lognormal"), default="zipf")
    parser.add_argument("--skew", type=float, default=1.0, help="exponent, or sigma")
    parser.add_argument("--shards", type=int, default=64)
    parser.add_argument("--nodes", type=int, default=8)
    parser.add_argument("--apart", type=int, default=10, help="largest accounts set apart")
    parser.add_argument("--items", type=int, default=10_000_000_000, help="rows in all")
    parser.add_argument("--writes", type=float, default=10_000, help="items a second in all")
    parser.add_argument("--item-bytes", type=float, default=2_000, dest="item_bytes")
    parser.add_argument("--node-bytes", type=float, default=4e12, dest="node_bytes")
    parser.add_argument("--node-writes", type=float, default=4_000, dest="node_writes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
