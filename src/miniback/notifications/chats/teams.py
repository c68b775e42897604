"""Microsoft Teams, by a workflow's webhook: an Adaptive Card whose words are escaped."""

import re
from urllib.parse import urlsplit

import msgspec

from miniback.notifications.chats.wording import headline, words
from miniback.notifications.models import Told

HINT = "The address of a workflow “When a Teams webhook request is received”."
# Marks of the Markdown that a card understands: what begins lists, emphasis and links.
_MARKS = re.compile(r"([\\*_\[\]()`#+!<>&-])")


def is_address(url: str) -> bool:
    """Tell whether an address may be a workflow's; there are many hosts of them."""
    return urlsplit(url).path not in ("", "/")


def message(told: Told) -> bytes:
    """Write a card (T6)."""
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": [
            {
                "type": "TextBlock",
                "weight": "Bolder",
                "wrap": True,
                "text": _escaped(headline(told)),
            },
            {"type": "TextBlock", "wrap": True, "text": _escaped(words(told))},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Open in the inbox", "url": told.link}],
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return msgspec.json.encode({"type": "message", "attachments": [content]})


def _escaped(text: str) -> str:
    # A card makes links of addresses by itself; a word joiner after the colon keeps them text.
    marked = _MARKS.sub(r"\\\1", text)
    return re.sub(r"(?i)\b(https?|ftp|mailto|www)([:.])", "\\1\\2\u2060", marked)
