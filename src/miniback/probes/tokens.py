"""Tokens in the database, each good for one answer within a minute: who has one works here."""

import hashlib
import secrets

from miniback import clock, vault
from miniback.db import Tx

PATH = "/probe.json"
HEADER = "x-miniback-probe"
_LIFE_MS = 60_000


def issue(tx: Tx) -> str:
    """Return a new token."""
    token = secrets.token_urlsafe(24)
    vault.lend(tx, _name(token), clock.now() + _LIFE_MS)
    return token


def take(tx: Tx, token: str) -> bool:
    """Use a token up; False where it is none."""
    return vault.take_back(tx, _name(token))


def is_one(tx: Tx, token: str) -> bool:
    """Tell whether a token is good; a look that costs no write."""
    return vault.is_lent(tx, _name(token))


def _name(token: str) -> str:
    return "probe " + hashlib.sha256(token.encode()).hexdigest()
