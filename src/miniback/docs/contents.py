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
        "Begin",
        (
            Page("quick-start", "Quick start"),
            Page("plans", "Plans and limits"),
            Page("migrating", "Migrating"),
        ),
    ),
    Section(
        "Take feedback in",
        (
            Page("widget", "Widget"),
            Page("mobile", "Mobile and desktop apps"),
            Page("domain-rules", "Domain rules"),
            Page("import", "Import"),
        ),
    ),
    Section(
        "Use the API",
        (
            Page("authentication", "Authentication"),
            Page("errors", "Errors"),
            Page("pagination", "Pagination"),
            Page("webhooks", "Webhooks"),
            Page("clients", "Clients"),
            Page("cli", "Command line"),
            Page("mcp", "Assistants (MCP)"),
            Page("api-security", "API security"),
            Page("compatibility", "Compatibility"),
        ),
    ),
    Section(
        "Work with it",
        (
            Page("notifications", "Mail and chats"),
            Page("analytics", "Analytics and insights"),
            Page("export", "Export"),
            Page("privacy", "Privacy"),
            Page("audit-log", "Audit log"),
            Page("billing", "Billing"),
        ),
    ),
    Section(
        "Run a server",
        (
            Page("self-hosting", "Self-hosting"),
            Page("install", "Installing"),
            Page("docker", "Docker"),
            Page("systemd", "A service of systemd"),
            Page("proxies", "Behind a proxy"),
            Page("mounting", "Inside a site of yours"),
            Page("settings", "Settings"),
            Page("operations", "Operations"),
            Page("backup", "Backup and restore"),
            Page("security", "Security"),
            Page("reliability", "Reliability"),
            Page("performance", "Performance"),
            Page("scaling", "Growing"),
            Page(CHANGELOG, "Changelog"),
        ),
    ),
)
PAGES = {page.slug: page for section in CONTENTS for page in section.pages}
