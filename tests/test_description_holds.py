"""The server answers as its description says, whatever schemathesis thinks of sending it."""

import subprocess
import sys
from pathlib import Path

from tests.house import Account, House

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


def test_no_answer_departs_from_the_description(house: House, bob: Account, tmp_path: Path) -> None:
    description = tmp_path / "openapi.json"
    description.write_bytes(house.client.get("/openapi.json").content)

    run = subprocess.run(
        [
            *(sys.executable, "-c", "import schemathesis.cli; schemathesis.cli.schemathesis()"),
            *("run", str(description), "--url", house.base_url, "-H", f"x-api-key: {bob.key}"),
            *("--checks", ",".join(CHECKS), "--mode", "all", "--phases", "examples,fuzzing"),
            *("--max-examples", "20", "--seed", "1", "--continue-on-failure"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
