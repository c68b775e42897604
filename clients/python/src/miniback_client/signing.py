"""Whether a webhook's message is really from the server, as Standard Webhooks has it."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from miniback_client.errors import WebhookError
from miniback_client.models import Delivered
from miniback_client.reading import read

PREFIX = "whsec_"
VERSION = "v1"
# How far the clocks may be apart, and how late a copy may be sent by somebody else.
TOLERANCE_S = 300


def verify_webhook(body: bytes | str, headers: Mapping[str, str], secret: str) -> Delivered:
    """Return what a message says; WebhookError where its signature does not fit or it is old.

    `body` is what came, to the byte. The same `id` may come again: keep those you have seen.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, sent_at, signatures = (
            given[f"webhook-{part}"] for part in ("id", "timestamp", "signature")
        )
    except KeyError as missing:
        raise WebhookError(f"the header {missing} is missing") from None
    if not sent_at.isascii() or not sent_at.isdigit():
        raise WebhookError("the header webhook-timestamp is no time")
    if abs(time.time() - int(sent_at)) > TOLERANCE_S:
        raise WebhookError("the message is too old, or the clocks are too far apart")
    content = body.encode() if isinstance(body, str) else body
    signed = b"%s.%s.%s" % (message_id.encode(), sent_at.encode(), content)
    if not _is_among(_signature(signed, secret), signatures):
        raise WebhookError("no signature fits")
    return _delivered(message_id, content)


def _signature(signed: bytes, secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError("the webhook's secret is not one: it begins with whsec_")
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256))


def _is_among(expected: bytes, signatures: str) -> bool:
    parts = (each.partition(",") for each in signatures.split(" "))
    given = [text.encode() for version, _, text in parts if version == VERSION]
    return any(hmac.compare_digest(expected, each) for each in given)


def _delivered(message_id: str, content: bytes) -> Delivered:
    told = json.loads(content)
    return read(Delivered, {"id": message_id, **told, **told["data"]})
