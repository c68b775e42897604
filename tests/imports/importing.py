"""Somebody at the pages of imports, and archives for them."""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from typing import Any

import httpx2

from miniback import clock, ids
from miniback.db import Tx
from miniback.imports import Format, Look, Plan, Problem, Report, Target, service, store
from miniback.imports.models import Container, State
from tests.house import until
from tests.visitor import Member

IMPORT = "/settings/data/import"


def send(member: Member, name: str, content: bytes) -> httpx2.Response:
    """Upload a file as a browser does: the form's fields first."""
    data = {"csrf_token": member.token(IMPORT)}
    return member.client.post(IMPORT, data=data, files={"file": (name, content)})


def upload(member: Member, name: str, content: bytes) -> str:
    """Upload a file that is taken, and return the path of its page."""
    answer = send(member, name, content)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def chosen(member: Member, path: str) -> dict[str, str]:
    """What the form on an import's page holds, as a browser would send it."""
    page = member.get(path).text
    fields = {}
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', page):
        first = re.search(r'value="([^"]*)"', options)
        marked = re.search(r'value="([^"]*)" selected', options)
        fields[name] = (marked or first)[1]  # type: ignore[index]
    day = re.search(r'name="undated"[^>]* value="([^"]*)"', page)
    return fields | ({"undated": day[1]} if day else {})


def check(member: Member, path: str, **changes: str) -> str:
    """Have the file checked, and return the page that says what was found."""
    answer = member.submit(path, **chosen(member, path) | changes)
    assert answer.status_code == 303, answer.text
    return settled(member, path)


def settled(member: Member, path: str) -> str:
    """Wait until nothing goes on any more, and return the page."""
    return until(  # type: ignore[no-any-return]
        lambda: text if 'id="progress"' not in (text := member.get(path).text) else "",
        "the import",
    )


def bring(member: Member, name: str, content: bytes, **changes: str) -> str:
    """Bring a file in, from the upload to the end, and return the last page."""
    path = upload(member, name, content)
    check(member, path, **changes)
    assert member.submit(f"{path}/start", page=path).status_code == 303
    return settled(member, path)


def checked_import(tx: Tx, account_id: str) -> str:
    """An import of a table that was checked, without its file; of an account's first project."""
    (project_id,) = tx.all(
        "SELECT id FROM projects WHERE account_id = :id ORDER BY id LIMIT 1", id=account_id
    )[0]
    import_id = service.begin(tx, account_id, "letters-of-customers.csv")
    columns = ("Wording", "When", "Points")
    look = Look(
        Container.CSV,
        Format.TABLE,
        columns=columns,
        samples=dict(zip(columns, ("More tea", "2024-01-02", "4"), strict=True)),
        mapping={"Wording": Target.MESSAGE, "When": Target.CREATED_AT},
    )
    service.arrived(tx, account_id, import_id, 300, look)
    problem = Problem(3, "createdAt is no time that is understood: 'tomorrow'")
    each = service.held(tx, account_id, import_id)
    plan = Plan(Format.TABLE, project_id, look.mapping, service.today())
    report = Report(3, {"feedback": 2}, 1)
    store.update(tx, each._replace(state=State.CHECKED, plan=plan, report=report))
    store.keep_problems(tx, account_id, import_id, [problem])
    return import_id


def lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def exported(member: Member) -> tuple[bytes, dict[str, bytes]]:
    """The archive of an account, and what is in it but for when it was made."""
    content = member.get("/settings/data/archive.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name != "manifest.json"]
        return content, {name: archive.read(name) for name in names}


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def own_archive(count: int, slugs: Iterable[str]) -> tuple[bytes, list[str]]:
    """An archive of projects that never were anywhere, with items in the first; and their ids."""
    projects = [
        {"id": ids.new("proj"), "name": slug, "slug": slug, "updatedAt": clock.iso(clock.now())}
        for slug in slugs
    ]
    items = [ids.new("feedback") for _ in range(count)]
    rows = [
        {
            "id": each,
            "projectId": projects[0]["id"],
            "shelf": "LIVE",
            "status": "NEW",
            "source": "API",
            "updatedAt": clock.iso(ids.created_at(each)),
            "message": f"Item {at}",
            "context": {"at": at},
        }
        for at, each in enumerate(items)
    ]
    files = {
        "manifest.json": json.dumps({"format": "miniback-archive", "version": 1}).encode(),
        "projects.jsonl": lines(projects).encode(),
        "feedback.jsonl": lines(rows).encode(),
    }
    return zipped(files), items
