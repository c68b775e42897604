"""What the README's block about the client does; that all blocks run is seen to in tests/docs."""

import os
import subprocess
import sys
from pathlib import Path

from miniback_client import Client
from tests.docs.blocks import ROOT, blocks_of
from tests.house import Account, House

DATABASES = ("sqlite",)
SOURCES = ROOT / "clients" / "python" / "src"


def test_c3_the_readme_s_block_does_what_it_says(
    serving: House, bob: Account, tmp_path: Path
) -> None:
    bob.say("Something new about checkout")
    (block,) = [each.text for each in blocks_of(ROOT / "README.md") if each.language == "python"]
    mine = {"MINIBACK_URL": serving.base_url, "MINIBACK_API_KEY": bob.key}
    environment = {**os.environ, **mine, "PYTHONPATH": str(SOURCES)}

    subprocess.run([sys.executable, "-c", block], cwd=tmp_path, env=environment, check=True)

    with Client(serving.base_url, bob.key) as client:
        assert [item.status for item in client.feedback.search()] == ["REVIEWED"]
