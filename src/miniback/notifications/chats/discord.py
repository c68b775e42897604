"""Discord, by a channel's webhook: an embed whose words are escaped, and no mentions at all."""

import re
from urllib.parse import urlsplit

import msgspec

from miniback.notifications.chats.wording import headline, words
from miniback.notifications.models import Told

HINT = "https://discord.com/api/webhooks/…, from the channel's “Integrations”."
# Marks of its Markdown, of mentions and of links; a backslash before each makes it a letter.
_MARKS = re.compile(r"([\\*_~`|>#\[\]()<@:/!&.-])")
_LONGEST = 4_000


def is_address(url: str) -> bool:
    """Tell whether an address is a webhook of Discord's kind."""
    return "/webhooks/" in urlsplit(url).path


def message(told: Told) -> bytes:
    """Write an embed (T6)."""
    return msgspec.json.encode(
        {
            "allowed_mentions": {"parse": []},
            "embeds": [
                {
                    "title": _escaped(headline(told))[:250],
                    "url": told.link,
                    "description": _escaped(words(told))[:_LONGEST],
                }
            ],
        }
    )


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
