"""The list of projects and starting one: search, sort, limits, slugs (ux.md section 4)."""

import re

import httpx2
import pytest

from miniback import ids, plans
from miniback.db import Tx
from tests.house import House
from tests.visitor import Member, owner, said

LIMIT = "Project limit reached. Upgrade your plan to create more projects."


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account on PRO."""
    return owner(house)


@pytest.fixture
def alice(house: House) -> Member:
    """The owner of an account on FREE, whose one project is at work."""
    return owner(house, plans.FREE)


@pytest.fixture(scope="module")
def busy(house: House) -> Member:
    """Somebody with four projects, of which one is paused, and feedback in two."""
    busy = owner(house)
    made = {"My Website": busy.account.project_id}
    for name in ("beta", "Zürich", "Archive"):
        answer = busy.call("POST", "/api/projects", json={"name": name})
        made[name] = answer.json()["data"]["id"]
    busy.call("PUT", f"/api/projects/{made['Archive']}", json={"status": "PAUSED"})
    for name, count in (("beta", 2), ("My Website", 1)):
        for _ in range(count):
            path = f"/api/projects/{made[name]}/feedback"
            assert busy.call("POST", path, json={"message": "A"}).status_code == 201
    return busy


def listed(page: httpx2.Response) -> list[str]:
    """The names of the projects on a page, in their order."""
    return re.findall(r'<p class="title"><a href="[^"]+"><bdi translate="no">([^<]+)', page.text)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Archive", "Zürich", "beta", "My Website"]),
        ("?sort=newest", ["Archive", "Zürich", "beta", "My Website"]),
        ("?sort=oldest", ["My Website", "beta", "Zürich", "Archive"]),
        ("?sort=name", ["Archive", "beta", "My Website", "Zürich"]),
        ("?sort=name-desc", ["Zürich", "My Website", "beta", "Archive"]),
        ("?sort=nothing", ["Archive", "Zürich", "beta", "My Website"]),
        ("?paused=hide", ["Zürich", "beta", "My Website"]),
        ("?search=BETA", ["beta"]),
        ("?search=zürich", ["Zürich"]),
        ("?search=ZUR", ["Zürich"]),
        ("?search=+web+", ["My Website"]),
        ("?search=%25", []),
        ("?search=_", []),
        ("?search=a&sort=name&paused=hide", ["beta"]),
        ("?search=arch&paused=hide", []),
        ("?search=%00", []),
    ],
)
def test_pr1_the_address_says_what_is_listed(busy: Member, query: str, names: list[str]) -> None:
    page = busy.get("/projects" + query)

    assert (page.status_code, listed(page)) == (200, names)


@pytest.mark.parametrize(("sort", "first"), [("most", "beta"), ("least", "My Website")])
def test_pr1_the_list_is_sorted_by_feedback(busy: Member, sort: str, first: str) -> None:
    names = listed(busy.get(f"/projects?sort={sort}"))

    assert next(each for each in names if each in ("beta", "My Website")) == first


def test_pr1_the_form_shows_what_the_address_says(busy: Member) -> None:
    page = busy.get("/projects?search=e%22b&sort=name&paused=hide").text

    assert 'name="search" value="e&#34;b"' in page
    assert re.search(r'name="paused" value="hide" checked', page)
    assert '<option value="name" selected>' in page
    assert page.count(" selected>") == 1


@pytest.mark.parametrize("query", ["?search=e", "?sort=name", "?paused=hide"])
def test_pr1_clear_leads_back_to_the_default_address(busy: Member, query: str) -> None:
    assert '<a href="/projects">Clear</a>' in busy.get("/projects" + query).text


@pytest.mark.parametrize("query", ["", "?sort=newest", "?search=", "?paused="])
def test_pr1_there_is_nothing_to_clear_at_the_default(busy: Member, query: str) -> None:
    assert ">Clear</a>" not in busy.get("/projects" + query).text


def test_the_list_tells_status_and_counts_of_feedback(busy: Member) -> None:
    text = said(busy.get("/projects?search=beta"))

    assert "2 items" in text
    assert "2 new" in text
    assert "Paused" in said(busy.get("/projects?search=archive")).split("Hide paused")[1]


def test_a_list_without_a_project_leads_to_the_first_one(bob: Member) -> None:
    slug = bob.account.slug
    bob.submit(f"/projects/{slug}/delete", slug=slug)

    text = said(bob.get("/projects"))

    assert "No project yet" in text
    assert "Start the first one" in text


def test_the_list_holds_the_newest_1000_and_says_so(house: House, bob: Member) -> None:
    house.tx(lambda tx: projects_of(tx, bob.account.id, 1_000))

    pages = [bob.get(f"/projects?page={number}") for number in (1, 2, 20, 21)]

    names = [name for page in pages[:3] for name in listed(page)]
    assert names[:51] == [f"Number {999 - number}" for number in range(51)]
    assert (len(names), names[-1]) == (150, "Number 0")
    assert listed(pages[3]) == listed(pages[2])
    assert "Page 20 of 20" in said(pages[2])
    assert "These are the newest 1,000." in said(pages[0])


def projects_of(tx: Tx, account_id: str, count: int) -> None:
    """Fill an account with projects beside the server."""
    for number in range(count):
        project_id = ids.new("proj")
        tx.run(
            "INSERT INTO projects (account_id, id, name, slug, status, allowed_domains, updated_at)"
            " VALUES (:account_id, :id, :name, :slug, 'ACTIVE', '[]', 0)",
            account_id=account_id,
            id=project_id,
            name=f"Number {number}",
            slug=project_id.replace("_", "-"),
        )


def test_a_search_looks_through_the_newest_1000_alone(house: House, bob: Member) -> None:
    house.tx(lambda tx: projects_of(tx, bob.account.id, 1_000))

    assert listed(bob.get("/projects?search=my+website")) == []
    assert listed(bob.get("/projects?search=number+999")) == ["Number 999"]


def names_of(house: House, member: Member) -> list[str]:
    sql = "SELECT name FROM projects WHERE account_id = :id ORDER BY id"
    return [name for (name,) in house.rows(sql, id=member.account.id)]


def test_a_new_project_leads_to_its_page_and_is_told(house: House, bob: Member) -> None:
    answer = bob.submit("/projects/new", name=" Shop ", slug="")

    page = bob.get(answer.headers["location"])
    assert answer.status_code == 303
    assert re.fullmatch(r"/projects/shop(-\d+)?", answer.headers["location"])
    assert "Project created" in said(page)
    assert "Project created" not in said(bob.get(answer.headers["location"]))
    assert names_of(house, bob) == ["My Website", "Shop"]


def test_pr2_at_the_limit_the_list_tells_of_it_and_of_the_plans(alice: Member) -> None:
    page = alice.get("/projects")

    assert 'href="/projects/new" data-opens="limit"' in page.text
    (dialog,) = re.findall(r'<dialog id="limit".*?</dialog>', page.text, re.DOTALL)
    assert "Your plan has room for 1 active project" in dialog
    assert 'href="/settings/billing"' in dialog


def test_pr2_below_the_limit_there_is_no_such_dialog(bob: Member) -> None:
    assert 'id="limit"' not in bob.get("/projects").text


def test_pr2_at_the_limit_a_form_is_403_in_the_words_of_the_api(
    house: House, alice: Member
) -> None:
    page = alice.submit("/projects/new", name="Second", slug="")

    assert page.status_code == 403
    assert LIMIT in said(page)
    assert names_of(house, alice) == ["My Website"]


def test_pr2_a_paused_project_is_not_resumed_beyond_the_limit(house: House, alice: Member) -> None:
    slug = alice.account.slug
    alice.submit(f"/projects/{slug}/pause", page="/projects")
    alice.submit("/projects/new", name="Second", slug="")

    page = alice.submit(f"/projects/{slug}/resume", page="/projects")

    assert (page.status_code, LIMIT in said(page)) == (403, True)


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x07b"])
def test_pr4_a_name_that_cannot_be_is_422_with_the_error_at_the_field(
    house: House, bob: Member, name: str
) -> None:
    page = bob.submit("/projects/new", name=name, slug="kept-slug")

    assert page.status_code == 422
    (field,) = re.findall(r'<input id="name"[^>]*>', page.text)
    assert 'aria-invalid="true" aria-describedby="name-error name-hint" autofocus' in field
    assert 'id="name-error"' in page.text
    assert 'value="kept-slug"' in page.text
    assert names_of(house, bob) == ["My Website"]


@pytest.mark.parametrize("path", ["/projects/new", "/projects/{slug}/settings"])
def test_pr4_a_taken_slug_is_422_with_the_error_at_the_field(
    house: House, bob: Member, path: str
) -> None:
    taken = owner(house).account.slug

    page = bob.submit(path.format(slug=bob.account.slug), name="Kept name", slug=taken)

    assert page.status_code == 422
    (field,) = re.findall(r'<input id="slug"[^>]*>', page.text)
    assert f'value="{taken}" aria-invalid="true" aria-describedby="slug-error' in field
    assert page.text.count("autofocus") == 1
    assert "Slug is already taken" in said(page)
    assert 'value="Kept name"' in page.text
    assert names_of(house, bob) == ["My Website"]


@pytest.mark.parametrize("slug", ["-a", "a-", "A", "a b", "é", "new", "x" * 64, "a/b", "a.css"])
def test_pr4_a_slug_that_cannot_be_is_422_and_kept(bob: Member, slug: str) -> None:
    page = bob.submit("/projects/new", name="Shop", slug=slug)

    assert (page.status_code, 'id="slug-error"' in page.text) == (422, True)
    assert f'value="{slug}"' in page.text


def test_pr4_a_form_that_was_refused_can_be_mended_and_sent(house: House, bob: Member) -> None:
    page = bob.submit("/projects/new", name="Shop", slug="new")
    (once,) = re.findall(r'name="once" value="([^"]+)"', page.text)

    answer = bob.submit("/projects/new", name="Shop", slug="", once=once)

    assert answer.status_code == 303
    assert names_of(house, bob) == ["My Website", "Shop"]
