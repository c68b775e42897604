"""The inbox: where a team reads what came in, and works through it."""

from miniback.inbox.live import Live
from miniback.inbox.menu import menu

__all__ = ["Live", "menu"]
