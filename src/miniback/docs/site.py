"""Every page of the documentation, written when it is first asked for and kept from then on."""

import threading
from collections.abc import Iterator
from typing import Any

from miniback import http
from miniback.docs import bruno, calls, listings, postman, reference, rendering, showing, sources
from miniback.docs.calls import Tag
from miniback.docs.contents import PAGES
from miniback.docs.listings import API, BRUNO, EXPLORER, LLMS, POSTMAN, ROOT, SEARCH, SITEMAP
from miniback.docs.rendering import Passage, Rendered
from miniback.docs.searching import Index
from miniback.http import Packed
from miniback.shell import Shell

_TEMPLATES = "docs/templates"


class Site:
    """The documentation of one server, which is known by one address.

    What it does may take a while, and is done in threads, off the event loop.
    """

    def __init__(self, page_shell: Shell, base_url: str) -> None:
        self._shell = page_shell
        self._base_url = base_url
        self._kept: dict[str, Packed] = {}
        self._index: Index | None = None
        self._writing = threading.Lock()

    def file(self, address: str) -> Packed | None:
        """Return what stands at an address, None where nothing does."""
        if found := self._kept.get(address):
            return found
        with self._writing:
            file = self._kept.get(address) or self._write(address)
            if file:
                self._kept[address] = file
            return file

    def search(self, query: str) -> bytes:
        """Return the page of what a query finds."""
        with self._writing:
            if self._index is None:
                self._index = Index(_searched())
        found = self._index.find(query)
        return self._page(SEARCH, "search", "Search", query=query, found=found)

    def _write(self, address: str) -> Packed | None:
        """Write what is asked for, if it is one of the pages that there are."""
        name = address.removeprefix(f"{ROOT}/").removesuffix(".md")
        is_twin = address.endswith(".md")
        if name in PAGES:
            text = sources.markdown(name)
            return _packed(text) if is_twin else self._guide(address, name, text)
        if address.removesuffix(".md") == API:
            text = reference.overview()
            return _packed(text) if is_twin else self._guide(address, reference.SLUG, text)
        tag = next((each for each in calls.tags() if name == f"{reference.SLUG}/{each.slug}"), None)
        if tag:
            return _packed(reference.twin(tag, self._base_url)) if is_twin else self._group(tag)
        return self._made(address)

    def _made(self, address: str) -> Packed | None:
        """Write what is no page of the contents."""
        match address:
            case listings.ROOT:
                page = self._page(address, "home", "Documentation", cards=showing.cards())
            case listings.EXPLORER:
                page = self._page(address, "explorer", "API explorer")
            case listings.POSTMAN:
                page = http.encode(postman.collection(self._base_url))
            case listings.BRUNO:
                return http.as_it_is(bruno.collection(self._base_url))
            case listings.LLMS:
                page = listings.llms(self._base_url).encode()
            case listings.SITEMAP:
                page = listings.sitemap(self._base_url).encode()
            case _:
                return None
        return http.packed(page)

    def _guide(self, address: str, slug: str, markdown: str) -> Packed:
        read = rendering.rendered(markdown)
        values = {"read": read, "next_page": showing.after(slug), "is_reference": address == API}
        return http.packed(self._page(address, "guide", read.title, read.summary, **values))

    def _group(self, tag: Tag) -> Packed:
        about = rendering.rendered(tag.description)
        shown = [showing.shown(call, self._base_url) for call in tag.calls]
        values = {"tag": tag, "about": about, "shown": shown}
        page = self._page(f"{API}/{tag.slug}", "group", f"{tag.name} API", about.summary, **values)
        return http.packed(page)

    def _page(
        self, address: str, template: str, title: str, summary: str = "", **values: Any
    ) -> bytes:
        return self._shell.public(
            f"{_TEMPLATES}/{template}.html",
            here=address,
            title=title,
            summary=summary or showing.SUMMARY,
            menu=listings.menu(),
            postman=POSTMAN,
            bruno=BRUNO,
            explorer=EXPLORER,
            llms=LLMS,
            sitemap=SITEMAP,
            **{"query": "", **values},
        )


def _packed(text: str) -> Packed:
    return http.packed(text.encode())


def _searched() -> Iterator[tuple[str, str, tuple[Passage, ...]]]:
    """Yield the pages with what is found on them."""
    for slug, page in PAGES.items():
        yield f"{ROOT}/{slug}", page.title, rendering.rendered(sources.markdown(slug)).passages
    overview: Rendered = rendering.rendered(reference.overview())
    yield API, reference.TITLE, overview.passages
    for tag in calls.tags():
        passages = [showing.passage(call) for call in tag.calls]
        yield f"{API}/{tag.slug}", f"{tag.name} API", tuple(passages)
