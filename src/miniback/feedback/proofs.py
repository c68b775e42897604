"""Proof of work: challenges in the format of ALTCHA version 2, and whether one was solved (T1)."""

import base64
import binascii
import json
from typing import Any

import altcha

from miniback import clock
from miniback.feedback.visitors import Solved

SECRET = "challenges"  # noqa: S105 - a name
LIFE_MS = 10 * 60 * clock.SECOND_MS
# 256 tries on average of so many rounds of SHA-256: under half a second in a slow browser, 12 ms
# here to check nothing, since one try is checked.
COST = 40
_PREFIX = "00"
_LONGEST = 4_000


def challenge(secret: bytes, project_id: str) -> dict[str, Any]:
    """Make a challenge for a submission to one project."""
    made = altcha.create_challenge(
        "SHA-256",
        COST,
        key_prefix=_PREFIX,
        expires_at=(clock.now() + LIFE_MS) // clock.SECOND_MS,
        data={"project": project_id},
        hmac_secret=secret,
    )
    laid_out: dict[str, Any] = made.to_dict()
    return laid_out


def solved(secret: bytes, project_id: str, payload: object) -> Solved | None:
    """Return the challenge of this project that a payload solves, None where it solves none.

    Its cost is in what is signed, so nobody makes it cheaper; that it is used once is seen to where
    the submission is kept.
    """
    if not isinstance(payload, str) or not payload or len(payload) > _LONGEST:
        return None
    try:
        content = json.loads(base64.b64decode(payload, validate=True))
        parameters = content["challenge"]["parameters"]
        signature = content["challenge"]["signature"]
        is_ours = parameters["data"] == {"project": project_id}
        expires_at = parameters["expiresAt"] * clock.SECOND_MS
        result = altcha.verify_solution(payload, secret)
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError, binascii.Error):
        return None
    if not is_ours or not result.verified:
        return None
    return Solved(signature, expires_at)
