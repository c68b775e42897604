"""Slugs: what they look like, how they are made, whose they stay (contract section 4)."""
# ruff: noqa: RUF001 - look-alike letters are what is tested

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniback.projects import slugs
from tests.feedback.batch import new_project
from tests.house import Account, House

SHAPE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
TAKEN = (409, {"error": "Slug is already taken"})
BAD = [
    *(
        "",
        "-a",
        "a-",
        "-",
        "A",
        "My-Website",
        "a_b",
        "a b",
        "a.b",
        "a/b",
        "é",
        "日本",
        "a\n",
        "a" * 64,
    ),
    *(5, True, [], ["a"], {"a": 1}, 1.5),
]


@pytest.mark.parametrize("slug", BAD)
def test_a_slug_that_breaks_the_rule_is_400(bob: Account, slug: object) -> None:
    created = bob.post("/api/projects", json={"name": "Shop", "slug": slug})
    updated = bob.put(f"/api/projects/{bob.project_id}", json={"slug": slug})

    assert (created.status_code, updated.status_code) == (400, 400)
    assert isinstance(created.json()["error"], str)
    assert [each["slug"] for each in bob.get("/api/projects").json()["data"]] == [bob.slug]


@pytest.mark.parametrize(
    "slug", ["api", "admin", "login", "feedback", "www", "widget", "new", "null"]
)
def test_a_reserved_word_is_400(bob: Account, slug: str) -> None:
    created = bob.post("/api/projects", json={"name": "Shop", "slug": slug})
    updated = bob.put(f"/api/projects/{bob.project_id}", json={"slug": slug})

    assert (created.status_code, updated.status_code) == (400, 400)


@pytest.mark.parametrize("shape", ["{0}", "{0}-b", "{0}--b", "0{0}", "{0:x<63}"])
def test_a_slug_that_keeps_the_rule_is_taken_to_the_letter(bob: Account, shape: str) -> None:
    slug = shape.format(bob.id.partition("_")[2])

    assert new_project(bob, "Shop", slug=slug)["slug"] == slug


@pytest.mark.parametrize("slug", ["a", "0", "a1", "a" * 63, "a-b", "9-9"])
def test_1_to_63_characters_are_a_slug(slug: str) -> None:
    assert slugs.checked(slug) == slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My Website", "my-website"),
        ("  Ärger & Söhne!  ", "arger-sohne"),
        ("Café Olé", "cafe-ole"),
        ("A_b.c/d", "a-b-c-d"),
        ("🎉", "project"),
        ("---", "project"),
        ("n" * 100, "n" * 63),
    ],
)
def test_a_slug_is_made_from_the_name(name: str, slug: str) -> None:
    assert slugs.from_name(name) == slug


@pytest.mark.parametrize(
    "name", ["Мой сайт", "我的网站", "マイサイト", "موقعي", "Ο ιστότοπός μου", "내 웹사이트"]
)
def test_other_scripts_are_transliterated(name: str) -> None:
    slug = slugs.from_name(name)

    assert SHAPE.fullmatch(slug)
    assert slug != "project"


@given(st.text(min_size=1, max_size=100))
def test_any_name_gives_a_slug_that_keeps_the_rule(name: str) -> None:
    assert SHAPE.fullmatch(slugs.from_name(name))


@given(st.from_regex(SHAPE, fullmatch=True), st.integers(2, 999_999))
def test_a_numbered_slug_keeps_the_rule(slug: str, number: int) -> None:
    numbered = slugs.joined(slugs.stem_for_numbers(slug), number)

    assert SHAPE.fullmatch(numbered)
    assert numbered.endswith(f"-{number}")


def test_a_project_without_a_slug_gets_one_from_its_name(bob: Account) -> None:
    assert new_project(bob, f"Café {bob.slug}")["slug"] == f"cafe-{bob.slug}"


def test_a_slug_of_null_counts_as_absent_when_creating(bob: Account) -> None:
    assert new_project(bob, f"Null {bob.slug}", slug=None)["slug"] == f"null-{bob.slug}"


def test_a_slug_of_null_counts_as_absent_when_updating(bob: Account) -> None:
    response = bob.put(f"/api/projects/{bob.project_id}", json={"name": "Named", "slug": None})

    assert response.status_code == 200
    assert response.json()["data"]["slug"] == bob.slug


def test_numbers_settle_a_collision(bob: Account, mallory: Account) -> None:
    name = "Crowd " + bob.id.partition("_")[2]

    made = [new_project(who, name)["slug"] for who in (bob, mallory, bob)]

    slug = name.lower().replace(" ", "-")
    assert made == [slug, slug + "-2", slug + "-3"]


def test_a_collision_of_63_characters_is_settled_too(bob: Account) -> None:
    name = bob.id.partition("_")[2] + "n" * 60

    made = [new_project(bob, name)["slug"] for _ in range(3)]

    assert made[0] == name[:63]
    assert len(set(made)) == 3
    assert all(SHAPE.fullmatch(each) for each in made)
    assert [each[-2:] for each in made[1:]] == ["-2", "-3"]


