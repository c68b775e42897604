"""What is erased is nowhere: in no table, no index and no file; and nobody else's is touched."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniback import feedback, plans
from miniback.feedback import BY_COMMAND
from miniback.privacy import Person, begin_erasing
from tests.feedback.batch import new_project
from tests.house import Account, House, running, until
from tests.inbox.acting import figures_are_right
from tests.privacy.sent import ADA, PEOPLE, TEXT, TRACES, deliver, erase, found, say, say_all
from tests.visitor import Member, owner, said

# What is to be told waits.
_UNTOLD = {"MINIBACK_DELIVERIES": "off"}


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def traces_in_rows(house: House) -> list[tuple[str, str]]:
    """Where a trace of Ada is in a row of any table, whatever the type of its column."""
    if house.database_url.startswith("sqlite"):
        return []  # the bytes of the file say it all
    sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    spellings = {trace: (trace, trace.encode().hex()) for trace in TRACES}
    return [
        (table, trace)
        for (table,) in house.rows(sql)
        for (row,) in house.rows(f"SELECT lower({table}::text) FROM {table}")
        for trace, spelled in spellings.items()
        if any(each in row for each in spelled)
    ]


def files_of(house: House) -> Iterator[Path]:
    """The files in which the database lies; PostgreSQL's log of writes is not for good."""
    if house.database_url.startswith("sqlite"):
        yield from house.folder.glob("miniback.db*")
        return
    house.change("CHECKPOINT")
    ((folder,),) = house.rows("SHOW data_directory")
    sql = "SELECT oid FROM pg_database WHERE datname = current_database()"
    ((number,),) = house.rows(sql)
    yield from Path(folder, "base", str(number)).iterdir()


def traces_in_files(house: House) -> set[str]:
    """Which traces of Ada the bytes of the files hold."""
    return {
        trace
        for path in files_of(house)
        for content in [path.read_bytes().lower()]
        for trace in TRACES
        if trace.encode() in content
    }


def traces_in_index(house: House) -> list[str]:
    """Which traces of Ada the search index of SQLite holds; PostgreSQL's is a table's own."""
    if not house.database_url.startswith("sqlite"):
        return []
    blocks = house.rows("SELECT block FROM feedback_search_data")
    terms = house.rows("SELECT term FROM feedback_search_idx")
    content = b"".join(bytes(each) for (each,) in [*blocks, *terms])
    return [trace for trace in TRACES if trace.encode() in content]


def test_what_is_erased_is_left_in_no_table_and_no_file(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database, environment=_UNTOLD)) as house:
        bob = owner(house)
        deliver(house, bob.account, say_all(bob)["seen"])
        kept = say(bob.account, "Something else", email="eve@example.test")
        assert traces_in_files(house) or traces_in_rows(house)

        told = erase(bob, ADA.lower())

        assert told.headers["location"] == PEOPLE
        assert "3 items erased" in said(bob.get(PEOPLE))
        assert found(house, bob.account, ADA) == []
        assert found(house, bob.account, "eve@example.test") == [kept]
        figures_are_right(house, bob.account)
        assert traces_in_index(house) == []
        for kept_for_later in ("fingerprint FROM repeats", "id FROM outbox", "position FROM heard"):
            assert house.rows("SELECT " + kept_for_later) == []
        assert house.run("database", "vacuum").returncode == 0
        assert traces_in_rows(house) == []
        assert traces_in_files(house) == set()


def test_what_came_with_somebody_elses_item_is_still_told(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database, environment=_UNTOLD)) as house:
        bob = owner(house)
        hers = say(bob.account, "Hers", email=ADA)
        kept = say(bob.account, "Another's", email="eve@example.test")
        house.change(
            "INSERT INTO heard (account_id, position, event, subjects)"
            " VALUES (:account, 1, 'feedback.created', :subjects)",
            account=bob.account.id,
            subjects=f"{hers} {kept}",
        )

        erase(bob, ADA)

        assert house.rows("SELECT subjects FROM heard") == [(kept,)]


def test_erasing_one_account_leaves_the_same_person_in_another(house: House, bob: Member) -> None:
    mallory = owner(house)
    theirs = say_all(mallory)
    say_all(bob)

    erase(bob, ADA)

    assert sorted(found(house, mallory.account, ADA)) == sorted(theirs.values())
    figures_are_right(house, mallory.account)


def test_an_erasure_goes_on_after_a_kill(database: str, new_house: Callable[..., House]) -> None:
    with running(new_house(database)) as house:
        account, many = house.account(plans.PRO), 6_000
        submit_many(house, account.id, account.project_id, many)
        person = Person(ADA, feedback.by_email(ADA))
        house.tx(begin_erasing, account.id, person, BY_COMMAND)
        let_it_begin(house)
        until(lambda: left(house, account) < many, "the erasure to begin")
        house.kill()
        assert 0 < left(house, account) < many

        house.start()
        let_it_begin(house)  # whoever was killed has it under a lease of a minute

        until(lambda: not house.rows("SELECT 1 FROM erasures"), "the erasure to end")
        assert left(house, account) == 0
        sql = "SELECT details FROM audit_log WHERE account_id = :id AND action = 'person.erased'"
        ((details,),) = house.rows(sql, id=account.id)
        assert json.loads(details)["items"] == many
        figures_are_right(house, account)


def let_it_begin(house: House) -> None:
    """Let a worker take an erasure up at once."""
    house.change("UPDATE outbox SET due_at = 0 WHERE event = 'erasure.begun'")


def left(house: House, account: Account) -> int:
    """How many items an account has."""
    (count,) = house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=account.id)
    return int(count)


def submit_many(house: House, account_id: str, project_id: str, count: int) -> None:
    """Take in many items of Ada as the server does, in one transaction."""
    content = {"message": TEXT, "context": {"email": ADA}}
    draft = feedback.read_draft(content, json.dumps(content).encode())
    entrance, source = feedback.Entrance.SESSION, feedback.Source.API
    one = feedback.Submission(entrance, project_id, account_id, None, draft, source, None)
    house.tx(feedback.submit_all, [one] * count, plans.reshaped(""))


def test_an_erasure_covers_every_project_of_the_account(house: House, bob: Member) -> None:
    other = new_project(bob.account)["id"]
    path = f"/api/projects/{other}/feedback"
    bob.call("POST", path, json={"message": "One", "context": {"email": ADA}})
    say(bob.account, email=ADA)

    done = house.run(
        *("submitter", "erase", "--account", bob.account.id, "--email", ADA, "--yes", "--json")
    )

    assert json.loads(done.stdout) == {"erased": 2}
    assert house.row("SELECT count(*) FROM feedback WHERE account_id = :id", id=bob.account.id) == (
        0,
    )
