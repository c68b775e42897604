"""An account moves to another instance on the other database, and nothing of it is different."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from miniback import plans
from miniback.accounts import Role
from tests.house import Account, House, running
from tests.imports.importing import archive_of, bring, check, own_archive, send, upload, zipped
from tests.visitor import Member, member_of, owner, owner_of, said

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


@pytest.fixture(scope="module")
def elsewhere(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """An instance on the other database, where nobody is yet."""
    with running(new_house(OTHER[database])) as house:
        yield house


def lived_in(house: House) -> Account:
    """An account in which a team has worked."""
    bob = house.account(plans.PRO)
    member = owner_of(house, bob)
    colleague = member_of(house, bob, Role.MEMBER)
    post = bob.feedback_path
    context = b'{"a" : 1.50,\n "b":[1e5 ,{"c":"\\u0041"}]}'
    odd = b'{"message":"Caf\\u00e9 \xf0\x9f\x98\x80","context":' + context + b"}"
    items = [
        bob.post(post, content=odd, headers={"content-type": "application/json"}).json()["data"],
        *(bob.say(f"Item {at}", context={"at": at}) for at in range(30)),
    ]
    image = bob.client.post(f"/w/{bob.slug}/attachments", content=PNG).json()["data"]["id"]
    said = {"projectSlug": bob.slug, "message": "With a picture", "attachments": [image]}
    assert bob.client.post("/api/feedback", json=said).status_code == 201
    for at, status in ((0, "RESOLVED"), (3, "REVIEWED")):
        bob.put(f"/api/feedback/{items[at]['id']}", json={"status": status})
    bob.put(f"/api/feedback/{items[1]['id']}/tags", json={"tags": ["Bug", "über"]})
    bob.put(f"/api/feedback/{items[1]['id']}/assignee", json={"assignee": colleague.email})
    token = "/inbox"
    member.submit(f"/inbox/{items[2]['id']}/notes", page=token, content="A hedgehog said so")
    member.submit("/inbox/act", page=token, action="SPAM", items=items[4]["id"])
    member.submit("/inbox/views", page=token, name="Waiting", query="?status=NEW")
    bob.put(f"/api/projects/{bob.project_id}", json={"slug": bob.slug + "-new", "name": "Renamed"})
    decided = {"allowedDomains": ["shop.example"], "visitorLimit": 7}
    bob.put(f"/api/projects/{bob.project_id}/settings", json=decided)
    for sql in (
        "UPDATE feedback SET shelf = 'HELD' WHERE account_id = :id AND document LIKE '%Item 9%'",
        "UPDATE tallies SET items = items - 1 WHERE account_id = :id AND shelf = 'LIVE'"
        "   AND status = 'NEW' AND source = 'API'",
    ):
        house.change(sql, id=bob.id)
    return bob


def answers(house: House, who: Account, key: Account) -> list[Any]:
    """What the API answers of an account's feedback, byte for byte."""
    paths = [
        "/api/feedback?pageSize=100",
        "/api/feedback?search=hedgehog",
        f"/api/feedback?tag=bug&project={who.project_id}",
        f"/api/feedback?projectSlug={who.slug}&status=RESOLVED",
        f"/api/projects/{who.project_id}",
        f"/api/projects/{who.project_id}/settings",
        f"/api/projects/{who.project_id}/feedback?limit=100",
    ]
    return [key.get(path).text for path in paths]


def test_an_account_that_moves_is_the_same_there(house: House, elsewhere: House) -> None:
    bob = lived_in(house)
    files = archive_of(house, bob.id)
    zoe = owner(elsewhere)
    for sql in ("UPDATE slugs SET slug = 'own'", "UPDATE projects SET slug = 'own'"):
        elsewhere.change(sql)

    page = bring(zoe, "archive.zip", zipped(files))

    assert "What was imported" in page
    assert zoe.account.get("/api/usage").json()["data"]["feedback"]["used"] == 0
    for here, there in zip(
        answers(elsewhere, bob, zoe.account), answers(house, bob, bob), strict=True
    ):
        assert here == there
    counted = elsewhere.run("analytics", "check", "--account", zoe.email)
    assert counted.returncode == 0, counted.stdout
    (noted,) = zoe.account.get("/api/feedback?search=hedgehog").json()["data"]
    assert bob.email in said(zoe.get(f"/inbox/{noted['id']}"))
    elsewhere.change("DELETE FROM projects WHERE id = :id", id=zoe.account.project_id)
    assert archive_of(elsewhere, zoe.account.id) == files
    assert all(files.values())


def test_an_archive_that_comes_twice_changes_nothing(house: House) -> None:
    content, items = own_archive(50, ["twice"])
    bob = owner(house)
    bring(bob, "a.zip", content)
    before = bob.account.get("/api/feedback?pageSize=100").text

    page = bring(bob, "a.zip", content)

    assert "50 were here already." in page.replace("51", "50")
    assert bob.account.get("/api/feedback?pageSize=100").text == before
    assert f'"total":{len(items)}' in before


def test_what_is_anothers_already_gets_names_of_its_own(house: House) -> None:
    content, items = own_archive(5, ["mine-already"])
    bob, mallory = owner(house), owner(house)
    bring(bob, "a.zip", content)

    page = bring(mallory, "a.zip", content)
    again = bring(mallory, "a.zip", content)

    assert "mine-already-2: has another slug here" in page
    ours, theirs = (each.account.get("/api/feedback").json()["data"] for each in (bob, mallory))
    assert [each["id"] for each in ours] == items[::-1]
    assert [each["message"] for each in theirs] == [each["message"] for each in ours]
    assert [each["createdAt"] for each in theirs] == [each["createdAt"] for each in ours]
    assert ours[0]["project"]["id"] != theirs[0]["project"]["id"]
    assert "were here already" in again


def test_projects_beyond_the_plan_come_in_paused(house: House) -> None:
    content, _ = own_archive(3, ["beyond-one", "beyond-two"])
    alice = owner(house, plans.FREE)

    page = bring(alice, "a.zip", content)

    assert "beyond-one: came in paused" in page
    sql = "SELECT status FROM projects WHERE account_id = :id AND slug = 'beyond-two'"
    assert house.row(sql, id=alice.account.id) == ("PAUSED",)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"x.txt": b"x"}, "The ZIP is neither an archive of Miniback nor a backup of Fider"),
        ({"manifest.json": b"{}"}, "The ZIP is no archive of Miniback"),
        (
            {"manifest.json": b'{"format":"miniback-archive","version":9}'},
            "The archive is of version 9; this server reads version 1",
        ),
    ],
)
def test_what_is_no_archive_is_refused_with_a_sentence(
    bobs: Member, files: dict[str, bytes], told: str
) -> None:
    answer = send(bobs, "a.zip", zipped(files))

    assert (answer.status_code, told in answer.text) == (422, True)


def test_lines_that_make_no_sense_are_named(bobs: Member) -> None:
    manifest = b'{"format":"miniback-archive","version":1}'
    files = {"manifest.json": manifest, "feedback.jsonl": b'{"id":"x"}\n[]\n{"id":1}\n'}

    page = check(bobs, upload(bobs, "a.zip", zipped(files)))

    assert "feedback.jsonl, line 2" in page
    assert "3 rows cannot be taken" in page


@pytest.fixture(scope="module")
def bobs(house: House) -> Member:
    return owner(house)