def test_a_name_that_is_a_reserved_word_does_not_get_that_slug(bob: Account) -> None:
    slug = new_project(bob, "Admin")["slug"]

    assert re.fullmatch(r"admin-\d+", slug)


def test_a_number_that_somebody_asked_for_is_passed_over(bob: Account) -> None:
    name = "Gap " + bob.id.partition("_")[2]
    slug = new_project(bob, name)["slug"]
    new_project(bob, "Other", slug=slug + "-2")

    assert new_project(bob, name)["slug"] == slug + "-3"


def test_projects_of_one_name_made_at_once_get_different_slugs(bob: Account) -> None:
    name = "Race " + bob.id.partition("_")[2]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_project(bob, name)["slug"], range(16)))

    assert len(set(made)) == 16


def test_a_slug_asked_for_at_once_goes_to_one(bob: Account, mallory: Account) -> None:
    body = {"name": "Race", "slug": "race-for-" + bob.id.partition("_")[2]}

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda who: who.post("/api/projects", json=body), [bob, mallory] * 8)
        )

    assert sorted(each.status_code for each in answers) == [201] + [409] * 15


def test_another_accounts_slug_is_409(bob: Account, mallory: Account) -> None:
    created = mallory.post("/api/projects", json={"name": "Shop", "slug": bob.slug})
    updated = mallory.put(f"/api/projects/{mallory.project_id}", json={"slug": bob.slug})

    assert (created.status_code, created.json()) == TAKEN
    assert (updated.status_code, updated.json()) == TAKEN


def test_a_slug_of_the_same_account_is_409(bob: Account) -> None:
    response = bob.post("/api/projects", json={"name": "Shop", "slug": bob.slug})

    assert (response.status_code, response.json()) == TAKEN


def test_a_refused_slug_leaves_the_project_as_it_was(bob: Account, mallory: Account) -> None:
    before = bob.get(f"/api/projects/{bob.project_id}").json()

    bob.put(f"/api/projects/{bob.project_id}", json={"name": "Lost", "slug": mallory.slug})

    assert bob.get(f"/api/projects/{bob.project_id}").json() == before


def test_a_refused_slug_makes_no_project_and_takes_no_place(house: House, carol: Account) -> None:
    carol.post("/api/projects", json={"name": "Shop", "slug": carol.slug})

    assert house.row("SELECT count(*) FROM projects WHERE account_id = :id", id=carol.id) == (1,)
    assert house.row("SELECT active_projects FROM accounts WHERE id = :id", id=carol.id) == (1,)


def renamed(who: Account) -> str:
    """Give a project a new slug and return the earlier one."""
    response = who.put(f"/api/projects/{who.project_id}", json={"slug": "later-" + who.slug})
    assert response.status_code == 200, response.text
    return who.slug


def test_an_earlier_slug_goes_on_serving_the_public_door(house: House, bob: Account) -> None:
    body = {"message": "From an old page", "projectSlug": renamed(bob)}

    assert house.client.post("/api/feedback", json=body).status_code == 201

    (item,) = bob.get(bob.feedback_path).json()["data"]
    assert item["message"] == "From an old page"


@pytest.mark.parametrize("parameter", ["project", "projectSlug"])
def test_an_earlier_slug_goes_on_serving_filters(bob: Account, parameter: str) -> None:
    item = bob.say()

    response = bob.get("/api/feedback", params={parameter: renamed(bob)})

    assert [each["id"] for each in response.json()["data"]] == [item["id"]]


def test_an_earlier_slug_is_never_given_to_another_account(bob: Account, mallory: Account) -> None:
    slug = renamed(bob)

    response = mallory.post("/api/projects", json={"name": "Shop", "slug": slug})

    assert (response.status_code, response.json()) == TAKEN


def test_an_earlier_slug_is_not_made_from_a_name_either(bob: Account, mallory: Account) -> None:
    name = "Old " + bob.id.partition("_")[2]
    old = new_project(bob, name)
    bob.put(f"/api/projects/{old['id']}", json={"slug": "brand-" + old["slug"]})

    assert new_project(mallory, name)["slug"] == old["slug"] + "-2"


def test_an_earlier_slug_stays_its_projects_within_the_account(bob: Account) -> None:
    response = bob.post("/api/projects", json={"name": "Shop", "slug": renamed(bob)})

    assert (response.status_code, response.json()) == TAKEN


def test_a_project_may_go_back_to_its_earlier_slug(bob: Account) -> None:
    slug = renamed(bob)

    response = bob.put(f"/api/projects/{bob.project_id}", json={"slug": slug})

    assert (response.status_code, response.json()["data"]["slug"]) == (200, slug)


def test_a_high_number_that_somebody_asks_for_leaves_the_stem_usable(
    bob: Account, mallory: Account
) -> None:
    name = f"Acme {bob.project_id[-6:]}"
    first = bob.post("/api/projects", json={"name": name}).json()["data"]["slug"]
    mallory.post("/api/projects", json={"name": "x", "slug": f"{first}-999999"})

    slugs = [bob.post("/api/projects", json={"name": name}).json()["data"]["slug"] for _ in "123"]

    assert slugs == [f"{first}-2", f"{first}-3", f"{first}-4"]
