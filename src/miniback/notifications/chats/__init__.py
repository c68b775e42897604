"""Chats: what each is sent, and what its addresses are like. Another chat is one file more."""

from typing import Protocol

from miniback.notifications.chats import discord, slack, teams, telegram
from miniback.notifications.models import Kind, Told


class Chat(Protocol):
    """What a chat's file offers."""

    # What the address is like, for people: a text of the catalogue.
    HINT: str

    def is_address(self, url: str) -> bool:
        """Tell whether an address, which may be sent to at all, is one of this chat's."""

    def message(self, told: Told) -> bytes:
        """Write the JSON that the chat takes; nothing a visitor wrote is markup in it."""


CHATS: dict[Kind, Chat] = {
    Kind.SLACK: slack,
    Kind.DISCORD: discord,
    Kind.TEAMS: teams,
    Kind.TELEGRAM: telegram,
}

__all__ = ["CHATS", "Chat"]
