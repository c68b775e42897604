"""The keys that work on every page: one table for the handler, the help and the settings page."""

from typing import NamedTuple


class Shortcut(NamedTuple):
    """Keys to press one after the other, what they do, and where they lead if anywhere."""

    keys: str
    meaning: str
    address: str = ""


# Texts of the catalogue; the scripts know what single keys do, the rest by their addresses.
SHORTCUTS = (
    Shortcut("j", "Next item"),
    Shortcut("k", "Previous item"),
    Shortcut("o", "Open the item"),
    Shortcut("x", "Choose the item"),
    Shortcut("Shift+x", "Choose a range"),
    Shortcut("a", "Choose the page"),
    Shortcut("e", "Resolve"),
    Shortcut("r", "Mark as reviewed"),
    Shortcut("n", "Mark as new"),
    Shortcut("#", "Delete"),
    Shortcut("z", "Undo"),
    Shortcut("c", "Copy the link"),
    Shortcut("/", "Search"),
    Shortcut("g i", "Go to the inbox", "/inbox"),
    Shortcut("g p", "Go to projects", "/projects"),
    Shortcut("g u", "Go to plan and usage", "/usage"),
    Shortcut("g s", "Go to settings", "/settings/profile"),
    Shortcut("t", "Switch between light and dark"),
    Shortcut("?", "Show this help"),
    Shortcut("Esc", "Close what is open"),
)
