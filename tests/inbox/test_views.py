"""Saved views: named, counted in the menu, changed, deleted (ux.md section 6, IN12)."""

import html
import re

import httpx2
import pytest

from miniback.accounts import Role
from tests.house import Account, House
from tests.inbox.acting import ids_on, listed, send, set_status, tag
from tests.visitor import Member, member_of, owner_of, said

MOST = 30


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


def menu(member: Member) -> dict[str, tuple[str, int]]:
    """The views in the menu by name: their addresses, but for which view it is, and counts."""
    page = member.get("/projects").text
    found = re.findall(
        r'<li class="view"><a href="([^"]+)">.*?<bdi[^>]*>([^<]*)</bdi>'
        r'<span class="count" data-view="[^"]+">([\d,]+)</span>',
        page,
    )
    return {
        html.unescape(name): (
            re.sub("[?&]view=view_[0-9a-z]+$", "", html.unescape(path)),
            int(items),
        )
        for path, name, items in found
    }


def save(member: Member, name: str, query: str = "?status=NEW") -> str:
    """Save a view, and return its id."""
    answer = send(member, "/inbox/views", name=name, query=query)
    assert answer.status_code == 303, answer.text
    *_, view_id = re.findall(r'class="edit" href="/inbox/views/([^"]+)"', member.get("/usage").text)
    return str(view_id)


def test_in12_a_view_is_in_the_menu_with_a_count_that_moves(bob: Account, bea: Member) -> None:
    items = [bob.say("apple")["id"] for _ in range(3)]
    tag(bob, items[0], "ripe")

    answer = send(bea, "/inbox/views", name=" My  view ", query="?status=NEW&tag=ripe&page=3")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/inbox?status=NEW&tag=ripe&view=view_")
    assert "View saved" in said(bea.get(answer.headers["location"]))
    assert menu(bea) == {"My view": ("/inbox?status=NEW&tag=ripe", 1)}
    tag(bob, items[1], "ripe")
    assert menu(bea)["My view"][1] == 2
    set_status(bob, items[0], "RESOLVED")
    assert menu(bea)["My view"][1] == 1


@pytest.mark.parametrize(
    "query", ["", "?search=apple+%26+%22pie%22", "?source=API&start=2020-01-01", "?assignee=me"]
)
def test_in12_a_view_leads_to_what_it_counts(bob: Account, bea: Member, query: str) -> None:
    bob.say("apple & pie")
    bob.say("pear")
    save(bea, "View", query)

    path, count = menu(bea)["View"]

    assert ids_on(bea.get(path)) == ids_on(bea.get("/inbox" + query))
    assert count == len(ids_on(bea.get(path)))


def test_a_view_may_show_another_shelf(bea: Member) -> None:
    save(bea, "Spam", "?shelf=SPAM&pageSize=50")

    assert menu(bea)["Spam"] == ("/inbox?shelf=SPAM&pageSize=50", 0)


def test_in12_a_view_is_renamed(bea: Member) -> None:
    view = save(bea, "Before")
    assert 'value="Before"' in bea.get(f"/inbox/views/{view}").text

    answer = send(bea, f"/inbox/views/{view}", name="Äfter <b>")

    assert answer.status_code == 303
    assert menu(bea) == {"Äfter <b>": ("/inbox?status=NEW", 0)}


