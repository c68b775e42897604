"""What the server tells of the plan's limits with each answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PART = re.compile(r'"([\w-]+)"((?:;\w+=\d+)*)')


@dataclass(frozen=True)
class Limit:
    """One limit: how many in a period, how many are left, and seconds until it starts again."""

    allowed: int
    period_s: int
    remaining: int
    resets_in_s: int


def limits(headers: Mapping[str, str]) -> dict[str, Limit]:
    """Return the limits by their names, `api-calls` and `feedback`; none where there are none."""
    allowed, left = _parts(headers, "ratelimit-policy"), _parts(headers, "ratelimit")
    return {
        name: Limit(allowed[name]["q"], allowed[name]["w"], left[name]["r"], left[name]["t"])
        for name in allowed.keys() & left.keys()
    }


def _parts(headers: Mapping[str, str], name: str) -> dict[str, dict[str, int]]:
    found = _PART.findall(headers.get(name, ""))
    return {part: {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", rest)} for part, rest in found}
