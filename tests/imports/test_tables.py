"""Tables: what columns become, which rows cannot be taken, and that rows are known again."""

from typing import Any

import pytest

from miniback import plans
from miniback.accounts import Role
from tests.house import House
from tests.imports.importing import IMPORT, bring, check, send, settled, upload
from tests.visitor import Member, member_of, owner, said

DATABASES = ("sqlite",)
HEADER = "Text,Date,Email,Status,Tags,Extra\n"


@pytest.fixture
def bob(house: House) -> Member:
    return owner(house)


def items(member: Member) -> list[dict[str, Any]]:
    """An account's newest hundred items, by a call of the session, which FREE allows too."""
    found: list[dict[str, Any]] = member.get("/api/feedback?pageSize=100").json()["data"]
    return found


def test_columns_find_their_meaning_and_others_stay_in_the_context(bob: Member) -> None:
    row = '"Hello, wörld",2024-03-01T10:00:00+01:00,a@example.test,planned,"bug, über",seven\n'

    bring(bob, "a.csv", (HEADER + row).encode())

    (item,) = items(bob)
    assert item["message"] == "Hello, wörld"
    assert item["context"] == {"Extra": "seven", "status": "planned", "email": "a@example.test"}
    assert (item["status"], item["createdAt"]) == ("REVIEWED", "2024-03-01T09:00:00.000Z")
    tags = bob.get(f"/api/feedback/{item['id']}/tags").json()["data"]["tags"]
    assert sorted(tags) == ["bug", "über"]
    assert bob.get("/api/feedback?search=world&tag=bug").json()["pagination"]["total"] == 1


def test_a_thousand_rows_cost_nothing_on_free_and_come_once(house: House) -> None:
    alice = owner(house, plans.FREE)
    before = alice.get("/api/usage").text
    rows = "".join(f"Row {at},2024-05-{at % 28 + 1:02}\n" for at in range(1_000))
    table = ("message,date\n" + rows).encode()

    first, second = bring(alice, "a.csv", table), bring(alice, "a.csv", table)

    assert "1,000 were here already." in second
    assert "were here already" not in first
    assert alice.get("/api/usage").text == before
    assert alice.get("/api/feedback").json()["pagination"]["total"] == 1_000
    sql = "SELECT count(*) FROM import_pieces WHERE account_id = :id"
    assert house.row(sql, id=alice.account.id) == (0,)


def test_a_check_names_bad_rows_and_brings_nothing(house: House, bob: Member) -> None:
    rows = [
        "Good,2024-03-01,,,,",
        ",2024-03-01,,,,",
        "Bad day,yesterday,,,,",
        "Bad status,2024-03-01,,whatever,,",
        f"{'x' * 10_001},2024-03-01,,,,",
        "Too many,2024-03-01,,,,,,more",
        "From the future,2999-01-01,,,,",
    ]
    path = upload(bob, "a.csv", (HEADER + "\n".join(rows)).encode())

    page = check(bob, path)

    assert "6 rows cannot be taken" in page
    told = bob.get(f"{path}/problems.csv").text.splitlines()
    assert [line.partition(",")[0] for line in told] == ["row", "3", "4", "5", "6", "7", "8"]
    assert "at most 10000 are allowed" in told[4]
    assert items(bob) == []
    assert house.rows("SELECT 1 FROM tags WHERE account_id = :id", id=bob.account.id) == []


def test_what_a_column_becomes_can_be_changed(bob: Member) -> None:
    path = upload(bob, "a.csv", b"Headline;Wording;Points\nA;B;4\n")
    project = bob.account.project_id
    fields = {"column-0": "-", "column-1": "message", "column-2": "rating", "project": project}

    check(bob, path, undated="2024-01-02", **fields)
    bob.submit(f"{path}/start", page=path)
    settled(bob, path)

    (item,) = items(bob)
    assert (item["message"], item["context"]) == ("B", {"rating": 4})
    assert item["createdAt"].startswith("2024-01-02")


