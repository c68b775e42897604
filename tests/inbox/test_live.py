"""What open pages are told of: the stream, the same by asking, by whichever process (IN8, IN9)."""

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from socket import SHUT_RDWR, socket
from typing import Any

import httpx2
import pytest

from miniback import ids
from miniback.accounts import Role
from tests.feedback.batch import fill
from tests.house import NO_TLS, PATIENCE_S, Account, House, running, until
from tests.inbox.acting import act, listed, note, place, position, set_status, tag, user_id
from tests.visitor import SESSION, Member, member_of, owner_of

NOBODY_CHANGE = "change_" + "0" * 24


@dataclass
class Listener:
    """A page that listens in a thread of its own, and what it was told."""

    member: Member
    last: str = ""
    news: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    status: int = 0
    line: socket | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        """Read until the stream ends or somebody hangs up."""
        cookie = f"{SESSION}={self.member.client.cookies[SESSION]}"
        headers = {"cookie": cookie, "accept": "text/event-stream"}
        if self.last:
            headers["last-event-id"] = self.last
        client = httpx2.Client(
            base_url=self.member.house.base_url, timeout=PATIENCE_S, verify=NO_TLS
        )
        stream = client.stream("GET", "/inbox/live", headers=headers)
        with contextlib.suppress(httpx2.TransportError), client, stream as response:
            self.line = response.extensions["network_stream"].get_extra_info("socket")
            self.status = response.status_code
            for line in response.iter_lines():
                self._read(line)
        self.ended.set()

    def _read(self, line: str) -> None:
        if line.startswith("id: "):
            self.ids.append(line.removeprefix("id: "))
        elif line.startswith("data: "):
            self.news.append(json.loads(line.removeprefix("data: ")))

    @property
    def new(self) -> list[str]:
        """The positions of the new items, as they were told."""
        return [each for news in self.news for each in news["new"]]

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """Position, kind and outcome of the changes, as they were told."""
        told = [each for news in self.news for each in news["changed"]]
        return [(each["position"], each["kind"], each["became"]) for each in told]

    @property
    def changes(self) -> list[str]:
        """The ids of the changes, as they were told."""
        return [each["id"] for news in self.news for each in news["changed"]]


@contextlib.contextmanager
def listening(member: Member, last: str = "") -> Iterator[Listener]:
    """A page that listens; begun once it has been told where it is."""
    listener = Listener(member, last)
    thread = threading.Thread(target=listener.listen)
    thread.start()
    try:
        until(lambda: listener.news or listener.ended.is_set(), "the stream to begin")
        yield listener
    finally:
        if listener.line:
            with contextlib.suppress(OSError):
                listener.line.shutdown(SHUT_RDWR)
        thread.join()


def wait_for_news(page: Listener) -> None:
    until(lambda: page.new, "something to be told")


