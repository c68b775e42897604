"""Tokens: 256 random bits that open a session or a link, kept as a hash alone."""

import hashlib
import re
import secrets

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def new() -> str:
    """Make a token, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def is_one(text: str) -> bool:
    """Tell whether a text has the shape of a token, so that nothing else reaches the database."""
    return _SHAPE.fullmatch(text) is not None


def hashed(token: str) -> str:
    """Hash a token; tokens are random, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
