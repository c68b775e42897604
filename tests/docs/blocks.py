"""The fenced blocks of the documentation's pages, and the one script that a page comes to.

Words behind a block's language are seen neither in the repository nor on the site:

    no-run    cannot run here: it installs, serves for good, or needs what a test has not
    refused   shows an answer that refuses; everywhere else a refused call fails
    answer    is what the block before it answers, but for ids, times and what `…` stands for
    browser   is for a page with the widget on it
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = (
    ROOT / "README.md",
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(ROOT.glob("clients/*/README.md")),
)
RUNNABLE = ("sh", "python", "js")
SHOWN = ("json", "html", "http", "text", "yaml", "nginx", "ini", "caddy", "dockerfile", "toml")
WORDS = {"no-run", "refused", "answer", "browser"}
_BLOCK = re.compile(r"^```(?P<language>\w*)(?P<words>[^\n`]*)\n(?P<text>.*?)^``` *$", re.M | re.S)


class Block(NamedTuple):
    """A block, and where it begins."""

    page: str
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def runs(self) -> bool:
        """Whether it runs beside a server."""
        return self.language in RUNNABLE and not {"no-run", "browser"} & set(self.words)

    @property
    def where(self) -> str:
        """Its place, as editors find it."""
        return f"{self.page}:{self.line}"


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page in their order."""
    text = page.read_text()
    return [
        Block(
            page=str(page.relative_to(ROOT)),
            line=text.count("\n", 0, found.start()) + 1,
            language=found["language"],
            words=tuple(found["words"].split()),
            text=found["text"],
        )
        for found in _BLOCK.finditer(text)
    ]


def script(blocks: Sequence[Block], output: Path) -> str:
    """Write blocks as one session of a shell; what each says goes to a file named by its line."""
    return "set -eu\n" + "\n".join(_step(block, output) for block in blocks)


def _step(block: Block, output: Path) -> str:
    # Read by curl: whether an answer that refuses is a failure.
    curl = "lenient" if "refused" in block.words else "strict"
    begin = f'export CURL_HOME="{output / curl}"\nexec > "{output / str(block.line)}"\n'
    if block.language == "sh":
        return begin + block.text
    ending, command = {
        "python": ("py", "python -W error"),
        "js": ("mjs", "node"),
    }[block.language]
    file = f"block-{block.line}.{ending}"
    return f"{begin}cat > {file} <<'END-OF-BLOCK'\n{block.text}END-OF-BLOCK\n{command} {file}\n"