@pytest.fixture(scope="module")
def pair(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server of two processes."""
    with running(new_house(database, workers=2)) as house:
        yield house


@pytest.fixture
def ada(pair: House) -> Account:
    """An account on PRO there."""
    return pair.account()


@pytest.fixture
def bea(pair: House, ada: Account) -> Member:
    """Its owner, signed in."""
    return owner_of(pair, ada)


def asked(member: Member, last: str = "") -> dict[str, Any]:
    """What asking for news since a place gives."""
    answer = member.get("/inbox/live", params={"last": last})
    assert answer.status_code == 200, answer.text
    news: dict[str, Any] = answer.json()["data"]
    return news


def test_in8_an_item_that_came_in_elsewhere_is_told(ada: Account, bea: Member) -> None:
    with listening(bea) as page:
        item = ada.say("Live")["id"]

        until(lambda: page.new, "the item to be told")

    assert (page.status, page.new, page.changed) == (200, [position(item)], [])


def test_in8_what_another_session_changes_is_told_with_who_did_it(
    pair: House, ada: Account, bea: Member
) -> None:
    item = ada.say()["id"]
    colleague = member_of(pair, ada, Role.MEMBER)
    with listening(bea) as page:
        act(colleague, "RESOLVED", item)

        until(lambda: page.changed, "the change to be told")

    assert page.changed == [(position(item), "STATUS", "RESOLVED")]
    assert page.news[-1]["changed"][0]["by"] == user_id(pair, colleague.email)


def test_every_kind_of_change_is_told(ada: Account, bea: Member) -> None:
    item = ada.say()["id"]
    with listening(bea) as page:
        set_status(ada, item, "REVIEWED")
        tag(ada, item, "bug")
        note(ada, item, "Ask Ada")
        for action in ("SPAM", "NOT_SPAM", "DELETE"):
            act(bea, action, item)

        until(lambda: len(page.changed) >= 6, "all changes to be told")

    kinds = [kind for _, kind, _ in page.changed]
    assert kinds == ["STATUS", "TAG", "NOTE", "SPAM", "NOT_SPAM", "DELETE"]


def test_what_happens_in_another_account_is_not_told(pair: House, ada: Account) -> None:
    mallory = pair.account()
    with listening(owner_of(pair, mallory)) as page:
        set_status(ada, ada.say()["id"], "RESOLVED")
        own = mallory.say()["id"]

        until(lambda: page.new, "what is one's own to be told")

    assert (page.new, page.changed) == ([position(own)], [])


def test_in9_a_page_that_comes_back_is_told_what_it_missed(ada: Account, bea: Member) -> None:
    seen = ada.say()["id"]
    with listening(bea) as page:
        set_status(ada, seen, "REVIEWED")
        until(lambda: page.changed, "the change to be told")
    missed = ada.say()["id"]
    set_status(ada, seen, "RESOLVED")

    # The last seconds are told again, since something may have been committed late.
    with listening(bea, page.ids[-1]) as again:
        until(lambda: position(missed) in again.new, "the item that was missed to be told")

    assert again.changed[-1] == (position(seen), "STATUS", "RESOLVED")


def test_in9_a_page_that_comes_back_is_told_of_what_was_committed_late(
    pair: House, ada: Account, bea: Member
) -> None:
    ada.say("before")
    last = asked(bea)["place"]
    slow = place(pair, ada, ids.position_time(int(last.split(".")[0])) - 500, "came in slowly")

    with listening(bea, last) as page:
        until(lambda: position(slow) in page.new, "the item of a slow transaction to be told")


def test_the_same_is_told_whoever_asks_for_it(ada: Account, bea: Member) -> None:
    start = asked(bea)
    item = ada.say()["id"]
    set_status(ada, item, "RESOLVED")

    news = asked(bea, start["place"])

    assert (start["new"], start["changed"]) == ([], [])
    assert (news["new"], news["is_cut"]) == ([position(item)], False)
    assert [(each["position"], each["became"]) for each in news["changed"]] == [
        (position(item), "RESOLVED")
    ]
    assert asked(bea, news["place"]) == news


@pytest.mark.parametrize(
    "last", ["", "x", "1", ".", "1.change_", "-1." + NOBODY_CHANGE, "9" * 30 + "." + NOBODY_CHANGE]
)
def test_a_place_that_is_none_is_that_of_now(ada: Account, bea: Member, last: str) -> None:
    ada.say()

    news = asked(bea, last)

    assert (news["new"], news["changed"]) == ([], [])


def test_a_page_that_was_away_for_very_long_is_told_to_look_for_itself(
    pair: House, ada: Account, bea: Member
) -> None:
    start = asked(bea)["place"]
    fill(pair, ada, ["needle"] * 250)

    news = asked(bea, start)

    assert (len(news["new"]), news["is_cut"]) == (200, True)


def test_in9_nothing_is_told_twice_or_lost_of_200_posts_of_four_at_once(
    ada: Account, bea: Member
) -> None:
    with listening(bea) as first, listening(bea) as second, ThreadPoolExecutor(4) as threads:
        said = list(threads.map(lambda number: ada.say(f"word{number}")["id"], range(200)))
        places = sorted(map(position, said))

        until(lambda: len(first.new) >= 200 and len(second.new) >= 200, "all to be told")

    assert sorted(first.new) == sorted(second.new) == places


def test_in9_a_page_that_hangs_up_again_and_again_misses_nothing(ada: Account, bea: Member) -> None:
    told: Counter[str] = Counter()
    last = asked(bea)["place"]
    with ThreadPoolExecutor(4) as threads:
        saying = [threads.submit(ada.say, f"word{number}") for number in range(200)]
        while not all(each.done() for each in saying):
            with listening(bea, last) as page:
                wait_for_news(page)
            told.update(page.new)
            last = page.ids[len(page.news) - 1]
    told.update(asked(bea, last)["new"])

    assert set(told) == {position(each.result()["id"]) for each in saying}


def test_a_change_after_one_of_very_many_is_told(pair: House, ada: Account, bea: Member) -> None:
    items = fill(pair, ada, ["needle"] * 300)
    with listening(bea) as page:
        act(bea, "RESOLVED", all="1")
        until(lambda: page.changed, "the act to be told")
        set_status(ada, items[0], "REVIEWED")

        last = (position(items[0]), "STATUS", "REVIEWED")
        until(lambda: last in page.changed, "the change after it to be told")

    assert max(Counter(page.changes).values()) == 1


def test_the_counts_of_a_list_are_asked_for_anew(ada: Account, bea: Member) -> None:
    old = ada.say("apple")["id"]
    ada.say("apple")
    ada.say("pear")

    def fresh(query: str) -> dict[str, Any]:
        found: dict[str, Any] = bea.get(f"/inbox/fresh?after={position(old)}&{query}").json()[
            "data"
        ]
        return found

    assert (fresh("")["new"], fresh("")["total"], fresh("")["menu"]) == (2, 3, 3)
    assert (fresh("search=apple")["new"], fresh("search=apple")["total"]) == (1, 2)
    assert fresh("status=RESOLVED")["new"] == 0
    assert fresh("")["tabs"]["NEW"] == len(listed(ada, "status=NEW"))


@pytest.mark.parametrize("path", ["/inbox/live", "/inbox/fresh"])
def test_whoever_is_not_signed_in_is_told_nothing(pair: House, path: str) -> None:
    answer = pair.client.get(path, headers={"accept": "text/event-stream"})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def test_a_viewer_is_told_too(pair: House, ada: Account) -> None:
    with listening(member_of(pair, ada, Role.VIEWER)) as page:
        item = ada.say()["id"]

        until(lambda: page.new, "the item to be told")

    assert page.new == [position(item)]


def test_the_server_ends_in_good_order_with_a_page_open(
    database: str, new_house: Callable[..., House]
) -> None:
    with running(new_house(database)) as house:
        with listening(owner_of(house, house.account())) as page:
            assert house.stop() == 0
            assert page.ended.wait(PATIENCE_S)
        assert "Traceback" not in house.log
