"""What is erased is nowhere: in no table, no index and no file; and nobody else's is touched."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniback import feedback, plans
from miniback.feedback import BY_COMMAND
from miniback.privacy import Person, begin_erasing
from tests.feedback.batch import new_project
from tests.house import House, until
from tests.inbox.acting import figures_are_right
from tests.privacy.sent import ADA, PEOPLE, TEXT, TRACES, deliver, erase, found, say, say_all
from tests.visitor import Member, owner, said


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


def test_what_is_erased_is_left_in_no_table_and_no_file(house: House, bob: Member) -> None:
    items = say_all(bob)
    deliver(house, bob.account, items["seen"])
    kept = say(bob.account, "Something else", email="eve@example.test")
    assert traces_in_files(house) or traces_in_rows(house)

    answer = erase(bob, ADA.lower())

    assert answer.headers["location"] == PEOPLE
    assert "3 items erased" in said(bob.get(PEOPLE))
    assert found(house, bob.account, "--email", ADA) == []
    assert found(house, bob.account, "--email", "eve@example.test") == [kept]
    figures_are_right(house, bob.account)
    assert house.run("database", "vacuum").returncode == 0
    assert traces_in_rows(house) == []
    assert traces_in_files(house) == set()


def test_the_index_of_sqlite_holds_no_word_even_before_a_vacuum(
    new_house: Callable[..., House],
) -> None:
    house = new_house("sqlite").start()
    bob = owner(house)
    say_all(bob)
    erase(bob, ADA)
    blocks = house.rows("SELECT block FROM feedback_search_data")
    terms = house.rows("SELECT term FROM feedback_search_idx")

    assert house.stop() == 0
    content = b"".join(bytes(each) for (each,) in [*blocks, *terms])
    assert [trace for trace in TRACES if trace.encode() in content] == []


def test_erasing_one_account_leaves_the_same_person_in_another(house: House, bob: Member) -> None:
    mallory = owner(house)
    theirs = say_all(mallory)
    say_all(bob)

    erase(bob, ADA)

    assert sorted(found(house, mallory.account, "--email", ADA)) == sorted(theirs.values())
    figures_are_right(house, mallory.account)


def test_an_erasure_goes_on_after_a_kill(database: str, new_house: Callable[..., House]) -> None:
    house = new_house(database).start()
    account, many = house.account(plans.PRO), 6_000
    submit_many(house, account.id, account.project_id, many)
    sql = "SELECT count(*) FROM feedback WHERE account_id = :id"
    person = Person(ADA, feedback.by_email(ADA))
    house.tx(begin_erasing, account.id, person, BY_COMMAND)
    house.change("UPDATE outbox SET due_at = 0 WHERE event = 'erasure.begun'")

    until(lambda: 0 < house.row(sql, id=account.id)[0] < many, "the erasure to begin")
    house.kill()
    left = house.row(sql, id=account.id)[0]
    house.start()
    # Whoever was killed has it under a lease of a minute.
    house.change("UPDATE outbox SET due_at = 0 WHERE event = 'erasure.begun'")

    assert 0 < left < many
    until(lambda: house.row(sql, id=account.id) == (0,), "the rest to be erased")
    until(lambda: not house.rows("SELECT 1 FROM erasures"), "the erasure to end")
    ((details,),) = house.rows(
        "SELECT details FROM audit_log WHERE account_id = :id", id=account.id
    )
    assert json.loads(details)["items"] == many
    figures_are_right(house, account)
    assert house.stop() == 0


def submit_many(house: House, account_id: str, project_id: str, count: int) -> None:
    """Take in many items of Ada as the server does, in one transaction."""
    content = {"message": TEXT, "context": {"email": ADA}}
    draft = feedback.read_draft(content, json.dumps(content).encode())
    entrance, source = feedback.Entrance.SESSION, feedback.Source.API
    one = feedback.Submission(entrance, project_id, account_id, None, draft, source, None)
    house.tx(feedback.submit_all, [one] * count, plans.reshaped(""))


def test_a_form_sent_twice_erases_once_and_is_logged_once(house: House, bob: Member) -> None:
    say(bob.account, email=ADA)
    erase(bob, ADA, once="the very same form")
    later = say(bob.account, email=ADA)

    erase(bob, ADA, once="the very same form")

    assert found(house, bob.account, "--email", ADA) == [later]
    sql = "SELECT count(*) FROM audit_log WHERE account_id = :id"
    assert house.row(sql, id=bob.account.id) == (1,)


def test_the_log_knows_a_person_by_a_mark_alone(house: House, bob: Member) -> None:
    for _ in range(2):
        say(bob.account, email=ADA)
        erase(bob, ADA)
    say(bob.account, userId="user-7")
    erase(bob, "user-7")

    sql = "SELECT details FROM audit_log WHERE account_id = :id ORDER BY id"
    entries = [json.loads(each) for (each,) in house.rows(sql, id=bob.account.id)]
    first, second, third = (each.pop("person") for each in entries)
    assert (first == second, first == third) == (True, False)
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert entries == [{"items": 1}] * 3
    page = said(bob.get(PEOPLE))
    assert page.count("1 item of a person erased") == 3


def test_nothing_is_erased_until_the_person_is_typed(house: House, bob: Member) -> None:
    item = say(bob.account, email=ADA)

    asked = erase(bob, ADA, sure="")
    mistyped = erase(bob, ADA, typed="ada@example.com")

    assert "Erase 1 item with its images" in said(asked)
    assert mistyped.status_code == 422
    assert found(house, bob.account, "--email", ADA) == [item]


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


def test_the_command_asks_before_it_erases(house: House, bob: Member) -> None:
    item = say(bob.account, email=ADA)

    done = house.run(
        *("submitter", "erase", "--account", bob.account.id, "--email", ADA), input="n\n"
    )

    assert done.returncode == 1
    assert "Erase 1 items for good?" in done.stderr
    assert found(house, bob.account, "--email", ADA) == [item]