@pytest.mark.parametrize("fields", [{"column-0": ""}, {"column-1": "message"}])
def test_a_mapping_without_one_message_is_refused(bob: Member, fields: dict[str, str]) -> None:
    path = upload(bob, "a.csv", b"message,other\nA,B\n")
    given = {"format": "table", "column-0": "message", "undated": "2024-01-02"}
    given["project"] = bob.account.project_id

    answer = bob.submit(path, **given | fields)

    assert answer.status_code == 422
    assert "message" in said(answer)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2024-02-03", "2024-02-03T00:00:00.000Z"),
        ("2024-02-03 04:05:06.789", "2024-02-03T04:05:06.789Z"),
        ("Sat, 03 Feb 2024 04:05:06 -0100", "2024-02-03T05:05:06.000Z"),
        ("1706933106", "2024-02-03T04:05:06.000Z"),
        ("1706933106789", "2024-02-03T04:05:06.789Z"),
        ("Sat Feb 03 2024", "2024-02-03T00:00:00.000Z"),
    ],
)
def test_times_are_read_as_others_write_them(bob: Member, time: str, expected: str) -> None:
    bring(bob, "a.csv", f'message,date\nA,"{time}"\n'.encode())

    assert [item["createdAt"] for item in items(bob)] == [expected]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found_out(bob: Member, encoding: str, delimiter: str) -> None:
    rows = [["message", "date"], ["Größe: 5 €", "2024-01-01"], ["Zwei", "2024-01-02"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)

    bring(bob, "a.csv", text.encode(encoding))

    assert [item["message"] for item in items(bob)] == ["Zwei", "Größe: 5 €"]


@pytest.mark.parametrize(
    "text",
    [
        '{"message": "A", "n": {"m": [1]}}\n\n{"message": "B"}\n[]\nnonsense\n',
        '[{"message": "A", "n": {"m": [1]}}, {"message": "B"}, [], {"message": null}]',
        '{"more": false, "data": [{"message": "A", "n": {"m": [1]}},\n {"message": "B"}, 1, {}]}',
    ],
)
def test_json_comes_as_lines_and_as_a_list(bob: Member, text: str) -> None:
    page = bring(bob, "a.json", text.encode())

    assert "2 could not be taken" in page
    assert {item["message"]: item["context"] for item in items(bob)} == {
        "A": {"n": {"m": [1]}},
        "B": {},
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04 nonsense", "The ZIP cannot be read"),
        (b'{"a": 1, "b"', "neither a list of objects"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(bob: Member, content: bytes, told: str) -> None:
    answer = send(bob, "a.csv", content)

    assert (answer.status_code, told in answer.text) == (422, True)


def test_our_own_csv_comes_back_as_it_went(house: House, bob: Member) -> None:
    me = bob.account
    ids = [me.say(f"={at}+1\n@x 'quoted'", context={"a": [1, 2.50]})["id"] for at in range(3)]
    me.put(f"/api/feedback/{ids[0]}/tags", json={"tags": ["Bug"]})
    me.put(f"/api/feedback/{ids[1]}", json={"status": "RESOLVED"})
    exported = bob.get("/inbox/export.csv?bom=1").content
    zoe = owner(house)

    page = bring(bob, "own.csv", exported)
    bring(zoe, "own.csv", exported)

    assert "3 were here already." in page
    kept = ("message", "context", "status", "source", "createdAt", "updatedAt")
    ours, theirs = ([[item[name] for name in kept] for item in items(who)] for who in (bob, zoe))
    assert theirs == ours
    (tagged,) = zoe.get("/api/feedback?tag=Bug").json()["data"]
    assert tagged["message"] == "=0+1\n@x 'quoted'"


def test_a_cancelled_import_leaves_no_file(house: House, bob: Member) -> None:
    path = upload(bob, "a.csv", b"message\nA\n")

    assert bob.submit(f"{path}/cancel", page=path).headers["location"] == IMPORT

    assert "Cancelled" in settled(bob, path)
    assert bob.submit(f"{path}/start", page=path).status_code == 303
    assert items(bob) == []


def test_more_than_five_imports_do_not_wait(bob: Member) -> None:
    for _ in range(5):
        upload(bob, "a.csv", b"message\nA\n")

    answer = send(bob, "a.csv", b"message\nA\n")

    assert (answer.status_code, "5 imports wait already" in answer.text) == (422, True)


def test_nobody_else_sees_or_touches_an_import(house: House, bob: Member) -> None:
    path = upload(bob, "secret.csv", b"message\nA\n")
    mallory = owner(house)
    viewer = member_of(house, bob.account, Role.MEMBER)
    forms = [f"{path}/start", f"{path}/cancel", path]

    for who, status in ((mallory, 404), (viewer, 403)):
        answers = [who.get(path), who.get(f"{path}/problems.csv")]
        answers += [who.submit(each, page="/usage") for each in forms]
        assert {answer.status_code for answer in answers} == {status}
        assert not any("secret.csv" in answer.text for answer in answers)
    assert "secret.csv" not in mallory.get(IMPORT).text
    assert viewer.get(IMPORT).status_code == 403
    assert "Check the file" in bob.get(path).text


def test_a_file_may_not_go_into_anothers_project(house: House, bob: Member) -> None:
    path = upload(bob, "a.csv", b"message\nA\n")
    theirs = owner(house).account.project_id
    fields = {"format": "table", "column-0": "message", "undated": "2024-01-02"}

    answer = bob.submit(path, **fields, project=theirs)

    assert (answer.status_code, "Project not found" in answer.text) == (422, True)


@pytest.mark.parametrize("token", ["", "x" * 88])
def test_a_file_without_the_pages_token_is_not_taken(house: House, bob: Member, token: str) -> None:
    files = {"file": ("a.csv", b"message\nA\n")}

    answer = bob.client.post(IMPORT, data={"csrf_token": token}, files=files)

    assert answer.status_code == 403
    assert house.rows("SELECT 1 FROM imports WHERE account_id = :id", id=bob.account.id) == []
