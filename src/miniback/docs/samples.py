"""How a call is made: by curl, by the clients for Python and JavaScript, by the command line."""

import json
import re
import shlex
from collections.abc import Callable

from miniback.docs.calls import Call
from miniback.docs.client_calls import COMMANDS, IN_JAVASCRIPT, IN_PYTHON

Sample = tuple[str, str]

_JSON = "application/json"
# What is asked for in samples of calls that take many questions.
_QUERIES = {
    "listProjectFeedback": "status=NEW&limit=10",
    "listFeedback": "status=NEW&search=checkout&pageSize=20",
    "getAnalytics": "range=90d&timeZone=Europe/Paris",
    "listAuditLog": "action=key&limit=20",
    "exportFeedbackCsv": "status=NEW&bom=1",
    "exportFeedbackJsonLines": "status=NEW",
    "exportFeedbackWorkbook": "status=NEW",
}
_FILES = {
    "exportFeedbackCsv": "feedback.csv",
    "exportFeedbackJsonLines": "feedback.jsonl",
    "exportFeedbackWorkbook": "feedback.xlsx",
    "exportArchive": "archive.zip",
    "getFeedbackAttachment": "screenshot.webp",
}
_NAMED = re.compile(r"\$(\w+)")


def samples(call: Call, base_url: str) -> list[Sample]:
    """Return a call in each language that has it: the language and the code."""
    found = [("sh", _curl(call, base_url))]
    if call.id in IN_PYTHON:
        found.append(("python", _python(call)))
    if call.id in IN_JAVASCRIPT:
        found.append(("js", _javascript(call)))
    if call.id in COMMANDS:
        found.append(("sh", _filled(COMMANDS[call.id], call, str)))
    return found


def address(call: Call) -> str:
    """Return the path of a call with examples in it."""
    path = call.path
    for each in call.of("path"):
        path = path.replace(f"{{{each.name}}}", each.example)
    query = _QUERIES.get(call.id)
    return f"{path}?{query}" if query else path


def compact(body: str) -> str:
    """Return JSON in one line, as people type it."""
    return json.dumps(json.loads(body), ensure_ascii=False)


def _curl(call: Call, base_url: str) -> str:
    how = "" if call.method == "GET" else f"-X {call.method} "
    parts = [f'curl {how}"{base_url}{address(call)}"', *_headers(call)]
    if call.body_type == _JSON:
        parts.append(f"-d {shlex.quote(compact(call.bodies[0].text))}")
    elif call.body_type:
        parts.append("--data-binary @screenshot.png")
    if call.id in _FILES:
        parts.append(f"-o {_FILES[call.id]}")
    return " \\\n  ".join(parts)


def _headers(call: Call) -> list[str]:
    found = []
    if call.takes_key:
        found.append('-H "x-api-key: $MINIBACK_API_KEY"')
    elif call.access:
        found.append('-H "Authorization: Bearer $MINIBACK_METRICS_TOKEN"')
    if call.method == "OPTIONS":
        found += ['-H "Origin: https://example.com"', '-H "Access-Control-Request-Method: POST"']
    if call.body_type:
        sent = call.body_type if call.body_type == _JSON else "image/png"
        found.append(f'-H "Content-Type: {sent}"')
    return found


def _python(call: Call) -> str:
    asked = _filled(IN_PYTHON[call.id], call, json.dumps)
    imports = "".join(
        f"{line}\n"
        for mark, line in (("os.", "import os"), ("Path(", "from pathlib import Path"))
        if mark in asked
    )
    return (
        f"{imports}from miniback_client import Client\n\n"
        f"with Client() as client:\n    print({asked})"
    )


def _javascript(call: Call) -> str:
    asked = _filled(IN_JAVASCRIPT[call.id], call, json.dumps)
    files = sorted(set(re.findall(r"\b(?:read|write)File\b", asked)))
    imports = f'import {{ {", ".join(files)} }} from "node:fs/promises";\n' if files else ""
    shown = asked if asked.startswith("await writeFile") else f"console.log(await {asked})"
    return (
        f'{imports}import {{ Client }} from "miniback-client";\n\n'
        f"const client = new Client();\n{shown};"
    )


def _filled(text: str, call: Call, written: Callable[[str], str]) -> str:
    """Put the examples of a call's path where a text names them: $projectId."""
    examples = {each.name: written(each.example) for each in call.of("path")}
    return _NAMED.sub(lambda found: examples.get(found[1], found[0]), text)