def test_in12_a_view_is_deleted_and_no_feedback_with_it(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    gone = save(bea, "Gone")
    save(bea, "Kept")

    answer = send(bea, f"/inbox/views/{gone}/delete")

    assert (answer.status_code, list(menu(bea)), listed(bob)) == (303, ["Kept"], [item])
    assert bea.get(f"/inbox/views/{gone}").status_code == 404


def test_a_view_is_one_for_the_whole_account(house: House, bob: Account, bea: Member) -> None:
    save(bea, "Ours")

    for role in (Role.MEMBER, Role.VIEWER):
        assert list(menu(member_of(house, bob, role))) == ["Ours"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x07b", "\u200b"])
def test_in12_a_name_that_cannot_be_is_refused(bea: Member, name: str) -> None:
    view = save(bea, "Kept")

    answers = [
        send(bea, "/inbox/views", name=name, query="?status=NEW"),
        send(bea, f"/inbox/views/{view}", name=name),
    ]

    assert [answer.status_code for answer in answers] == [400, 422]
    assert list(menu(bea)) == ["Kept"]


def test_an_account_has_at_most_30_views(house: House, bob: Account, bea: Member) -> None:
    sql = "INSERT INTO views (account_id, id, name, query) VALUES (:account, :id, :name, '')"
    for number in range(MOST - 1):
        house.change(sql, account=bob.id, id=f"view_{number:024}", name=f"Number {number}")

    answers = [send(bea, "/inbox/views", name=each, query="") for each in ("30th", "31st")]

    assert [each.status_code for each in answers] == [303, 409]
    assert (len(menu(bea)), "30th" in menu(bea)) == (MOST, True)


def test_a_view_of_another_account_is_404(house: House, bea: Member, mallory: Account) -> None:
    view, other = save(bea, "Bob's"), owner_of(house, mallory)

    answers = [
        other.get(f"/inbox/views/{view}"),
        send(other, f"/inbox/views/{view}", name="Mine"),
        send(other, f"/inbox/views/{view}/filters", query="?status=RESOLVED"),
        send(other, f"/inbox/views/{view}/delete"),
    ]

    assert [each.status_code for each in answers] == [404] * 4
    assert (menu(bea), menu(other)) == ({"Bob's": ("/inbox?status=NEW", 0)}, {})


def test_a_view_of_a_project_that_is_gone_counts_nothing_and_breaks_nothing(
    bob: Account, bea: Member
) -> None:
    save(bea, "Gone", f"?project={bob.slug}")

    bob.delete(f"/api/projects/{bob.project_id}")

    assert menu(bea)["Gone"][1] == 0


@pytest.mark.parametrize("query", ["?status=DONE", "?start=tomorrow", "?search=" + "x" * 201])
def test_a_view_of_what_makes_no_sense_breaks_no_page(bea: Member, query: str) -> None:
    send(bea, "/inbox/views", name="Odd", query=query)

    assert bea.get("/projects").status_code == 200


def offered(page: httpx2.Response) -> list[str]:
    """The views that a page of the list offers to change."""
    return re.findall('action="/inbox/views/([^"]+)/filters"', page.text)


def links_on(page: httpx2.Response) -> list[str]:
    """Where the tabs, the chips and the pages of a list lead, and its rows."""
    content = page.text.split("<mb-inbox")[1]
    found = [html.unescape(each) for each in re.findall('href="(/inbox[^"]*)"', content)]
    return [each for each in found if "/export." not in each]


def test_in12_the_filters_of_a_view_are_changed(bob: Account, bea: Member) -> None:
    set_status(bob, bob.say("apple")["id"], "REVIEWED")
    view, other = save(bea, "Apples", "?search=apple"), save(bea, "Other")
    query = f"?status=REVIEWED&search=apple&page=2&cursor=a1&view={view}"

    answer = send(bea, f"/inbox/views/{view}/filters", query=query)

    assert answer.status_code == 303
    wanted = "/inbox?status=REVIEWED&search=apple"
    assert answer.headers["location"] == f"{wanted}&view={view}"
    assert "View updated" in said(bea.get(answer.headers["location"]))
    assert menu(bea) == {"Apples": (wanted, 1), "Other": ("/inbox?status=NEW", 0)}
    assert other != view


@pytest.mark.parametrize("query", ["", "?status=NEW", "?shelf=SPAM", "?search=a&pageSize=50"])
def test_in12_a_view_that_shows_what_it_is_offers_no_change(bea: Member, query: str) -> None:
    view = save(bea, "View", query)

    for shown in (query, f"{query}{'&' if query else '?'}view={view}"):
        assert offered(bea.get("/inbox" + shown)) == []


@pytest.mark.parametrize("query", ["", "status=REVIEWED", "status=NEW&source=API", "shelf=SPAM"])
def test_in12_whoever_comes_from_a_view_and_changes_filters_may_change_it(
    bea: Member, query: str
) -> None:
    save(bea, "Other", query)
    view = save(bea, "View", "?status=NEW")

    assert offered(bea.get(f"/inbox?{query}&view={view}")) == [view]
    assert offered(bea.get(f"/inbox?{query}")) == []


def test_in12_every_link_of_the_list_remembers_the_view(bob: Account, bea: Member) -> None:
    for _ in range(3):
        bob.say("apple")
    view = save(bea, "View", "?search=apple&pageSize=1")

    for path in (f"/inbox?search=apple&pageSize=1&view={view}", "/inbox?search=apple&pageSize=1"):
        page = bea.get(path)
        assert len(links_on(page)) > 8
        assert [each for each in links_on(page) if f"view={view}" not in each] == []
        assert f'<input type="hidden" name="view" value="{view}">' in page.text


@pytest.mark.parametrize("view", ["view_000000000000000000000000", "x", "view_%22%3E", "{other}"])
def test_in12_a_view_that_there_is_not_is_none(bea: Member, mallory: Account, view: str) -> None:
    other = save(owner_of(bea.house, mallory), "Mallory's")

    page = bea.get("/inbox?status=NEW&view=" + view.format(other=other))

    assert (page.status_code, offered(page)) == (200, [])
    assert [each for each in links_on(page) if "view=" in each] == []


def test_in12_whoever_only_looks_on_changes_no_view(
    house: House, bob: Account, bea: Member
) -> None:
    view, viewer = save(bea, "View"), member_of(house, bob, Role.VIEWER)

    assert offered(viewer.get(f"/inbox?view={view}")) == []
    assert send(viewer, f"/inbox/views/{view}/filters", query="").status_code == 403
    assert menu(bea)["View"][0] == "/inbox?status=NEW"
