"""Runs of schemathesis over the whole description, as one identity each, and what comes of them."""

import copy
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.feedback.batch import new_project
from tests.house import Account, House

# What cannot hold, and why: by the operation and the check.
EXCEPT = {
    # A preflight says what may be asked, whatever stands at the address.
    ("preflightAttachment", "negative_data_rejection"),
    # The first and the last day belong together, which no schema of parameters can say.
    ("getAnalytics", "positive_data_acceptance"),
    # An address must be that of a member of the account.
    ("setFeedbackAssignee", "positive_data_acceptance"),
    # The id must be that of a project of the account.
    ("createWebhook", "positive_data_acceptance"),
    ("updateWebhook", "positive_data_acceptance"),
    # A name needs a character that can be seen.
    ("renameTag", "positive_data_acceptance"),
    ("setFeedbackTags", "positive_data_acceptance"),
    # A whole number is written as one: 210.0 is an integer to a schema, and none to us.
    ("createApiKey", "positive_data_acceptance"),
    ("updateProjectSettings", "positive_data_acceptance"),
    # More addresses are taken than a pattern can name without naming some that are not.
    ("createWebhook", "negative_data_rejection"),
    ("updateWebhook", "negative_data_rejection"),
    # Where no token is set there is no such address, whatever a request brings.
    ("getMetrics", "missing_required_header"),
    # Not every run of bytes is an image.
    ("uploadAttachment", "positive_data_acceptance"),
}
# 422: a key for doing things once may have been used with other content, in an earlier case.
WELCOME = ["2xx", "3xx", "401", "403", "404", "409", "422", "429", "5xx"]
METHODS = ("get", "put", "post", "delete")


@dataclass(frozen=True)
class Run:
    """Who asks, how much, and by which seed."""

    name: str
    key: str = ""
    examples: int = 20
    seed: int = 1
    phases: str = "examples,fuzzing"
    # NUL is valid text to a schema and none to us, which only the runs without it can tell apart.
    has_nul: bool = False
    # The account whose objects this one must not see, where both are known.
    peer_key: str = ""


@dataclass(frozen=True)
class Outcome:
    """How many cases a run has sent, and what it said of those that were answered wrongly."""

    cases: int
    complaint: str


def described_for(house: House, owner: Account) -> dict[str, Any]:
    """Return the description with ids of an account where it has examples of ids.

    They are of a project beside the key's, which is not told of here: cases may give it a new key.
    Calls that delete keep the ids of the examples, so that the objects last; links delete others.
    """
    described: dict[str, Any] = house.client.get("/openapi.json").json()
    parts = described["components"]["parameters"]
    project = new_project(owner)
    said = owner.post(f"/api/projects/{project['id']}/feedback", json={"message": "A word"}).json()
    hook = {"url": "https://example.com/a", "events": ["feedback.created"]}
    real = {
        parts["ProjectId"]["example"]: project["id"],
        parts["FeedbackId"]["example"]: said["data"]["id"],
        parts["WebhookId"]["example"]: owner.post("/api/webhooks", json=hook).json()["data"]["id"],
        parts["Slug"]["example"]: project["slug"],
    }
    text = json.dumps(described)
    for example, own in real.items():
        text = text.replace(f'"{example}"', f'"{own}"')
    found: dict[str, Any] = json.loads(text)
    for address in found["paths"].values():
        if "delete" in address:
            address["delete"]["parameters"] = [
                copy.deepcopy(parts[each["$ref"].rpartition("/")[2]])
                for each in address.get("parameters", [])
            ]
    return found


def ask(house: House, described: dict[str, Any], run: Run, folder: Path) -> Outcome:
    """Let schemathesis ask a house whatever it thinks of."""
    folder.mkdir(parents=True)
    (folder / "openapi.json").write_text(json.dumps(described))
    (folder / "schemathesis.toml").write_text(_configured(run, folder))
    process = subprocess.run(
        [
            *(sys.executable, "-c", "import schemathesis.cli; schemathesis.cli.schemathesis()"),
            *("run", "openapi.json", "--url", house.base_url, "--mode", "all"),
            *("--phases", run.phases, "--max-examples", str(run.examples)),
            *("--seed", str(run.seed), "--continue-on-failure"),
            *("--generation-allow-x00", str(run.has_nul).lower(), "--warnings", "off"),
            *("--suppress-health-check", "all", "--generation-database", "none"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    told = process.stdout + process.stderr
    cases = re.search(r"([\d,]+) generated", told)
    return Outcome(
        int(cases[1].replace(",", "")) if cases else 0,
        f"{run}\n{told}" if process.returncode or not cases else "",
    )


def _configured(run: Run, folder: Path) -> str:
    """Write which checks apply, and who asks."""
    lines = [
        "[checks.positive_data_acceptance]",
        f"enabled = {str(not run.has_nul).lower()}",
        f"expected-statuses = {json.dumps(WELCOME)}",
    ]
    for operation, check in sorted(EXCEPT):
        lines += ["[[operations]]", f'include-operation-id = "{operation}"']
        lines += [f"checks.{check}.enabled = false"]
    if run.peer_key:
        people = [("owner", run.key), ("peer", run.peer_key)]
        auth = [
            {"name": name, "fixedHeaders": [{"name": "x-api-key", "value": key}]}
            for name, key in people
        ]
        (folder / "people.json").write_text(json.dumps({"auth": auth}))
        lines += ["[auth.wfc]", 'path = "people.json"', 'user = "owner"']
        lines += ['peers = ["owner", "peer"]']
    elif run.key:
        lines += ["[headers]", f'x-api-key = "{run.key}"']
    return "\n".join(lines) + "\n"
