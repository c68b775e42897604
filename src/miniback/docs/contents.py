"""What the documentation holds, in the order in which it is read; a page is a file in docs/.

A new page is one line here: a test holds this list against the files.
"""

from typing import NamedTuple


class Page(NamedTuple):
    """A page: its file is docs/<slug>.md, and its address /docs/<slug>."""

    slug: str
    title: str


class Section(NamedTuple):
    """Pages under one heading."""

    title: str
    pages: tuple[Page, ...]


# The changelog stands at the root of the repository, where people look for it.
CHANGELOG = "changelog"
CONTENTS = (
    Section(
        "The widget",
        (Page("widget", "The widget"),),
    ),
    Section(
        "The API",
        (
            Page("clients", "Clients"),
            Page("compatibility", "Compatibility"),
        ),
    ),
    Section(
        "Guides",
        (
            Page("webhooks", "Webhooks"),
            Page("notifications", "Mail and chats"),
            Page("analytics", "Analytics and insights"),
            Page("import", "Import"),
            Page("export", "Export"),
            Page("privacy", "Privacy"),
            Page("audit-log", "The audit log"),
        ),
    ),
    Section(
        "Your own server",
        (
            Page("settings", "Settings"),
            Page("security", "Security"),
            Page("backup", "Backup and restore"),
            Page("operations", "Running a server"),
            Page("scaling", "Growing"),
            Page("reliability", "Reliability"),
            Page(CHANGELOG, "Changelog"),
        ),
    ),
)
PAGES = {page.slug: page for section in CONTENTS for page in section.pages}
