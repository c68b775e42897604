"""An archive: all that an account or a project has, whole and byte for byte, and no secret."""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniback import clock
from miniback.accounts import Role
from tests.exports.reading import json_lines, lines_of, members
from tests.feedback.batch import fill, new_project
from tests.feedback.test_attachments import PNG, WEBP, sent_with, uploaded
from tests.house import Account, House, running
from tests.inbox.acting import act, assign, set_status, tag
from tests.inbox.test_quarantine import PLANS, knock
from tests.visitor import Member, member_of, owner, owner_of

PATH = "/api/exports/archive.zip"
NAMES = [
    *("projects", "views", "feedback", "notes", "changes", "attachments", "tags", "people"),
]


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


@pytest.fixture(scope="module")
def small(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server whose FREE plan ends after three items."""
    with running(new_house(database, environment={"MINIBACK_PLANS": PLANS})) as house:
        yield house


def archive(who: Account | Member, query: str = "") -> bytes:
    answer = who.get(f"{PATH}?{query}")
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def feedback_of(content: bytes) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in lines_of(content)["feedback"]}


def test_an_archive_names_its_parts_and_counts_them(
    house: House, bob: Account, bea: Member
) -> None:
    item = bob.say("One")["id"]
    set_status(bob, item, "REVIEWED")
    tag(bob, item, "bug")
    assign(bob, item, bob.email)
    bob.post(f"/api/feedback/{item}/notes", json={"content": "Seen"})
    bea.submit("/inbox/views", page="/usage", name="Waiting", query="?status=NEW")

    content = archive(bob)

    lines = lines_of(content)
    assert list(lines) == NAMES
    manifest = json.loads(members(content)["manifest.json"])
    assert manifest == {
        "format": "miniback-archive",
        "version": 1,
        "madeAt": manifest["madeAt"],
        "madeBy": manifest["madeBy"],
        "scope": "account",
        "counts": {name: len(lines[name]) for name in manifest["counts"]},
    }
    assert list(manifest["counts"].values()) == [1, 1, 0, 1, 4, 1, 1]
    ((user_id,),) = house.rows("SELECT id FROM users WHERE email = :email", email=bob.email)
    ((found,), (note,)) = lines["feedback"], lines["notes"]
    assert lines["people"] == [{"id": user_id, "email": bob.email, "name": ""}]
    assert (found["tags"], found["assignee"]) == ([lines["tags"][0]["id"]], user_id)
    assert note == {"id": note["id"], "feedbackId": item, "personId": None, "content": "Seen"}
    assert lines["views"][0] | {"id": ""} == {"id": "", "name": "Waiting", "query": "status=NEW"}
    kinds = [(change["kind"], change["way"], change["feedbackId"]) for change in lines["changes"]]
    assert kinds == [(kind, "API", item) for kind in ("STATUS", "TAG", "ASSIGN", "NOTE")]


def test_an_item_is_in_it_byte_for_byte(bob: Account) -> None:
    contexts = ['{"n": [ -1, 1.10, 1e2], "ä":"\\u00e4"}', '{\r\n"a": 1 }', "{}"]
    for context in contexts:
        body = f'{{"message": "A \\"word\\",\\"context\\":{{", "context": {context}}}'
        headers = {"content-type": "application/json"}
        sent = bob.post(bob.feedback_path, content=body.encode(), headers=headers)
        assert sent.status_code == 201

    lines = members(archive(bob))["feedback.jsonl"].split(b"\n")[:-1]

    assert len(lines) == 3
    assert b'"context":' + contexts[0].encode() + b"," in lines[0]
    assert json.loads(lines[1])["contextText"] == contexts[1]
    assert '"context"' not in lines[1].decode().replace('\\"', "")
    for line, item in zip(lines, bob.get("/api/feedback").json()["data"][::-1], strict=True):
        kept = json.loads(line)
        assert (kept["id"], kept["message"]) == (item["id"], item["message"])
        assert kept["updatedAt"] == item["updatedAt"]


def test_items_of_every_shelf_are_in_it_oldest_first(small: House) -> None:
    who = owner(small, "FREE")
    ids = [knock(who.account, f"Number {number}") for number in range(5)]
    act(who, "SPAM", ids[0])

    found = feedback_of(archive(who))

    assert list(found) == ids
    assert [item["shelf"] for item in found.values()] == ["SPAM", *("LIVE",) * 2, *("HELD",) * 2]
    spam = found[ids[0]]
    assert spam["reason"] == "MARKED"
    assert spam["since"].startswith(clock.iso(clock.now())[:10])
    assert (found[ids[1]]["reason"], found[ids[1]]["since"]) == (None, None)


def test_images_are_in_it_with_the_items_that_they_came_with(bob: Account) -> None:
    images = [uploaded(bob, content) for content in (WEBP, PNG)]
    item = sent_with(bob, *images)
    uploaded(bob, WEBP)  # no item has named it

    content = archive(bob)

    found = members(content)
    lines = lines_of(content)["attachments"]
    assert [(line["id"], line["feedbackId"], line["contentType"]) for line in lines] == [
        (images[0], item, "image/webp"),
        (images[1], item, "image/png"),
    ]
    assert [found[line["file"]] for line in lines] == [WEBP, PNG]
    assert sum(name.startswith("attachments/") for name in found) == 2


def test_an_archive_of_a_project_has_nothing_of_another(bob: Account, bea: Member) -> None:
    other = new_project(bob, "Other")
    path = f"/api/projects/{other['id']}/feedback"
    theirs = bob.post(path, json={"message": "Theirs"}).json()["data"]["id"]
    mine = bob.say("Mine")["id"]
    at_theirs = replace(bob, project_id=other["id"], slug=other["slug"])
    theirs_too = sent_with(at_theirs, image := uploaded(at_theirs))
    for item, name in ((theirs, "secret-customer"), (mine, "bug")):
        tag(bob, item, name)
        bob.post(f"/api/feedback/{item}/notes", json={"content": f"On {name}"})
    bea.submit("/inbox/views", page="/usage", name="A view of all", query="?status=NEW")

    content = archive(bob, f"project={bob.slug}")

    assert list(lines_of(content)) == [name for name in NAMES if name != "views"]
    assert list(feedback_of(content)) == [mine]
    text = b"".join(members(content).values())
    for foreign in (theirs, theirs_too, image, other["id"], "secret-customer", "A view of all"):
        assert foreign.encode() not in text
    assert not any(name.startswith("attachments/") for name in members(content))
    assert json.loads(members(content)["manifest.json"])["scope"] == "project"
    assert bob.get(f"{PATH}?project=nobodys").status_code == 404


def test_no_secret_and_nothing_foreign_or_deleted_is_in_it(
    house: House, bob: Account, bea: Member, mallory: Account
) -> None:
    hidden = [mallory.say("Not yours")["id"], bob.say("In the bin")["id"]]
    act(bea, "DELETE", hidden[1])
    bea.submit(f"/projects/{bob.slug}/security/identity", page="/usage")
    hook = bob.post(
        "/api/webhooks", json={"url": "https://a.example/", "events": ["feedback.created"]}
    )
    gone = new_project(bob, "Gone")
    path = f"/api/projects/{gone['id']}/feedback"
    hidden += [gone["id"], bob.post(path, json={"message": "Gone"}).json()["data"]["id"]]
    bob.delete(f"/api/projects/{gone['id']}")
    bob.say("Still there")

    text = b"".join(members(archive(bob)).values()).decode()

    secrets = [
        *house.row("SELECT identity_secret FROM projects WHERE id = :id", id=bob.project_id),
        *house.row("SELECT key_hash FROM api_keys WHERE project_id = :id", id=bob.project_id),
        *house.row("SELECT password_hash FROM users WHERE email = :email", email=bob.email),
        *(bob.key, hook.json()["data"]["secret"], "a.example", mallory.id),
    ]
    assert [each for each in [*secrets, *hidden] if each and each in text] == []
    assert all(secrets)
    assert "Still there" in text


def test_the_slugs_that_a_project_had_are_in_it(bob: Account) -> None:
    old = bob.slug
    bob.put(f"/api/projects/{bob.project_id}", json={"slug": "new-" + old})

    (project,) = lines_of(archive(bob))["projects"]

    shown = bob.get(f"/api/projects/{bob.project_id}").json()["data"]
    settings = bob.get(f"/api/projects/{bob.project_id}/settings").json()["data"]
    assert (project["slug"], project["oldSlugs"]) == ("new-" + old, [old])
    assert (project["updatedAt"], project["settings"]) == (shown["updatedAt"], settings)


def test_two_archives_of_the_same_hold_the_same(house: House, bob: Account) -> None:
    ids = fill(house, bob, [f"Item {number}" for number in range(1_200)])

    one, two = (members(archive(bob)) for _ in range(2))

    del one["manifest.json"], two["manifest.json"]
    assert one == two
    assert [item["id"] for item in json_lines(one["feedback.jsonl"])] == ids


def test_shelves_that_lie_among_one_another_lose_nothing(
    house: House, bob: Account, bea: Member
) -> None:
    ids = fill(house, bob, [f"Item {number}" for number in range(1_100)])
    act(bea, "SPAM", *ids[::50])

    found = feedback_of(archive(bob))

    assert list(found) == ids
    assert [each for each, item in found.items() if item["shelf"] == "SPAM"] == ids[::50]


def test_only_owners_and_admins_have_the_account_in_one_file(house: House, bob: Account) -> None:
    item = bob.say()["id"]
    for role in Role:
        member = member_of(house, bob, role) if role is not Role.OWNER else owner_of(house, bob)
        for path in (PATH, "/settings/data/archive.zip"):
            answer = member.get(path)
            assert answer.status_code == (200 if role.includes(Role.ADMIN) else 403)
            assert answer.status_code == 403 or list(feedback_of(answer.content)) == [item]


def test_the_command_writes_an_archive(house: House, bob: Account, tmp_path: Path) -> None:
    bob.say("A word")
    file = tmp_path / "out.zip"

    done = house.run("export", "archive", "--account", bob.email, "--output", str(file))

    assert (done.returncode, done.stderr) == (0, "")
    assert zipfile.ZipFile(file).testzip() is None
    assert members(file.read_bytes())["feedback.jsonl"] == members(archive(bob))["feedback.jsonl"]


def test_the_page_of_data_leads_to_each_file(bob: Account, bea: Member) -> None:
    bob.say()
    page = bea.get("/settings/data").text

    for path in ("/inbox/export.xlsx", "/inbox/export.jsonl", "/settings/data/archive.zip"):
        assert f'href="{path}"' in page
        assert bea.get(path).status_code == 200
    assert f'href="/settings/data/archive.zip?project={bob.slug}"' in bea.get("/projects").text
