"""The keys that work on every page: one table for the handler, the help and the settings page."""

from typing import NamedTuple


class Shortcut(NamedTuple):
    """Keys to press one after the other, what they do, and where they lead if anywhere."""

    keys: str
    meaning: str
    address: str = ""


# Texts of the catalogue; the script knows `t`, `?` and `/`, the rest by their addresses.
SHORTCUTS = (
    Shortcut("/", "Search the projects"),
    Shortcut("g p", "Go to projects", "/projects"),
    Shortcut("g u", "Go to plan and usage", "/usage"),
    Shortcut("g s", "Go to settings", "/settings/profile"),
    Shortcut("t", "Switch between light and dark"),
    Shortcut("?", "Show this help"),
    Shortcut("Esc", "Close what is open"),
)
