"""What there is in the documentation: as a menu, for search engines, and for language models."""

from html import escape
from typing import NamedTuple

from miniback.docs import calls, reference, rendering, sources
from miniback.docs.contents import CONTENTS

ROOT = "/docs"
API = f"{ROOT}/{reference.SLUG}"
EXPLORER, SEARCH = f"{ROOT}/explorer", f"{ROOT}/search"
POSTMAN, BRUNO = f"{ROOT}/miniback.postman_collection.json", f"{ROOT}/miniback.bruno.zip"
LLMS, SITEMAP = "/llms.txt", "/sitemap.xml"
_REFERENCE = "Reference"


class Entry(NamedTuple):
    """A page in a list; `is_below` that which stands above it."""

    address: str
    title: str
    is_below: bool = False


def menu() -> list[tuple[str, list[Entry]]]:
    """Return the headings of the menu, and the pages under each."""
    guides = [
        (section.title, [Entry(f"{ROOT}/{page.slug}", page.title) for page in section.pages])
        for section in CONTENTS
    ]
    groups = [Entry(f"{API}/{tag.slug}", tag.name, True) for tag in calls.tags()]
    return [
        *guides,
        (_REFERENCE, [Entry(API, reference.TITLE), *groups, Entry(EXPLORER, "API explorer")]),
    ]


def sitemap(base_url: str) -> str:
    """Return the pages for search engines (sitemaps.org)."""
    addresses = [ROOT, *(entry.address for _, entries in menu() for entry in entries)]
    lines = "".join(f"<url><loc>{escape(base_url + each)}</loc></url>\n" for each in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )


def llms(base_url: str) -> str:
    """Return the pages for language models (llmstxt.org), each as Markdown."""
    lines = [
        "# Miniback",
        "",
        f"> {calls.description()['info']['summary']} This server's documentation, as Markdown.",
    ]
    for section in CONTENTS:
        lines += ["", f"## {section.title}", ""]
        for page in section.pages:
            summary = rendering.rendered(sources.markdown(page.slug)).summary
            lines.append(f"- [{page.title}]({base_url}{ROOT}/{page.slug}.md): {summary}")
    lines += ["", f"## {_REFERENCE}", "", f"- [{reference.TITLE}]({base_url}{API}.md): all calls"]
    for tag in calls.tags():
        names = ", ".join(call.summary for call in tag.calls)
        lines.append(f"- [{tag.name}]({base_url}{API}/{tag.slug}.md): {names}")
    lines.append(f"- [openapi.json]({base_url}/openapi.json): the same for programs")
    return "\n".join(lines) + "\n"
