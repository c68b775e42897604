"""What all chats say: a headline of ours, the visitor's words, and where to read on."""

import unicodedata

from miniback.notifications.models import Told

LONGEST_MESSAGE = 2_500
LONGEST_NAME = 100
_HIDDEN = ("Cf", "Cc", "Co", "Cs")


def headline(told: Told) -> str:
    """Return the first line; the project's name is a member's own."""
    name = plain(told.project_name, LONGEST_NAME).replace("\n", " ")
    if told.previous_status:
        return f"{name}: {told.previous_status.title()} → {told.status.title()}"
    return f"{name}: new feedback"


def words(told: Told) -> str:
    """Return the visitor's words, as much as fits, without characters that do something."""
    return plain(told.message, LONGEST_MESSAGE)


def plain(text: str, longest: int) -> str:
    """Return a text without control and direction characters, cut to a length."""
    visible = "".join(
        each for each in text if each == "\n" or unicodedata.category(each) not in _HIDDEN
    )
    return visible if len(visible) <= longest else visible[:longest] + "…"
