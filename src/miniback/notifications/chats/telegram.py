"""Telegram, by a bot: plain text without any parse mode, into one chat."""

from urllib.parse import parse_qs, urlsplit

import msgspec

from miniback.notifications.chats.wording import headline, words
from miniback.notifications.models import Told

HINT = "https://api.telegram.org/bot…/sendMessage?chat_id=…, with your bot's token and the chat."


def is_address(url: str) -> bool:
    """Tell whether an address is a bot's call with the chat that it is to write to."""
    parts = urlsplit(url)
    return parts.path.endswith("/sendMessage") and bool(parse_qs(parts.query).get("chat_id"))


def message(told: Told) -> bytes:
    """Write a text: without a parse mode nothing in it is markup; no preview of any link (T6)."""
    text = f"{headline(told)}\n\n{words(told)}\n\n{told.link}"
    return msgspec.json.encode(
        {
            "text": text,
            "link_preview_options": {"is_disabled": True},
            # What looks like a command or a name in it does nothing.
            "entities": [{"type": "code", "offset": 0, "length": _units(text) - _units(told.link)}],
        }
    )


def _units(text: str) -> int:
    """Return a length as Telegram counts it, in code units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2
