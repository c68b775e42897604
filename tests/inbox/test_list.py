"""The list of the inbox: the same rows as the API's, days of whoever looks, pages (IN1, IN13)."""
# ruff: noqa: RUF001 - ranges are written with a dash

import html
import re
import shlex
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from miniback.accounts import Role
from tests.feedback.batch import fill, new_project
from tests.house import Account, House
from tests.inbox.acting import (
    act,
    assign,
    ids_on,
    listed,
    place,
    set_status,
    tabs_on,
    tag,
    user_id,
)
from tests.visitor import Member, member_of, owner_of, said

SHELL = '<nav class="side" id="menu"'


class Scene(NamedTuple):
    """An account with much in its inbox, its owner and a colleague."""

    who: Account
    owner: Member
    colleague: Member


@pytest.fixture(scope="module")
def busy(house: House) -> Scene:
    """Thirty items of two projects, in every status, from both sources, some tagged, assigned."""
    who = house.account()
    scene = Scene(who, owner_of(house, who), member_of(house, who, Role.MEMBER))
    other = new_project(who, "Other", slug="other-of-" + who.slug)["id"]
    for number in range(30):
        text = ("apple pie", "pear", "apple", "Ünder")[number % 4]
        project = who.project_id if number % 3 else other
        headers = {"x-feedback-source": "widget"} if number % 2 else {}
        path = f"/api/projects/{project}/feedback"
        answer = scene.owner.call("POST", path, json={"message": text}, headers=headers)
        item = answer.json()["data"]["id"]
        set_status(who, item, ("NEW", "REVIEWED", "RESOLVED")[number % 5 % 3])
        if number % 4 == 0:
            tag(who, item, "Ripe", "both") if number % 8 else tag(who, item, "both")
        if number % 6 == 1:
            assign(who, item, (who.email, scene.colleague.email)[number % 4 // 2])
    return scene


QUERIES = [
    *("", "status=NEW", "status=REVIEWED", "status=RESOLVED", "source=WIDGET", "source=API"),
    *("project={slug}", "project={id}", "projectSlug={slug}", "project=other-of-{slug}"),
    *("search=apple", "search=app", "search=APPLE+PIE", "search=under", "search=nothing"),
    *("search=%25", "search=%22apple", "tag=ripe", "tag=both", "tag=none", "tag=%25"),
    *("assignee={email}", "assignee={colleague}", "assignee=nobody", "start=2020-01-01"),
    *("end=2020-01-01", "end=2100-01-01", "start=2100-01-01", "start=2020-01-01&end=2100-01-01"),
    *("status=NEW&source=API", "status=NEW&project={slug}", "search=apple&status=RESOLVED"),
    *("tag=both&status=NEW", "tag=both&search=apple", "tag=ripe&project={slug}&source=API"),
    *("assignee={email}&status=NEW", "tag=both&assignee={email}", "search=pear&start=2020-01-01"),
    "status=NEW&source=WIDGET&project={slug}&search=pear&start=2020-01-01&end=2100-01-01",
    "status=NEW&source=API&tag=both&search=apple&start=2020-01-01",
]


def written(scene: Scene, query: str) -> str:
    who = scene.who
    return query.format(
        slug=who.slug, id=who.project_id, email=who.email, colleague=scene.colleague.email
    )


@pytest.mark.parametrize("query", QUERIES)
def test_in1_the_list_shows_just_the_rows_that_the_api_returns(busy: Scene, query: str) -> None:
    query = written(busy, query)

    page = busy.owner.get(f"/inbox?pageSize=100&{query}")

    assert ids_on(page) == listed(busy.who, query)


def test_the_scene_of_these_filters_tells_them_apart(busy: Scene) -> None:
    found = {query: tuple(listed(busy.who, written(busy, query))) for query in QUERIES}

    assert len(found[""]) == 30
    assert sum(bool(each) for each in found.values()) == len(QUERIES) - 7
    assert len(set(found.values())) > len(QUERIES) // 2


@pytest.mark.parametrize("query", ["", "status=NEW", "project={slug}", "source=API&status=NEW"])
def test_the_tabs_count_what_they_show(busy: Scene, query: str) -> None:
    query = written(busy, query)
    narrow = "&".join(each for each in query.split("&") if not each.startswith("status"))

    tabs = tabs_on(busy.owner.get("/inbox?" + query))

    for status in ("NEW", "REVIEWED", "RESOLVED"):
        assert tabs[status] == len(listed(busy.who, f"{narrow}&status={status}"))
    assert tabs["ALL"] == len(listed(busy.who, narrow))


@pytest.mark.parametrize("query", ["search=apple", "tag=both&status=NEW", "start=2020-01-01"])
def test_the_tab_on_which_one_is_tells_the_number_of_a_search(busy: Scene, query: str) -> None:
    page = busy.owner.get("/inbox?" + query)

    found = re.search(r'aria-current="page">\w+ <span>(\d+)</span>', page.text)
    assert found
    assert int(found[1]) == len(listed(busy.who, query))


def test_mine_are_those_that_are_assigned_to_whoever_looks(busy: Scene) -> None:
    for member in (busy.owner, busy.colleague):
        page = member.get("/inbox?assignee=me&pageSize=100")

        assert ids_on(page) == listed(busy.who, f"assignee={member.email}") != []


@pytest.mark.parametrize("query", ["", "&status=NEW", "&search=apple", "&tag=both"])
def test_every_page_of_the_list_is_that_of_the_api(busy: Scene, query: str) -> None:
    whole = listed(busy.who, query.removeprefix("&"))
    pages = -(-len(whole) // 4)

    found = [busy.owner.get(f"/inbox?pageSize=4&page={n}{query}") for n in range(1, pages + 1)]

    assert [item for page in found for item in ids_on(page)] == whole
    assert f"1–4 of {len(whole)}" in said(found[0])
    assert ('rel="prev"' in found[0].text, 'rel="next"' in found[-1].text) == (False, False)


@pytest.mark.parametrize("query", ["", "&status=NEW", "&search=apple", "&start=2020-01-01"])
@pytest.mark.parametrize("page", ["9", "99", "999999999"])
def test_a_page_beyond_the_end_is_the_last(busy: Scene, query: str, page: str) -> None:
    whole = listed(busy.who, query.removeprefix("&"))
    first = (len(whole) - 1) // 7 * 7

    assert ids_on(busy.owner.get(f"/inbox?pageSize=7&page={page}{query}")) == whole[first:]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 40, "1.5", "٣"])
def test_a_page_that_is_no_number_is_the_first(busy: Scene, page: str) -> None:
    first = ids_on(busy.owner.get("/inbox"))

    assert ids_on(busy.owner.get("/inbox", params={"page": page})) == first


@pytest.mark.parametrize("shelf", ["spam", "BIN", "DELETED", "x", "%00", "LIVE'"])
def test_an_unknown_shelf_is_404(busy: Scene, shelf: str) -> None:
    assert busy.owner.get(f"/inbox?shelf={shelf}").status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        *(("status=DONE", 400), ("source=MAIL", 400), ("start=tomorrow", 400)),
        *(("end=2024-02-30", 400), ("search=" + "x" * 201, 400), ("project=not-there", 404)),
        *(("end=9999-12-31", 200), ("start=0001-01-01", 200), ("end=0001-01-01", 200)),
        *(("start=9999-12-31T23:59:59Z", 200), ("search=%00", 200), ("status=", 200)),
        *(("tag=%00", 200), ("assignee=%00", 200), ("nonsense=1", 200)),
    ],
)
def test_an_address_that_makes_no_sense_breaks_nothing(
    busy: Scene, query: str, status: int
) -> None:
    page = busy.owner.get("/inbox?" + query)

    assert page.status_code == status
    assert SHELL in page.text


