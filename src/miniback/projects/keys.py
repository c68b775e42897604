"""API keys: format, checksum, and how they are shown and stored (contract section 2)."""

import functools
import hashlib
import re
import secrets
import zlib

PREFIX = "mbk_"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Two digits at a time, since every call has a key to check.
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]
_RANDOM_CHARACTERS = 30
_SHAPE = re.compile(r"mbk_[0-9A-Za-z]{36}")
_CHECKED = len(PREFIX) + _RANDOM_CHARACTERS
_LENGTH = _CHECKED + 6


def new() -> str:
    """Make a key; only its hash is ever stored."""
    start = PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM_CHARACTERS))
    return start + checksum(start)


def checksum(start: str) -> str:
    """Return the CRC-32 of a key's first 34 characters in base 62, six wide."""
    high, low = divmod(zlib.crc32(start.encode("ascii")), len(_PAIRS))
    highest, high = divmod(high, len(_PAIRS))
    return _PAIRS[highest] + _PAIRS[high] + _PAIRS[low]


def is_well_formed(key: str) -> bool:
    """Tell whether a key can be one at all, without asking the database."""
    return _SHAPE.fullmatch(key) is not None and key[_CHECKED:] == checksum(key[:_CHECKED])


def hash_of_key(key: str) -> str:
    """Return the hash of what can be a key, '' for what cannot."""
    return _hash_of_key(key) if len(key) == _LENGTH else ""


def hashed(key: str) -> str:
    """Hash a key for storage; keys are random, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


# The keys of those who call most are in this process's memory with their requests anyway.
@functools.lru_cache(1_024)
def _hash_of_key(key: str) -> str:
    return hashed(key) if is_well_formed(key) else ""


def masked(key: str) -> str:
    """Return what may be shown of a key later on: mbk_1a2b…x9z0."""
    return f"{key[:8]}…{key[-4:]}"
