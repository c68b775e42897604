"""DO1: every block of the documentation runs as it stands, and answers as it says."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.answers import fits_http, fits_json
from tests.docs.blocks import PAGES, ROOT, RUNNABLE, SHOWN, WORDS, Block, blocks_of, script
from tests.docs.conftest import Reader
from tests.house import PATIENCE_S, carried_out

DATABASES = ("sqlite",)
BLOCKS = {page: blocks_of(page) for page in PAGES}
RUNNING = [page for page, blocks in BLOCKS.items() if any(block.runs for block in blocks)]
HAS_NODE = shutil.which("node") is not None


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def tried(blocks: list[Block], reader: Reader) -> dict[Block, str]:
    """Run blocks as one session, and return what each has said."""
    done = carried_out(
        ["sh", "-c", script(blocks, reader.output)],
        4 * PATIENCE_S,  # a page may start some twenty processes
        cwd=reader.folder,
        env=reader.environment,
    )
    files = {block: reader.output / str(block.line) for block in blocks}
    said = {block: file.read_text() for block, file in files.items() if file.exists()}
    last = list(said)[-1]
    assert done.returncode == 0, f"{last.where}\n{said[last]}\n{done.stderr}"
    assert list(said) == blocks
    return said


def fits(answer: Block, said: str) -> bool:
    return (fits_json if answer.language == "json" else fits_http)(answer.text, said)


def test_do1_there_are_blocks_to_run() -> None:
    run = [block for page in RUNNING for block in BLOCKS[page] if block.runs]

    assert len(run) >= 70
    assert {block.language for block in run} == set(RUNNABLE)


@every_page
def test_do1_blocks_say_what_they_are_in_known_words(page: Path) -> None:
    blocks = BLOCKS[page]

    assert [each.where for each in blocks if each.language not in (*RUNNABLE, *SHOWN)] == []
    assert [each.where for each in blocks if set(each.words) - WORDS] == []
    # None is left open, indented or overlooked.
    assert page.read_text().count("```") == 2 * len(blocks)


@every_page
def test_do1_blocks_of_json_can_be_read(page: Path) -> None:
    for block in BLOCKS[page]:
        if block.language == "json":
            json.loads(block.text)


@pytest.mark.parametrize("page", RUNNING, ids=name_of)
def test_do1_the_blocks_of_a_page_run_one_after_the_other(page: Path, reader: Reader) -> None:
    blocks = [each for each in BLOCKS[page] if each.runs and (HAS_NODE or each.language != "js")]
    said = tried(blocks, reader)

    refused = [each for each in blocks if "refused" in each.words]
    assert [each.where for each in refused if '"error"' not in said[each]] == []
    shown = [pair for pair in pairwise(BLOCKS[page]) if "answer" in pair[1].words]
    assert [(it.where, said[asks]) for asks, it in shown if not fits(it, said[asks])] == []
    if not HAS_NODE and any(each.runs and each.language == "js" for each in BLOCKS[page]):
        pytest.skip("NODE IS MISSING: the page's blocks of JavaScript did NOT run")
