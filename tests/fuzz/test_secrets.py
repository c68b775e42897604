"""Keys in the query are in no line of the log, and each line is one of JSON (T8, T33)."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from miniback import plans
from miniback.projects import keys
from tests.described import SPEC
from tests.fuzz.wire import talk
from tests.house import Account, House, running

NASTY = ["\n", "\r\n", "\x1b[31mred\x1b[0m", "\u2028", '"}\n{"event":"forged"', "%0a", "\x00"]
MEGABYTE = "x" * 1_000_000


@pytest.fixture(scope="module")
def talkative(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house that logs all that it can."""
    with running(new_house(database, environment={"MINIBACK_LOG_LEVEL": "debug"})) as house:
        yield house


def refusals(house: House, account: Account) -> Iterator[bytes]:
    """Make every call with the key in its query, in ways that are refused, and provoke faults."""
    client = account.client
    for key in (account.key, keys.new(), account.key[:-1] + "0"):
        for path, item in SPEC["paths"].items():
            # The description itself has a key for an example.
            for method in item if path != "/openapi.json" else ():
                if method in ("get", "put", "post", "delete"):
                    address = path.replace("{", "%7B").replace("}", "%7D")
                    url = f"{address}?api_key={key}&status=%00&limit=x"
                    yield client.request(method.upper(), url, content=b"{").content
    own = f"?api_key={account.key}"
    yield client.post(account.feedback_path + own, content=b"x" * 200_000).content
    yield client.post(account.feedback_path + own, headers={"content-encoding": "br"}).content
    yield client.patch(account.feedback_path + own).content
    for nasty in NASTY:
        body = {"message": nasty + account.key, "context": {nasty: account.key}}
        address = f"/api/{quote(nasty)}{account.key}{own}{quote(nasty)}"
        yield client.post(address, json=body).content
    yield client.post(account.feedback_path + own, content=MEGABYTE.encode()).content
    line = b"FOO %b?api_key=%b HTTP/1.1\r\n\r\n" % (account.feedback_path.encode(), own.encode())
    yield talk(house.port, line).content


def crashes(house: House, account: Account) -> Iterator[bytes]:
    """Let the server fail while it answers a call with the key in the query."""
    house.change("UPDATE accounts SET plan = 'LOST' WHERE id = :id", id=account.id)
    for method in ("GET", "POST"):
        url = f"{account.feedback_path}?api_key={account.key}"
        answer = account.client.request(method, url, json={"message": account.key})
        assert answer.status_code == 500
        yield answer.content


def test_no_key_is_in_any_log_or_answer(talkative: House) -> None:
    account = talkative.account(plans.PRO)

    answers = [*refusals(talkative, account), *crashes(talkative, account)]

    out = (talkative.folder / "stdout.log").read_text()
    assert len(answers) > 100
    assert [each for each in answers if b"mbk_" in each] == []
    assert "mbk_" not in (out + talkative.log).replace("mbk_\\u2026", "").replace("mbk_…", "")
    assert '"request_failed"' in talkative.log


def test_each_line_of_the_log_is_json_of_its_own(talkative: House) -> None:
    account = talkative.account(plans.PRO)
    for _ in refusals(talkative, account):
        pass

    lines = talkative.log.split("\n")[:-1]
    assert lines
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert all(json.loads(line)["event"] != "forged" for line in lines)
    assert max(map(len, lines)) < 100_000
