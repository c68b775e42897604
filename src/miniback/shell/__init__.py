"""The pages' shell: the layout around every page, its words, scripts and styles, and its forms."""

from miniback.shell import cookies, csrf, forms, notices
from miniback.shell.assets import routes as asset_routes
from miniback.shell.browsers import device
from miniback.shell.browsers import family as browser_family
from miniback.shell.browsers import named as browser
from miniback.shell.failures import is_for_programs
from miniback.shell.failures import page as failure
from miniback.shell.forms import Form
from miniback.shell.notices import Notice
from miniback.shell.pages import (
    PUBLIC_PAGE,
    Banner,
    Frame,
    Menu,
    MenuEntry,
    Shell,
    framed,
    framing,
    redirect,
)
from miniback.shell.times import day, duration, is_zone, zones

__all__ = [
    "PUBLIC_PAGE",
    "Banner",
    "Form",
    "Frame",
    "Menu",
    "MenuEntry",
    "Notice",
    "Shell",
    "asset_routes",
    "browser",
    "browser_family",
    "cookies",
    "csrf",
    "day",
    "device",
    "duration",
    "failure",
    "forms",
    "framed",
    "framing",
    "is_for_programs",
    "is_zone",
    "notices",
    "redirect",
    "zones",
]
