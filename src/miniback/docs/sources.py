"""The pages as they are written: Markdown, in the wheel or in a checkout of the repository."""

import posixpath
import re
from pathlib import Path

from miniback.docs.contents import CHANGELOG, PAGES

# Builds put them here (hatch_build.py); a checkout has them where people read and write them.
_IN_THE_WHEEL = Path(__file__).parent / "markdown"
_CHECKOUT = Path(__file__).parents[3]
# What stands elsewhere in the repository and on this server too.
_SERVED = {
    "src/miniback/openapi.yaml": "/openapi.json",
    "CHANGELOG.md": f"/docs/{CHANGELOG}",
    "README.md": "/docs",
    "docs/README.md": "/docs",
}
_CODE = re.compile(r"(^ *```.*?^ *```[^\n]*$|`[^`\n]+`)", re.M | re.S)
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+)\)")
# They name the tests that show what is said, for those who have the repository.
_PROOFS = re.compile(r"\s*<sub>.*?</sub>", re.S)
# Asides for those who work on the program.
_ASIDES = re.compile(r"\s*\(\[[^\[\]]*\]\((?:docs/)?decisions/[^()\s]+\)\)")


def markdown(slug: str) -> str:
    """Return a page for readers of this server: links lead to its pages, or are plain text."""
    folder = "" if slug == CHANGELOG else "docs"
    text = _ASIDES.sub("", _PROOFS.sub("", _file(slug).read_text(encoding="utf-8")))
    parts = _CODE.split(text)
    # Code is whatever it is; a link's text may hold code, so links are found across it.
    return _restored(_LINK.sub(lambda found: _relinked(found, folder), _hidden(parts)), parts)


def _file(slug: str) -> Path:
    name = f"{PAGES[slug].slug}.md"
    if _IN_THE_WHEEL.is_dir():
        return _IN_THE_WHEEL / name
    return _CHECKOUT / "CHANGELOG.md" if slug == CHANGELOG else _CHECKOUT / "docs" / name


def _hidden(parts: list[str]) -> str:
    """Put a mark of no meaning where code stands."""
    return "".join(f"\0{at}\0" if at % 2 else part for at, part in enumerate(parts))


def _restored(text: str, parts: list[str]) -> str:
    return re.sub("\0(\\d+)\0", lambda found: parts[int(found[1])], text)


def _relinked(found: re.Match[str], folder: str) -> str:
    text, target = found[1], found[2]
    if target.startswith(("#", "https:", "http:", "mailto:")):
        return found[0]
    path, mark, anchor = target.partition("#")
    address = _address(posixpath.normpath(posixpath.join(folder, path)))
    return f"[{text}]({address}{mark}{anchor})" if address else text


def _address(path: str) -> str:
    """Return where a file of the repository is served, '' where it is not."""
    slug = path.removeprefix("docs/").removesuffix(".md")
    return f"/docs/{slug}" if path == f"docs/{slug}.md" and slug in PAGES else _SERVED.get(path, "")
