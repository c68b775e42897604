"""Exports of other programs are known by their shape, and come as what they mean."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.house import Account, House
from tests.imports.importing import zipped

DATABASES = ("sqlite",)

DATA = Path(__file__).parent / "data"

CANNY_JSON = {
    "hasMore": False,
    "posts": [
        {
            "id": "553c3ef8b8cdcd1501ba1238",
            "author": {"name": "Ada", "email": "ada@example.test", "isAdmin": False},
            "board": {"id": "b", "name": "Features"},
            "category": {"id": "c", "name": "UI"},
            "title": "Dark mode",
            "details": "Please, my eyes",
            "created": "2024-01-02T03:04:05.000Z",
            "status": "in progress",
            "score": 12,
            "tags": [{"id": "t", "name": "ui"}, {"id": "u", "name": "theme"}],
            "url": "https://x.canny.io/p/1",
        }
    ],
}
FIDER_JSON = [
    {
        "id": 7,
        "number": 10,
        "title": "Dark mode",
        "slug": "dark-mode",
        "description": "Please, my eyes",
        "createdAt": "2024-01-02T03:04:05Z",
        "user": {"id": 3, "name": "Ada", "role": "visitor"},
        "hasVoted": False,
        "votesCount": 12,
        "commentsCount": 2,
        "status": "started",
        "tags": ["ui", "theme"],
    }
]
FIDER_BACKUP = {
    "posts.json": [
        {
            "id": 7,
            "number": 10,
            "title": "Dark mode",
            "description": "Please, my eyes",
            "created_at": "2024-01-02T03:04:05.000Z",
            "tenant_id": 1,
            "user_id": 3,
            "slug": "dark-mode",
            "status": 1,
        },
        {"id": 8, "number": 11, "title": "Gone", "description": "", "user_id": 3, "status": 6},
    ],
    "users.json": [{"id": 3, "name": "Ada", "email": "ada@example.test"}],
    "tags.json": [{"id": 1, "name": "ui"}, {"id": 2, "name": "theme"}],
    "post_tags.json": [{"post_id": 7, "tag_id": 1}, {"post_id": 7, "tag_id": 2}],
}
SENTRY = [
    {
        "id": "123",
        "eventID": "14bad9a2e3774046977a21440ddb39b2",
        "name": "Ada",
        "email": "ada@example.test",
        "comments": "It crashed",
        "dateCreated": "2024-01-02T03:04:05.678Z",
        "user": {"id": "u1", "username": "ada", "email": "ada@example.test"},
        "event": {"id": "14bad9", "eventID": "14bad9a2e3774046977a21440ddb39b2"},
        "issue": {"id": "9", "permalink": "https://sentry.io/issues/9/", "title": "TypeError"},
    }
]
SENTRY_ISSUES = [
    {
        "id": "456",
        "shortId": "SHOP-1",
        "firstSeen": "2024-01-02T03:04:05Z",
        "lastSeen": "2024-01-02T03:04:05Z",
        "status": "unresolved",
        "permalink": "https://sentry.io/feedback/?x=456",
        "metadata": {
            "message": "It crashed",
            "contact_email": "ada@example.test",
            "name": "Ada",
            "source": "new_feedback_envelope",
        },
        "count": "1",
        "project": {"id": "1", "slug": "shop"},
    }
]
FORMBRICKS_JSON = {
    "data": [
        {
            "id": "resp1",
            "createdAt": "2024-01-02T03:04:05.000Z",
            "updatedAt": "2024-01-02T03:05:05.000Z",
            "surveyId": "survey1",
            "finished": True,
            "data": {"missing": "Dark mode"},
            "meta": {"url": "https://x.example/", "userAgent": {"browser": "Chrome"}},
            "tags": [{"id": "t", "name": "ui"}, {"id": "u", "name": "theme"}],
            "contactAttributes": {"email": "ada@example.test"},
            "ttc": {"missing": 400},
        }
    ]
}
ADA = {"name": "Ada", "email": "ada@example.test"}
DARK = "Dark mode\n\nPlease, my eyes"
SHAPES: dict[str, tuple[str | bytes, str, str, str, dict[str, Any], list[str]]] = {
    "canny.csv": (
        *((DATA / "canny.csv").read_bytes(), "canny", DARK, "REVIEWED"),
        {**ADA, "Votes": "12", "Board": "Features", "url": "https://x.canny.io/p/1"},
        ["theme", "ui"],
    ),
    "canny.json": (
        *(json.dumps(CANNY_JSON), "canny", DARK, "REVIEWED"),
        {**ADA, "score": 12, "board": "Features", "category": "UI"},
        ["theme", "ui"],
    ),
    "fider.csv": (
        *((DATA / "fider.csv").read_bytes(), "fider", DARK, "REVIEWED"),
        {"name": "Ada", "votes_count": "12", "response": "Soon", "status": "started"},
        ["theme", "ui"],
    ),
    "fider.json": (
        *(json.dumps(FIDER_JSON), "fider", DARK, "REVIEWED"),
        {"name": "Ada", "votesCount": 12},
        ["theme", "ui"],
    ),
    "fider.zip": (
        zipped({name: json.dumps(rows).encode() for name, rows in FIDER_BACKUP.items()}),
        *("fider", DARK, "REVIEWED"),
        ADA,
        ["theme", "ui"],
    ),
    "sentry.json": (
        *(json.dumps(SENTRY), "sentry", "It crashed", "NEW"),
        {**ADA, "eventID": SENTRY[0]["eventID"], "issue": "https://sentry.io/issues/9/"},
        [],
    ),
    "sentry-issues.json": (
        *(json.dumps(SENTRY_ISSUES), "sentry", "It crashed", "NEW"),
        {**ADA, "permalink": "https://sentry.io/feedback/?x=456", "shortId": "SHOP-1"},
        [],
    ),
    "formbricks.csv": (
        *((DATA / "formbricks.csv").read_bytes(), "formbricks"),
        *("1. What is missing?\nDark mode\n\n2. How much?\n5", "NEW"),
        {"url": "https://x.example/", "User ID": "u1", "Survey ID": "survey1"},
        ["theme", "ui"],
    ),
    "formbricks.json": (
        *(json.dumps(FORMBRICKS_JSON), "formbricks", "Dark mode", "NEW"),
        {"email": "ada@example.test", "surveyId": "survey1", "url": "https://x.example/"},
        ["theme", "ui"],
    ),
}


@pytest.fixture
def bob(house: House) -> Account:
    return house.account()


@pytest.mark.parametrize("name", SHAPES)
def test_an_export_of_another_program_is_known_and_understood(
    house: House, bob: Account, tmp_path: Path, name: str
) -> None:
    content, format_, message, status, context, tags = SHAPES[name]
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)

    done = house.run("import", str(file), "--account", bob.email, "--json")

    told = json.loads(done.stdout)
    assert (told["format"], told["imported"]) == (format_, {"feedback": 1}), done.stderr
    (item,) = bob.get("/api/feedback").json()["data"]
    assert (item["message"], item["status"]) == (message, status)
    assert item["createdAt"][:19] == "2024-01-02T03:04:05"
    assert item["context"].items() >= context.items()
    added = bob.get(f"/api/feedback/{item['id']}/tags").json()["data"]["tags"]
    assert sorted(added) == tags


def test_the_command_checks_maps_and_repeats(house: House, bob: Account, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Wording,When\nFirst,2024-01-01\n,2024-01-01\n")
    command = ["import", str(file), "--account", bob.email, "--map", "message=Wording", "--json"]

    dry = json.loads(house.run(*command, "--dry-run").stdout)
    runs = [json.loads(house.run(*command).stdout) for _ in range(2)]

    assert (dry["found"], dry["imported"], dry["dryRun"]) == ({"feedback": 1}, {}, True)
    assert [problem["row"] for problem in dry["problems"]] == [3]
    assert [(run["imported"], run["alreadyHere"]) for run in runs] == [
        ({"feedback": 1}, 0),
        ({"feedback": 0}, 1),
    ]
    assert bob.get("/api/feedback").json()["pagination"]["total"] == 1


def test_the_command_says_what_it_wants(house: House, bob: Account, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("message\nA\n")

    wrong = house.run("import", str(file), "--account", bob.email, "--map", "nonsense=message")
    nobody = house.run("import", str(file), "--account", "nobody@example.test")

    assert (wrong.returncode, nobody.returncode) == (2, 3)
