"""Is a change asked for by our own page? (OWASP, Cross-Site Request Forgery Prevention)

Two walls: what the browser says of the request's origin, and a token that only our pages know. The
token is made of a secret that stands in a cookie that no script can read, so nothing is stored. It
is masked anew each time: a compressed page does not give it away piece by piece.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from miniback.http import Request

FIELD = "csrf_token"
_SIZE = hashlib.sha256().digest_size
_OUR_OWN = ("same-origin", "none")


def token_for(secret: str) -> str:
    """Return a token that goes with a secret; another each time."""
    mask = secrets.token_bytes(_SIZE)
    return base64.urlsafe_b64encode(mask + _mixed(mask, _digest(secret))).decode()


def is_token_for(secret: str, token: str) -> bool:
    """Tell whether a token was made for a secret."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except (binascii.Error, ValueError):
        return False
    if not secret or len(raw) != 2 * _SIZE:
        return False
    return hmac.compare_digest(_mixed(raw[:_SIZE], raw[_SIZE:]), _digest(secret))


def origin_of(request: Request) -> bool | None:
    """Tell whether a browser says that a page of ours sent this; None where nobody says.

    Sec-Fetch-Site where the browser sends it, which it does on https and on the local machine
    alone; else Origin, which must be the address that this server is known by or is asked at.
    """
    site = request.header(b"sec-fetch-site").strip().lower()
    if site:
        return site in _OUR_OWN
    origin = request.header(b"origin").strip().lower()
    if not origin:
        return None
    host = request.header(b"host").strip().lower()
    return origin == request.state["own_origin"] or origin.partition("://")[2] == host


def _digest(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"csrf", "sha256")


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
