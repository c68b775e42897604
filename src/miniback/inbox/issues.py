"""Links that begin an issue in a tracker, filled in with what was said (FD7)."""

from typing import NamedTuple
from urllib.parse import quote

LONGEST_ADDRESS = 8_000
_LONGEST_TITLE = 80
_TRACKERS = {
    "GitHub": "https://github.com/issues/new?title={title}&body={body}",
    "Linear": "https://linear.new/?title={title}&description={body}",
}


class IssueLink(NamedTuple):
    """A tracker and the address that begins an issue there."""

    tracker: str
    address: str


def links(message: str, permalink: str) -> list[IssueLink]:
    """Return a link a tracker; a long message is cut so that no address is longer than 8,000."""
    line = " ".join(message.split())
    title = quote(line[:_LONGEST_TITLE], safe="")
    found = []
    for tracker, pattern in _TRACKERS.items():
        room = LONGEST_ADDRESS - len(pattern) - len(title) - len(quote("\n\n" + permalink, safe=""))
        body = quote(f"{_cut(message, room)}\n\n{permalink}", safe="")
        found.append(IssueLink(tracker, pattern.format(title=title, body=body)))
    return found


def _cut(message: str, room: int) -> str:
    """Return as much of a message as takes no more than so many characters in an address."""
    while len(quote(message, safe="")) > room:
        surplus = len(quote(message, safe="")) - room
        # A character takes at most twelve.
        message = message[: -max(1, surplus // 12)]
    return message
