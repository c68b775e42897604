"""Passwords: what one must be like, and how it is kept (OWASP Password Storage; ASVS 6.2)."""

import asyncio
import contextlib
import ctypes
import functools
import importlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from miniback.errors import Invalid

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1_000
# Each hash takes 19 MiB and a core for tens of milliseconds; the rest of the server goes on.
_AT_ONCE = 2
# zxcvbn's scale from 0 to 4: below this a password is found within a million guesses.
_LEAST_SCORE = 2
# What lies behind is not looked at; the time that it takes grows with the square.
_LONGEST_GUESSED = 72
# glibc's mallopt(3): M_MMAP_THRESHOLD.
_MMAP_THRESHOLD, _LARGE_BLOCK_BYTES = -3, 1024 * 1024
# OWASP's password storage guide: argon2id with 19 MiB, two passes, one lane, or more.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Hashes and verifies passwords in a few threads of its own."""

    def __init__(self) -> None:
        _return_large_blocks()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="password")

    async def hash(self, password: str) -> str:
        """Hash a password for keeping."""
        hashed: str = await self._run(hash_password, password)
        return hashed

    async def is_right(self, password_hash: str | None, password: str) -> bool:
        """Verify a password; where there is nothing to compare with, it takes as long to say no."""
        is_right: bool = await self._run(_is_right, password_hash, password)
        return is_right

    async def check_new(self, password: str, known: Sequence[str]) -> None:
        """Raise Invalid for a new password that is too short or easy to guess.

        `known` is what anybody may know of the person: their address, their name.
        """
        checked_password(password)
        if await self._run(_is_guessable, password, known):
            raise Invalid("This password is easy to guess; take a longer or less common one")

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown()

    async def _run(self, work: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)


def _return_large_blocks() -> None:
    """Have glibc give a hash's 19 MiB back to the system, which it otherwise learns to keep.

    Its threshold for blocks of their own grows with each that is freed, unless it is set.
    """
    with contextlib.suppress(AttributeError, OSError):  # no glibc, nothing to learn
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BLOCK_BYTES)


def checked_password(password: str) -> str:
    """Return a password, raising Invalid where it is too short or longer than anyone types."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(f"A password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return password


def hash_password(password: str) -> str:
    """Hash a password by argon2id; takes tens of milliseconds and 19 MiB, so never on a loop."""
    return _HASHER.hash(password)


def _is_right(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or _nobodys(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobodys() -> str:
    return hash_password("nobody has this password")


def _is_guessable(password: str, known: Sequence[str]) -> bool:
    # Its lists of words weigh 13 MB, and most processes never see a new password.
    zxcvbn = importlib.import_module("zxcvbn").zxcvbn
    words = [part for each in known for part in (each, *each.split("@")) if part]
    return bool(zxcvbn(password[:_LONGEST_GUESSED], words)["score"] < _LEAST_SCORE)