@pytest.mark.parametrize("query", QUERIES)
def test_in13_the_copied_command_gives_the_same_items(busy: Scene, query: str) -> None:
    page = busy.owner.get(f"/inbox?pageSize=100&{written(busy, query)}")

    assert _ids_by_command(busy.who, page.text) == ids_on(page)


def test_in13_the_copied_command_gives_what_is_mine(busy: Scene) -> None:
    page = busy.owner.get("/inbox?assignee=me&pageSize=100")

    assert _ids_by_command(busy.who, page.text) == ids_on(page) != []


def _ids_by_command(who: Account, page: str) -> list[str]:
    found = re.search(r'data-text="(curl [^"]+)"', page)
    assert found
    *_, url = shlex.split(html.unescape(found[1]))
    parts = urlsplit(url)
    answer = who.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 200, answer.text
    assert parse_qs(parts.query)["page"] == ["1"]
    return [each["id"] for each in answer.json()["data"]]


# When a day begins and ends, in seconds since 1970: +05:45 all year; -05:00 and in summer -04:00.
DAYS = [
    ("UTC", "2025-03-10", 1_741_564_800, 1_741_651_200),
    ("Asia/Kathmandu", "2025-03-10", 1_741_544_100, 1_741_630_500),
    ("America/New_York", "2025-03-09", 1_741_496_400, 1_741_579_200),
    ("America/New_York", "2025-11-02", 1_762_056_000, 1_762_146_000),
]


