"""Slack, by an incoming webhook: plain text objects, which Slack takes for nothing else."""

from urllib.parse import urlsplit

import msgspec

from miniback.notifications.chats.wording import headline, words
from miniback.notifications.models import Told

HINT = "https://hooks.slack.com/services/…, from “Incoming Webhooks” of your Slack app."


def is_address(url: str) -> bool:
    """Tell whether an address is one of Slack's, or of a server that speaks as Slack does."""
    return urlsplit(url).path not in ("", "/")


def message(told: Told) -> bytes:
    """Write a message of blocks; the fallback text is escaped as Slack asks (T6)."""
    return msgspec.json.encode(
        {
            "text": escaped(headline(told)),
            "unfurl_links": False,
            "unfurl_media": False,
            "blocks": [
                {"type": "header", "text": _plain(headline(told)[:150])},
                {"type": "section", "text": _plain(words(told))},
                {
                    "type": "actions",
                    "elements": [
                        {"type": "button", "text": _plain("Open in the inbox"), "url": told.link}
                    ],
                },
            ],
        }
    )


def escaped(text: str) -> str:
    """Escape the three characters by which Slack's markup begins."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> dict[str, object]:
    return {"type": "plain_text", "text": text, "emoji": False}
