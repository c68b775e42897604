"""What an examination finds: whether it is right, and what to do where it is not."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """How it stands with something."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


class Finding(NamedTuple):
    """One thing that was looked at: what it is about, how it stands, and what to change."""

    about: str
    verdict: Verdict
    text: str
    advice: str = ""


def ok(about: str, text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(about, Verdict.OK, text)


def warning(about: str, text: str, advice: str) -> Finding:
    """Say that something works, and could be better."""
    return Finding(about, Verdict.WARNING, text, advice)


def wrong(about: str, text: str, advice: str) -> Finding:
    """Say that something does not work."""
    return Finding(about, Verdict.WRONG, text, advice)
