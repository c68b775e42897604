"""What is said once on the next page: "Project paused. Undo". It travels in a cookie.

Signed with the secret of the visit, so nobody else can put words on our page.
"""

import base64
import binascii
import hmac

import msgspec


class Notice(msgspec.Struct, frozen=True):
    """A sentence, already in the reader's language, and what would take the deed back.

    `undo` is the address of a form without fields of its own, '' where there is nothing to undo.
    """

    text: str
    undo: str = ""


_decoder = msgspec.json.Decoder(Notice)


def sealed(notice: Notice, secret: str) -> str:
    """Write a notice as the value of a cookie."""
    body = msgspec.json.encode(notice)
    return base64.urlsafe_b64encode(_seal(body, secret) + body).decode().rstrip("=")


def opened(value: str, secret: str) -> Notice | None:
    """Read a notice; None where there is none or it is not ours."""
    if not value or not secret:
        return None
    try:
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        body = raw[32:]
        is_ours = hmac.compare_digest(raw[:32], _seal(body, secret))
        return _decoder.decode(body) if is_ours else None
    except (binascii.Error, ValueError):
        return None


def _seal(body: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"notice" + body, "sha256")
