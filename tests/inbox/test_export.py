"""The list as a file for a spreadsheet: the rows of the list, and no formula (IN14)."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniback import exports
from miniback.accounts import Role
from tests.feedback.batch import fill, new_project
from tests.house import Account, House, running
from tests.inbox.acting import act, assign, ids_on, listed, set_status, tag
from tests.inbox.test_quarantine import PLANS, knock
from tests.visitor import Member, member_of, owner, owner_of

COLUMNS = [
    *("id", "createdAt", "updatedAt", "status", "source", "project", "projectSlug", "message"),
    *("tags", "assignee", "url", "userAgent", "email", "name", "context"),
]
MARK = "\ufeff"
# What was typed, and the cell that a spreadsheet is given.
CELLS = {
    "=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0",
    "+1+1": "'+1+1",
    "-2+3": "'-2+3",
    "@SUM(1)": "'@SUM(1)",
    " @SUM(1)": "' @SUM(1)",
    "\u00a0\u00a0=1": "'\u00a0\u00a0=1",
    "\u3000=1": "'\u3000=1",
    "\ufeff=1": "'\ufeff=1",
    "\t=1": "'\t=1",
    "\tindented": "'\tindented",
    "\r=1": "'\r'=1",
    "\n=1": "'\n'=1",
    "  \r\ntext": "'  \r\ntext",
    "\uff1d1": "'\uff1d1",
    "\uff0b1": "'\uff0b1",
    "\uff0d1": "'\uff0d1",
    "\uff20SUM": "'\uff20SUM",
    "safe\n=1": "safe\n'=1",
    "safe\r\n \t+1": "safe\r\n' \t+1",
    "safe\n\n\u00a0@x\n-y": "safe\n\n'\u00a0@x\n'-y",
    '","=1': '","=1',
    '"\n"=1': '"\n"=1',
    "1 + 1 = 2": "1 + 1 = 2",
    "two\n\nparagraphs": "two\n\nparagraphs",
    "": "",
}
FORMULA = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


@pytest.fixture(scope="module")
def small(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server whose FREE plan ends after three items."""
    with running(new_house(database, environment={"MINIBACK_PLANS": PLANS})) as house:
        yield house


class Scene(NamedTuple):
    """An account with much in its inbox, and its owner."""

    who: Account
    owner: Member


