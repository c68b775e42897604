"""What one person has sent in every way there is, and the pages and commands that deal with it."""

import io
import json
import zipfile
from typing import Any

import httpx2

from miniback import feedback
from tests.feedback.test_attachments import PNG, uploaded
from tests.feedback.test_door import knock
from tests.feedback.test_identity import secret_of, signed
from tests.house import Account, House
from tests.inbox.acting import act, note, set_status, tag
from tests.visitor import Member

PEOPLE = "/settings/data/people"
ADA = "Ada.Zyqvarn@Example.test"
WORDS = ("plimthodo", "grubwexel", "quorzifant", "blenthamur", "vochsidrat")
TEXT = " ".join(WORDS)
NOTED = "snarfelbin"
IMAGE = PNG + b"\x00wrendiklo-image\x01" * 20
# None of these may be left anywhere; the ends too, since an index cuts off what words share.
TRACES = [*WORDS, *(word[3:] for word in WORDS), NOTED, NOTED[3:], "zyqvarn", "wrendiklo"]


def say(who: Account, message: str = "A word", **context: Any) -> str:
    """Send feedback by the door with a context, and return its id."""
    answer = knock(who, message, more={"context": context})
    assert answer.status_code == 201, answer.text
    item_id: str = answer.json()["data"]["id"]
    return item_id


def say_all(member: Member) -> dict[str, str]:
    """Send an item of each kind as Ada: in sight, worked on, spam, in the bin, with an image."""
    account = member.account
    image = uploaded(account, IMAGE)
    context = {"email": ADA, "page": TEXT, "url": f"https://shop.example/{WORDS[2]}"}
    answer = knock(account, TEXT, more={"context": context, "attachments": [image]})
    seen = answer.json()["data"]["id"]
    set_status(account, seen, "REVIEWED")
    tag(account, seen, "bug")
    note(account, seen, f"{NOTED} says so")
    spam, gone = say(account, TEXT, email=ADA.lower()), say(account, TEXT, email=f" {ADA} ")
    act(member, "SPAM", spam)
    act(member, "DELETE", gone)
    return {"seen": seen, "spam": spam, "gone": gone}


def deliver(house: House, account: Account, item_id: str) -> None:
    """Let an item have been told of to somebody who answered with its text, and wait for others."""
    sql = "SELECT position FROM feedback WHERE account_id = :account AND id = :id"
    (position,) = house.row(sql, account=account.id, id=item_id)
    house.change(
        "INSERT INTO deliveries (account_id, id, target_id, event, position, project_id, was,"
        " became, happened_at, status, attempts, due_at) VALUES (:account, :id, 'target_1',"
        " 'feedback.created', :position, :project, '', 'NEW', 1, 'FAILED', 1, 9000000000000)",
        account=account.id,
        id="delivery_" + item_id,
        position=position,
        project=account.project_id,
    )
    house.change(
        "INSERT INTO attempts (account_id, delivery_id, number, at, took_ms, answer, content)"
        " VALUES (:account, :id, 1, 1, 1, 500, :content)",
        account=account.id,
        id="delivery_" + item_id,
        content=TEXT,
    )
    house.change(
        "INSERT INTO heard (account_id, position, event, subjects)"
        " VALUES (:account, 1, 'feedback.created', :item)",
        account=account.id,
        item=item_id,
    )


def vouched(member: Member, user_id: str) -> str:
    """Send feedback as somebody for whom the project's own server vouches."""
    secret = secret_of(member)
    more = {"userHash": signed(secret, user_id), "context": {"userId": user_id}}
    item_id: str = knock(member.account, more=more).json()["data"]["id"]
    return item_id


def found(house: House, account: Account, name: str) -> list[str]:
    """The ids of what an account finds of somebody, by address or id."""
    there = house.tx(feedback.find_submitter, account.id, feedback.by_any(name), 50)
    ids = [each.id for each in there.newest]
    assert there.total == len(ids)
    return ids


def erase(member: Member, who: str, **fields: str) -> httpx2.Response:
    """Send the form that erases, confirmed."""
    fields = {"who": who, "typed": who, "sure": "1", **fields}
    return member.submit(f"{PEOPLE}/erase", "/settings/appearance", **fields)


def read(content: bytes) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The items and the other files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        items = json.loads(file.read("feedback.json"))["feedback"]
        return items, {name: file.read(name) for name in file.namelist()[1:]}
