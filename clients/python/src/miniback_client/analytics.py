"""The numbers of the analytics."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Counts:
    """What came in, and how far the team is with it."""

    received: int
    open: int
    new: int
    reviewed: int
    resolved: int
    widget: int
    api: int


@dataclass(frozen=True)
class Days:
    """Whole days of a time zone, the last one included."""

    start: date
    end: date
    time_zone: str


@dataclass(frozen=True)
class DayCounts(Counts):
    """The counts of one day."""

    date: date


@dataclass(frozen=True)
class Earlier(Counts):
    """The same of as many days before."""

    range: Days
    median_to_resolve_seconds: int | None


@dataclass(frozen=True)
class Value:
    """One value, and how many items have it."""

    value: str
    items: int


@dataclass(frozen=True)
class Values:
    """The most frequent values of what items tell of themselves."""

    items: int
    different: int
    values: list[Value]


@dataclass(frozen=True)
class Analytics(Counts):
    """The numbers of a range of days; a plan without advanced analytics gets the counts alone."""

    range: Days
    days: list[DayCounts]
    before: Earlier | None
    median_to_resolve_seconds: int | None
    paths: Values | None
    browsers: Values | None
    devices: Values | None
    languages: Values | None
    ratings: Values | None
    week: list[list[int]] | None