@pytest.mark.parametrize(("zone", "day", "begins", "ends"), DAYS)
@pytest.mark.parametrize("search", ["", "&search=needle"])
def test_a_date_is_a_day_of_the_persons_time_zone(
    house: House, bob: Account, zone: str, day: str, begins: int, ends: int, search: str
) -> None:
    sql = "UPDATE users SET time_zone = :zone WHERE email = :email"
    house.change(sql, zone=zone, email=bob.email)
    bea = owner_of(house, bob)
    moments = (begins * 1_000 - 1, begins * 1_000, ends * 1_000 - 1, ends * 1_000)
    before, first, last, after = [place(house, bob, at, "needle") for at in moments]

    def shown(query: str) -> list[str]:
        page = bea.get("/inbox?" + query + search)
        assert _ids_by_command(bob, page.text) == ids_on(page)
        return ids_on(page)

    assert shown(f"start={day}&end={day}") == [last, first]
    assert shown(f"start={day}") == [after, last, first]
    assert shown(f"end={day}") == [last, first, before]


def test_times_of_the_list_are_told_in_the_persons_time_zone(house: House, bob: Account) -> None:
    sql = "UPDATE users SET time_zone = 'Asia/Kathmandu' WHERE email = :email"
    house.change(sql, email=bob.email)
    place(house, bob, 1_741_544_100 * 1_000, "needle")

    page = owner_of(house, bob).get("/inbox").text

    (time,) = re.findall(r"<time[^>]*>", page.split('<ul class="list items">')[1].split("</ul>")[0])
    assert 'datetime="2025-03-09T18:15:00' in time
    assert 'title="2025-03-10 00:00 (Asia/Kathmandu)"' in time


@pytest.mark.parametrize("shelf", ["SPAM", "HELD"])
@pytest.mark.parametrize("query", ["search=apple", "tag=both", "assignee=me", "start=2020-01-01"])
def test_what_is_in_sight_is_on_no_other_shelf(busy: Scene, shelf: str, query: str) -> None:
    page = busy.owner.get(f"/inbox?shelf={shelf}&{query}")

    assert ids_on(page) == []


@pytest.mark.parametrize("query", ["search=apple", "tag=both", ""])
def test_an_act_on_all_of_another_shelf_touches_nothing_in_sight(
    house: House, bob: Account, query: str
) -> None:
    item = bob.say("apple")["id"]
    tag(bob, item, "both")

    done = act(owner_of(house, bob), "DELETE", all="1", query=f"?shelf=SPAM&{query}")

    assert (done["done"], listed(bob)) == (0, [item])


@pytest.mark.parametrize("item_id", ["feedback_" + "0" * 24, "x", "%00", "feedback_1"])
def test_fd1_an_unknown_item_is_404_inside_the_shell(busy: Scene, item_id: str) -> None:
    page = busy.owner.get(f"/inbox/{item_id}")

    assert (page.status_code, SHELL in page.text) == (404, True)
    assert "There is nothing here" in said(page)


def test_fd1_an_item_of_another_account_is_the_same_404(
    house: House, busy: Scene, mallory: Account
) -> None:
    theirs = owner_of(house, mallory)
    (item, *_) = listed(busy.who)

    pages = [theirs.get(f"/inbox/{each}") for each in (item, "feedback_" + "0" * 24)]

    assert [page.status_code for page in pages] == [404, 404]
    foreign, unknown = (re.sub(r"[0-9a-f]{20}", "", said(page)) for page in pages)
    assert (foreign, "apple" in foreign) == (unknown, False)


