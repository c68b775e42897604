"""One person's data by the command line, for those who have no browser at hand."""

import json
from pathlib import Path

import pytest

from tests.house import House
from tests.privacy.sent import ADA, found, read, say
from tests.visitor import Member, owner

# What is asked here does not depend on the database.
DATABASES = ("sqlite",)


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account, signed in."""
    return owner(house)


def test_the_command_asks_before_it_erases(house: House, bob: Member) -> None:
    item = say(bob.account, email=ADA)

    done = house.run(
        *("submitter", "erase", "--account", bob.account.id, "--email", ADA), input="n\n"
    )

    assert done.returncode == 1
    assert "Erase 1 items for good?" in done.stderr
    assert found(house, bob.account, ADA) == [item]


def test_the_command_writes_the_same_file_and_no_other(
    house: House, bob: Member, tmp_path: Path
) -> None:
    items = [say(bob.account, userId="user-7") for _ in range(45)]
    output = tmp_path / "ada.zip"
    arguments = ["--account", bob.account.id, "--user-id", "user-7", "--output", str(output)]

    done, again = (house.run("submitter", "export", *arguments) for _ in range(2))

    assert (done.returncode, again.returncode) == (0, 2)
    assert "cannot be written" in again.stderr
    told, _ = read(output.read_bytes())
    assert [each["id"] for each in told] == items[::-1]


@pytest.mark.parametrize("whom", [[], ["--email", "a@b.c", "--user-id", "7"]])
def test_a_command_wants_one_of_address_and_id(house: House, bob: Member, whom: list[str]) -> None:
    done = house.run("submitter", "find", "--account", bob.account.id, *whom)

    assert (done.returncode, "--email or --user-id" in done.stderr) == (2, True)


def test_the_command_finds_by_exactly_what_it_is_given(house: House, bob: Member) -> None:
    item = say(bob.account, email=ADA)
    say(bob.account, userId=ADA)
    arguments = ["submitter", "find", "--account", bob.account.id, "--email", ADA]

    told = json.loads(house.run(*arguments, "--json").stdout)

    assert (told["items"], [each["id"] for each in told["newest"]]) == (1, [item])
    assert [each["items"] for each in told["projects"]] == [1]
    assert item in house.run(*arguments).stdout
