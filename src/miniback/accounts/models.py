"""Accounts, the people who belong to them, and their passwords."""

import re
from enum import StrEnum

import msgspec
from argon2 import PasswordHasher

from miniback.errors import Invalid

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1_000
LONGEST_EMAIL = 254
_EMAIL = re.compile(
    r"[^@\s\x00-\x1f\x7f\"(),:;<>\[\\\]]+@[^@\s\x00-\x1f\x7f.]+(\.[^@\s\x00-\x1f\x7f.]+)*"
)
# OWASP's password storage guide: argon2id with 19 MiB, two passes, one lane, or more.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Role(StrEnum):
    """What a member may do in an account."""

    OWNER = "OWNER"
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"
    VIEWER = "VIEWER"


class Account(msgspec.Struct, frozen=True):
    """A workspace: who pays, on which plan, since when."""

    id: str
    plan: str
    anchor: int


def checked_email(email: str) -> str:
    """Return an address in lower case, raising Invalid unless it has the form of one."""
    tidy = email.strip().lower()
    if len(tidy) > LONGEST_EMAIL or not _EMAIL.fullmatch(tidy):
        raise Invalid(f"'{email}' is not an email address")
    return tidy


def checked_password(password: str) -> str:
    """Return a password, raising Invalid where it is too short or longer than anyone types."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(f"A password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return password


def hash_password(password: str) -> str:
    """Hash a password by argon2id; takes tens of milliseconds and 19 MiB, so never on a loop."""
    return _HASHER.hash(password)