@pytest.mark.parametrize("query", ["", "status=NEW", "search=apple", "tag=both"])
def test_fd1_an_item_opens_with_the_page_of_the_list_on_which_it_lies(
    busy: Scene, query: str
) -> None:
    whole = listed(busy.who, query)

    for at in range(0, len(whole), 3):
        page = busy.owner.get(f"/inbox/{whole[at]}?pageSize=4&{query}")
        assert ids_on(page) == whole[at // 4 * 4 :][:4]
        assert f'data-id="{whole[at]}" data-status' in page.text.split("<article")[1]


@pytest.mark.parametrize("query", ["", "status=NEW", "search=apple", "tag=both", "source=API"])
def test_fd6_newer_and_older_walk_the_filtered_list_across_pages(busy: Scene, query: str) -> None:
    whole, walked = listed(busy.who, query), []
    item = whole[0]

    while item:
        walked.append(item)
        page = busy.owner.get(f"/inbox/{item}?pageSize=4&{query}").text.split("<article")[1]
        found = re.search(r'rel="next" href="/inbox/([^"?]+)', page)
        item = found[1] if found else ""

    assert walked == whole
    assert f'rel="prev" href="/inbox/{whole[-2]}' in page


def test_fd1_an_item_opens_beside_a_list_that_has_it_not(busy: Scene) -> None:
    item = listed(busy.who, "status=RESOLVED")[0]

    page = busy.owner.get(f"/inbox/{item}?status=NEW&pageSize=100")

    assert ids_on(page) == listed(busy.who, "status=NEW")
    assert f'data-id="{item}" data-status="RESOLVED"' in page.text


def test_whoever_is_not_signed_in_comes_back_after_signing_in(house: House) -> None:
    answer = house.client.get("/inbox?status=NEW&page=2", follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/inbox%3Fstatus%3DNEW%26page%3D2"


def test_a_viewer_reads_and_is_offered_nothing_to_change(house: House, busy: Scene) -> None:
    viewer = member_of(house, busy.who, Role.VIEWER)
    (item, *_) = whole = listed(busy.who)

    pages = viewer.get("/inbox?pageSize=100"), viewer.get(f"/inbox/{item}?status=NEW")

    assert ids_on(pages[0]) == whole
    for page in pages:
        assert 'name="action"' not in page.text
        assert 'type="checkbox"' not in page.text
        assert 'action="/inbox/' not in page.text.replace('action="/inbox/act"', "")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        *(("", "No feedback yet"), ("search=x", "Nothing matches"), ("tag=x", "Nothing matches")),
        *(("shelf=SPAM", "Nothing here"), ("shelf=HELD", "Nothing here")),
    ],
)
def test_in10_an_empty_list_says_why(house: House, bob: Account, query: str, told: str) -> None:
    assert told in said(owner_of(house, bob).get("/inbox?" + query))


def test_in10_with_nothing_new_one_is_told_to_be_caught_up(house: House, bob: Account) -> None:
    set_status(bob, bob.say()["id"], "RESOLVED")

    page = owner_of(house, bob).get("/inbox?status=NEW")

    assert (ids_on(page), "All caught up" in said(page)) == ([], True)


def test_in10_without_a_project_one_is_led_to_the_first(house: House, bob: Account) -> None:
    bob.delete(f"/api/projects/{bob.project_id}")

    assert "No project yet" in said(owner_of(house, bob).get("/inbox"))


def test_in11_the_last_of_400_pages_is_reached(house: House, bob: Account) -> None:
    items = fill(house, bob, [f"number {each}" for each in range(1_000)])
    bea = owner_of(house, bob)

    assert ids_on(bea.get("/inbox?pageSize=5&page=200")) == items[4::-1]
    assert ids_on(bea.get("/inbox?pageSize=5&page=200&search=number")) == items[4::-1]
    assert "996–1,000 of 1,000" in said(bea.get("/inbox?pageSize=5&page=200"))


def test_the_assignee_of_an_item_may_be_known_by_id(house: House, busy: Scene) -> None:
    who = user_id(house, busy.colleague.email)

    page = busy.owner.get(f"/inbox?pageSize=100&assignee={who}")

    assert ids_on(page) == listed(busy.who, f"assignee={busy.colleague.email}") != []