@pytest.fixture(scope="module")
def busy(house: House) -> Scene:
    """Twenty-four items of two projects, in every status, from both sources, tagged, assigned."""
    who = house.account()
    other = new_project(who, "Other", slug="other-of-" + who.slug)["id"]
    for number in range(24):
        path = f"/api/projects/{other if number % 3 else who.project_id}/feedback"
        headers = {"x-feedback-source": "widget"} if number % 2 else {}
        body = {"message": ("apple pie", "pear")[number % 4 // 2]}
        item = who.post(path, json=body, headers=headers).json()["data"]["id"]
        set_status(who, item, ("NEW", "REVIEWED", "RESOLVED")[number % 5 % 3])
        if number % 4 == 0:
            tag(who, item, "ripe")
        if number % 6 == 1:
            assign(who, item, who.email)
    return Scene(who, owner_of(house, who))


def exported(member: Member, query: str = "") -> httpx2.Response:
    answer = member.get(f"/inbox/export.csv?{query}")
    assert answer.status_code == 200, answer.text
    return answer


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a file, each by the names of its columns."""
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert head == COLUMNS
    return [dict(zip(head, row, strict=True)) for row in rows]


def rows(member: Member, query: str = "") -> list[dict[str, str]]:
    return rows_of(exported(member, query).content.decode())


def exported_ids(member: Member, query: str = "") -> list[str]:
    return [row["id"] for row in rows(member, query)]


QUERIES = [
    *("", "status=NEW", "source=WIDGET", "project={slug}", "projectSlug=other-of-{slug}"),
    *("search=apple", "search=nothing", "tag=ripe", "assignee={email}", "assignee=nobody"),
    *("start=2020-01-01", "end=2020-01-01", "start=2020-01-01&end=2100-01-01"),
    "status=NEW&source=API&search=apple&tag=ripe&project=other-of-{slug}&start=2020-01-01",
    "status=REVIEWED&source=WIDGET&assignee={email}",
]


@pytest.mark.parametrize("query", QUERIES)
def test_in14_the_file_has_just_the_rows_that_the_filters_leave(busy: Scene, query: str) -> None:
    query = query.format(slug=busy.who.slug, email=busy.who.email)

    assert exported_ids(busy.owner, query) == listed(busy.who, query)


def test_in14_the_filters_of_these_files_tell_them_apart(busy: Scene) -> None:
    names = {"slug": busy.who.slug, "email": busy.who.email}
    found = [tuple(listed(busy.who, query.format(**names))) for query in QUERIES]

    assert len(found[0]) == 24
    assert sum(bool(each) for each in found) == len(QUERIES) - 3
    assert len(set(found)) > len(QUERIES) // 2


def test_in14_mine_are_those_of_whoever_asks(busy: Scene) -> None:
    mine = exported_ids(busy.owner, "assignee=me")

    assert mine == listed(busy.who, f"assignee={busy.who.email}")
    assert mine


def test_in14_page_and_page_size_narrow_nothing(busy: Scene) -> None:
    assert len(rows(busy.owner, "page=2&pageSize=7&cursor=a1")) == 24


def test_in14_a_row_tells_all_of_its_item(bob: Account, bea: Member) -> None:
    context = {
        "url": "https://shop.example/cart?a=1",
        "userAgent": "Browser/1",
        "email": "ada@example.com",
        "name": 'Ada "the" Countess',
        "cart": {"items": [1, 2.50]},
    }
    item = bob.say('Grüße,\n"Ada" 你好', context=context)["id"]
    tag(bob, item, "bug", "Äpfel")
    assign(bob, item, bob.email)
    set_status(bob, item, "REVIEWED")
    wanted = bob.get(f"/api/feedback/{item}").json()["data"]

    (row,) = rows(bea)

    assert json.loads(row.pop("context")) == context
    assert row == {
        **{name: wanted[name] for name in ("id", "createdAt", "updatedAt", "status", "source")},
        **{name: context[name] for name in ("url", "userAgent", "email", "name")},
        "project": "My Website",
        "projectSlug": bob.slug,
        "message": 'Grüße,\n"Ada" 你好',
        "tags": "bug, Äpfel",
        "assignee": bob.email,
    }


def test_in14_dates_are_iso_with_milliseconds(bob: Account, bea: Member) -> None:
    bob.say()

    (row,) = rows(bea)

    for name in ("createdAt", "updatedAt"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row[name])


@pytest.mark.parametrize("value", [None, True, [1], {"a": 1}])
def test_in14_what_is_no_text_stands_in_the_context_alone(
    bob: Account, bea: Member, value: object
) -> None:
    bob.say(context={"url": value, "name": 7})

    (row,) = rows(bea)

    assert (row["url"], row["name"], json.loads(row["context"])["url"]) == ("", "7", value)


def test_in14_a_context_is_the_json_that_was_sent_on_one_line(bob: Account, bea: Member) -> None:
    body = '{"message": "x", "context": {\r\n"a": [\n-1,\t1.10, 1e2, 123456789012345678901]}}'
    headers = {"content-type": "application/json"}
    assert bob.post(bob.feedback_path, content=body, headers=headers).status_code == 201

    (row,) = rows(bea)

    assert re.sub(" +", " ", row["context"]) == '{ "a": [ -1, 1.10, 1e2, 123456789012345678901]}'


@pytest.mark.parametrize(("query", "begin"), [("bom=1", MARK + "id,"), ("", "id,")])
def test_in14_a_mark_of_utf_8_stands_first_where_it_is_asked_for(
    bob: Account, bea: Member, query: str, begin: str
) -> None:
    bob.say()

    text = exported(bea, query).content.decode()

    assert text.startswith(begin)
    assert text.count(MARK) == query.count("bom")
    assert len(rows_of(text.removeprefix(MARK))) == 1


def test_in14_the_file_is_rfc_4180_and_saved_rather_than_shown(bob: Account, bea: Member) -> None:
    bob.say("one, two")

    answer = exported(bea)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("\r\n") == answer.text.count("\n") == 2
    assert ',"one, two",' in answer.text


def test_in14_no_cell_that_was_typed_by_a_visitor_is_a_formula(bob: Account, bea: Member) -> None:
    typed = [each for each in CELLS if each]
    for text in typed:
        bob.say(text if text.strip() else "x", context={"name": text, "url": text, "email": text})

    found = rows(bea)[::-1]

    for name in ("message", "name", "url", "email"):
        assert [row[name] for row in found] == [CELLS[each] for each in typed]


def test_in14_neither_are_names_of_projects_and_tags(bob: Account, bea: Member) -> None:
    tag(bob, bob.say()["id"], "@SUM(1)")
    bob.put(f"/api/projects/{bob.project_id}", json={"name": "=1+1"})

    (row,) = rows(bea)

    assert (row["project"], row["tags"]) == ("'=1+1", "'@SUM(1)")


@pytest.mark.parametrize("text", CELLS)
def test_in14_a_cell_is_made_safe(text: str) -> None:
    ((cell, beside),) = csv.reader(io.StringIO(exports.line([text, "x"]), newline=""))

    assert (cell, beside) == (CELLS[text], "x")


some_text = st.text(
    st.one_of(
        st.sampled_from(" \u00a0\t\r\n=+-@\uff1d\uff0b\uff0d\uff20\u3000\ufeff\";,'a"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=20,
)


@given(st.lists(some_text, min_size=2, max_size=4))
def test_in14_no_cell_begins_as_a_formula_and_nothing_else_is_changed(cells: list[str]) -> None:
    (found,) = csv.reader(io.StringIO(exports.line(cells), newline=""), strict=True)

    for text, cell in zip(cells, found, strict=True):
        assert not any(FORMULA.match(each) for each in re.split("[\r\n]", cell))
        assert cell.lstrip(" \u00a0")[:1] not in ("\t", "\r", "\n")
        assert cell.replace("'", "") == text.replace("'", "")
        assert cell == text or FORMULA.search(text) or re.match("[ \u00a0]*[\t\r\n]", text)


def test_in14_640_rows_are_there_once_each_newest_first(
    house: House, bob: Account, bea: Member
) -> None:
    ids = fill(house, bob, [f"Item {number}" for number in range(640)])

    assert exported_ids(bea) == ids[::-1]
    assert exported_ids(bea, "search=item&status=NEW") == ids[::-1]


@pytest.mark.parametrize("count", [24, 25, 26, 1_025])
def test_in14_no_row_is_lost_where_a_portion_ends(house: House, count: int) -> None:
    who = owner(house)
    ids = fill(house, who.account, ["x"] * count)

    assert exported_ids(who) == ids[::-1]


def test_in14_what_lies_on_other_shelves_is_exported_from_them_alone(
    bob: Account, bea: Member
) -> None:
    spam, kept = bob.say("apple")["id"], bob.say("apple")["id"]
    act(bea, "SPAM", spam)

    assert exported_ids(bea) == exported_ids(bea, "search=apple") == [kept]
    assert exported_ids(bea, "shelf=SPAM") == [spam]
    assert exported_ids(bea, "shelf=SPAM&source=WIDGET") == []
    assert exported_ids(bea, "shelf=HELD") == []


def test_in14_what_is_held_back_is_exported_from_its_tab(small: House) -> None:
    who = owner(small, "FREE")
    ids = [knock(who.account, f"Number {number}") for number in range(5)]

    assert exported_ids(who) == ids[2::-1]
    assert exported_ids(who, "shelf=HELD") == ids[:2:-1]


def test_in14_nothing_of_another_account_is_ever_in_it(
    house: House, bob: Account, bea: Member, mallory: Account
) -> None:
    bob.say("apple")
    other = owner_of(house, mallory)
    mallory.say("apple of my own")

    for query in ("", "search=apple", "shelf=SPAM", "start=2020-01-01"):
        assert bob.id not in (answer := exported(other, query)).text
        assert set(exported_ids(other, query)) <= set(listed(mallory)), answer.text
    assert other.get(f"/inbox/export.csv?project={bob.slug}").status_code == 404
    assert exported_ids(other, f"assignee={bob.email}") == []


def test_in14_everybody_who_may_read_may_export(house: House, bob: Account) -> None:
    item = bob.say()["id"]

    assert exported_ids(member_of(house, bob, Role.VIEWER)) == [item]


@pytest.mark.parametrize("query", ["status=DONE", "start=soon", "search=" + "x" * 201])
def test_in14_filters_that_make_no_sense_are_a_page_that_says_so(bea: Member, query: str) -> None:
    answer = bea.get(f"/inbox/export.csv?{query}")

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_in14_the_list_links_to_the_file_of_its_own_filters(busy: Scene) -> None:
    page = busy.owner.get("/inbox?status=NEW&search=apple&pageSize=2&page=2")

    path = re.search(r'href="(/inbox/export\.csv[^"]*)"', page.text)
    assert path
    text = busy.owner.get(path[1].replace("&amp;", "&")).content.decode()
    assert text.startswith(MARK)
    found = [row["id"] for row in rows_of(text.removeprefix(MARK))]
    assert found == listed(busy.who, "status=NEW&search=apple")
    assert set(ids_on(page)) < set(found)
