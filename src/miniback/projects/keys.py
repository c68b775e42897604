"""API keys: format, checksum, and how they are shown and stored (contract section 2)."""

import hashlib
import re
import secrets
import zlib

PREFIX = "mbk_"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_CHARACTERS = 30
_CHECKSUM_CHARACTERS = 6
_SHAPE = re.compile(r"mbk_[0-9A-Za-z]{36}")
_CHECKED = len(PREFIX) + _RANDOM_CHARACTERS


def new() -> str:
    """Make a key; only its hash is ever stored."""
    start = PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM_CHARACTERS))
    return start + checksum(start)


def checksum(start: str) -> str:
    """Return the CRC-32 of a key's first 34 characters in base 62, six wide."""
    number = zlib.crc32(start.encode("ascii"))
    digits = ""
    for _ in range(_CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def is_well_formed(key: str) -> bool:
    """Tell whether a key can be one at all, without asking the database."""
    return _SHAPE.fullmatch(key) is not None and key[_CHECKED:] == checksum(key[:_CHECKED])


def hashed(key: str) -> str:
    """Hash a key for storage; keys are random, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def masked(key: str) -> str:
    """Return what may be shown of a key later on: mbk_1a2b…x9z0."""
    return f"{key[:8]}…{key[-4:]}"
