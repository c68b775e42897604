"""The widget's files: small, built from what is here, in every language (W1, W2, W16, T4)."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "frontend"
SOURCE = FRONTEND / "widget"
BUILT = ROOT / "src" / "miniback" / "widget" / "assets"
LIMITS_BYTES = {"widget.js": 8_192, "screenshot.js": 4_096, "proof.js": 4_096}
LANGUAGE_LIMIT_BYTES = 600
LANGUAGES = ["de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "uk", "ar", "he", "ja", "zh"]
BUILD = "import {widget} from './widget.mjs'; await widget(process.argv[1])"
# Ways in which a text could become code, or markup.
DANGEROUS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
)

needs_node = pytest.mark.skipif(
    not (shutil.which("node") and (FRONTEND / "node_modules").is_dir()),
    reason="needs Node and `npm ci` in frontend/",
)
every_language = pytest.mark.parametrize("language", LANGUAGES)
both_kinds = pytest.mark.parametrize("folder", ["languages", "languages/screenshot"])


@pytest.mark.parametrize(("name", "limit"), LIMITS_BYTES.items())
def test_w1_a_script_keeps_to_its_limit(name: str, limit: int) -> None:
    assert _packed(name) <= limit


@every_language
def test_w1_a_language_keeps_to_its_limit(language: str) -> None:
    assert _packed(f"{language}.json") <= LANGUAGE_LIMIT_BYTES
    assert _packed(f"screenshot.{language}.json") <= LANGUAGE_LIMIT_BYTES


@needs_node
def test_w2_building_again_makes_the_same_files(tmp_path: Path) -> None:
    command = ["node", "--input-type=module", "-e", BUILD, str(tmp_path / "built")]
    subprocess.run(command, cwd=FRONTEND, check=True)

    assert _contents(tmp_path / "built") == _contents(BUILT)


@needs_node
def test_w2_types_are_right_and_shipped() -> None:
    checked = subprocess.run(
        ["node", "node_modules/typescript/bin/tsc", "--noEmit"],
        cwd=FRONTEND,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout == ""
    assert (BUILT / "widget.d.ts").read_text() == (SOURCE / "public.d.ts").read_text()


@every_language
@both_kinds
def test_w16_a_language_has_every_text(folder: str, language: str) -> None:
    english = json.loads((SOURCE / folder / "en.json").read_text())
    texts = json.loads((SOURCE / folder / f"{language}.json").read_text())

    assert texts.keys() == english.keys()
    assert all(text.strip() == text and text for text in texts.values())
    for key in ("faces", "kinds"):
        assert texts.get(key, "").count("|") == english.get(key, "").count("|")


@both_kinds
def test_w16_there_are_fifteen_languages(folder: str) -> None:
    found = {path.stem for path in (SOURCE / folder).glob("*.json")}

    assert found == {"en", *LANGUAGES}


def test_text_never_becomes_markup_or_code() -> None:
    sources = [path for path in SOURCE.rglob("*.ts") if "package" not in path.parts]
    assert len(sources) > 20

    assert [path.name for path in sources if DANGEROUS.search(path.read_text())] == []
    assert not DANGEROUS.search((BUILT / "widget.js").read_text())


def _packed(name: str) -> int:
    return len(gzip.compress((BUILT / name).read_bytes(), 9, mtime=0))


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
