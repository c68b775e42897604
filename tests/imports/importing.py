"""Somebody at the pages of imports, and archives for them, made from what a house holds."""

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
from tests.house import House, until
from tests.visitor import Member

IMPORT = "/settings/data/import"
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


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


def archive_of(house: House, account_id: str) -> dict[str, bytes]:
    """The members of an account's archive, in the format of docs/export.md."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return house.rows(sql, id=account_id)

    known = rows(
        "SELECT users.id, email, users.name FROM members JOIN users ON users.id = user_id"
        " WHERE account_id = :id"
    ) + rows("SELECT user_id, email, name FROM former_members WHERE account_id = :id")
    named = {
        each
        for (each,) in rows(
            "SELECT user_id FROM notes WHERE account_id = :id"
            " UNION SELECT user_id FROM changes WHERE account_id = :id"
            " UNION SELECT assignee_id FROM annotations WHERE account_id = :id"
        )
    }
    feedback_ids = dict(rows("SELECT position, id FROM feedback WHERE account_id = :id"))
    members = {
        "manifest.json": json.dumps({"format": "miniback-archive", "version": 1}),
        "people.jsonl": lines(
            {"id": i, "email": email, "name": name}
            for i, email, name in sorted(known)
            if i in named
        ),
        "projects.jsonl": lines(_projects(house, account_id)),
        "tags.jsonl": lines(
            {"id": i, "name": name}
            for i, name in rows("SELECT id, name FROM tags WHERE account_id = :id ORDER BY id")
        ),
        "views.jsonl": lines(
            {"id": i, "name": name, "query": query}
            for i, name, query in rows("SELECT id, name, query FROM views WHERE account_id = :id")
        ),
        "feedback.jsonl": "".join(_items(house, account_id)),
        "notes.jsonl": lines(
            {"id": i, "feedbackId": feedback_ids[at], "personId": who or None, "content": content}
            for i, at, who, content in rows(
                "SELECT id, position, user_id, content FROM notes"
                " WHERE account_id = :id ORDER BY id"
            )
        ),
        "changes.jsonl": lines(_changes(rows, feedback_ids)),
    }
    files = {name: text.encode() for name, text in members.items()}
    return files | _images(house, account_id, feedback_ids)


def _projects(house: House, account_id: str) -> Iterable[dict[str, Any]]:
    for row in house.rows(
        "SELECT id, name, slug, status, updated_at, settings, allowed_domains FROM projects"
        " WHERE account_id = :id ORDER BY id",
        id=account_id,
    ):
        slugs = house.rows("SELECT slug FROM slugs WHERE project_id = :id ORDER BY slug", id=row[0])
        yield {
            "id": row[0],
            "name": row[1],
            "slug": row[2],
            "oldSlugs": [slug for (slug,) in slugs if slug != row[2]],
            "status": row[3],
            "updatedAt": clock.iso(row[4]),
            "settings": {**json.loads(row[5]), "allowedDomains": json.loads(row[6])},
        }


def _items(house: House, account_id: str) -> Iterable[str]:
    sql = (
        "SELECT feedback.position, document, shelf, status, source, updated_at,"
        "       feedback.project_id, tags, assignee_id, reason, since, identities.user_id"
        "  FROM feedback"
        "  LEFT JOIN annotations ON annotations.account_id = feedback.account_id"
        "   AND annotations.position = feedback.position"
        "  LEFT JOIN suspicions ON suspicions.account_id = feedback.account_id"
        "   AND suspicions.position = feedback.position"
        "  LEFT JOIN identities ON identities.account_id = feedback.account_id"
        "   AND identities.position = feedback.position"
        " WHERE feedback.account_id = :id ORDER BY feedback.position"
    )
    for row in house.rows(sql, id=account_id):
        (
            _,
            document,
            shelf,
            status,
            source,
            updated_at,
            project_id,
            tags,
            who,
            why,
            since,
            vouched,
        ) = row
        head, context = document.split(',"context":', 1)
        if "\n" in context:
            context_part = f'"contextText":{json.dumps(context)}'
        else:
            context_part = f'"context":{context}'
        rest = {
            "projectId": project_id,
            "shelf": shelf,
            "status": status,
            "source": source,
            "updatedAt": clock.iso(updated_at),
            "tags": json.loads(tags or "[]"),
            "assignee": who or None,
            "reason": why,
            "since": clock.iso(since) if since else None,
            "identity": vouched,
        }
        yield f"{head},{context_part},{json.dumps(rest)[1:]}\n"


def _changes(rows: Any, feedback_ids: dict[int, str]) -> Iterable[dict[str, Any]]:
    for change_id, at, project_id, kind, was, became, who, way, act in rows(
        "SELECT id, position, project_id, kind, was, became, user_id, way, act FROM changes"
        " WHERE account_id = :id ORDER BY id"
    ):
        yield {
            "id": change_id,
            "feedbackId": feedback_ids[at],
            "projectId": project_id,
            "kind": kind,
            "was": was,
            "became": became,
            "personId": who or None,
            "way": way,
            "act": act,
        }


def _images(house: House, account_id: str, feedback_ids: dict[int, str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    told = []
    for image_id, at, project_id, content_type, content, uploaded_at in house.rows(
        "SELECT id, position, project_id, content_type, content, uploaded_at FROM attachments"
        " WHERE account_id = :id AND position IS NOT NULL ORDER BY id",
        id=account_id,
    ):
        file = f"attachments/{image_id}.{_SUFFIXES[content_type]}"
        files[file] = bytes(content)
        told.append(
            {
                "id": image_id,
                "feedbackId": feedback_ids[at],
                "projectId": project_id,
                "contentType": content_type,
                "uploadedAt": clock.iso(uploaded_at),
                "file": file,
            }
        )
    return {"attachments.jsonl": lines(told).encode(), **files}


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
