"""What a form may hold: its size and form, fields that it has not, and sending it twice."""

import html
from typing import Any

import httpx2
import pytest

from tests.house import House
from tests.visitor import PASSWORD, Member, Visitor, owner, said, visiting

# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)

FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}
EXTRA = {
    **dict.fromkeys(("id", "account_id", "accountId", "user_id", "project_id"), "x"),
    "plan": "FREE",
    "role": "VIEWER",
    "is_administrator": "1",
    "status": "PAUSED",
    "allowed_domains": "[]",
    "allowedDomains": "evil.example",
    "active_projects": "0",
    "password_hash": "x",
    "anchor": "0",
    "created_at": "0",
    "_method": "DELETE",
    "overlapSeconds": "604800",
    "masked": "x",
    "key_hash": "x",
    "expires_at": "1",
}


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account on PRO."""
    return owner(house)


@pytest.fixture(scope="module")
def anybody(house: House) -> Member:
    """Somebody signed in, whose forms are all refused."""
    return owner(house)


def rows(house: House, member: Member) -> dict[str, Any]:
    """The account, the person and the projects, by table, as names and values."""
    account_id = member.account.id
    columns = {
        "accounts": "id, plan, anchor, active_projects, created_at",
        "projects": "id, account_id, slug, name, status, allowed_domains",
        "members": "role, user_id, created_at, dismissed",
        "api_keys": "project_id, key_hash, masked, created_at, expires_at",
    }
    where = {
        "accounts": "id = :id",
        **dict.fromkeys(columns.keys() - {"accounts"}, "account_id = :id"),
    }
    found: dict[str, Any] = {
        table: house.rows(f"SELECT {names} FROM {table} WHERE {where[table]}", id=account_id)
        for table, names in columns.items()
    }
    people = "id, email, name, time_zone, theme, password_hash, is_administrator"
    found["users"] = house.rows(f"SELECT {people} FROM users WHERE email = :e", e=member.email)
    return found


@pytest.mark.parametrize(
    ("path", "fields", "changed"),
    [
        ("/settings/profile", {"name": "Zoe", "time_zone": "UTC"}, {"users"}),
        ("/settings/theme", {"theme": "DARK"}, {"users"}),
        ("/settings/dismiss", {"mark": "1:80"}, {"members"}),
        ("/projects/{slug}/settings", {"name": "New", "slug": "{slug}"}, {"projects"}),
        ("/projects/{slug}/security", {"domain": "shop.example"}, {"projects"}),
        ("/projects/{slug}/api/test", {"key": "mbk_1"}, set()),
        ("/projects/{slug}/api/key", {"overlap": "0"}, {"api_keys"}),
    ],
)
def test_a_form_with_fields_that_it_has_not_changes_what_it_says_alone(
    house: House, bob: Member, path: str, fields: dict[str, str], changed: set[str]
) -> None:
    slug, before = bob.account.slug, rows(house, bob)
    data = {name: value.format(slug=slug) for name, value in fields.items()}

    answer = bob.submit(path.format(slug=slug), page="/usage", **{**EXTRA, **data})

    after = rows(house, bob)
    assert answer.status_code in (200, 204, 303)
    assert {table for table in after if after[table] != before[table]} == changed


def test_extra_fields_of_the_profile_change_no_address_password_or_power(
    house: House, bob: Member
) -> None:
    ((*_, hash_before, power_before),) = rows(house, bob)["users"]
    extra = {**EXTRA, "email": "eve@example.test", "password": "x" * 20}

    bob.submit(
        "/settings/profile",
        **{**extra, "is_administrator": str(1 - power_before), "name": "Zoe", "time_zone": ""},
    )

    ((_, email, name, _, theme, password_hash, power),) = rows(house, bob)["users"]
    assert (email, name, theme, power) == (bob.email, "Zoe", "SYSTEM", power_before)
    assert password_hash == hash_before


def test_extra_fields_of_a_new_project_give_it_no_other_id_account_or_status(
    house: House, bob: Member
) -> None:
    bob.submit("/projects/new", **{**EXTRA, "name": "Mass", "slug": ""})

    rows_ = rows(house, bob)["projects"]
    ((project_id, account_id, slug, _, status, domains),) = [r for r in rows_ if r[3] == "Mass"]
    assert project_id.startswith("proj_")
    assert (account_id, slug[:4], status, domains) == (bob.account.id, "mass", "ACTIVE", "[]")


def post(who: Visitor, path: str, content: bytes, **headers: str) -> httpx2.Response:
    return who.client.post(path, content=content, headers={**FORM_TYPE, **headers})


@pytest.mark.parametrize("path", ["/login", "/projects/new"])
def test_t35_a_form_of_a_million_fields_is_413(anybody: Member, path: str) -> None:
    assert post(anybody, path, b"&".join([b"a=1"] * 1_000_000)).status_code == 413


@pytest.mark.parametrize("path", ["/login", "/settings/profile"])
@pytest.mark.parametrize(
    "more",
    [b"&a=" * 130, b"&a=" + b"x" * 65_536, b"&" * 130],
    ids=["fields", "bytes", "ampersands"],
)
def test_t35_a_form_that_nobody_fills_in_is_413(anybody: Member, path: str, more: bytes) -> None:
    token = anybody.token("/usage").encode()

    page = post(anybody, path, b"csrf_token=" + token + more)

    assert page.status_code == 413
    assert "That is too large" in said(page)


@pytest.mark.parametrize("path", ["/login", "/settings/profile", "/nowhere", "/projects", "/api/x"])
def test_t35_a_multipart_form_is_415_anywhere(anybody: Member, path: str) -> None:
    answer = anybody.client.post(path, files={"csrf_token": (None, "x"), "name": (None, "x")})

    assert answer.status_code == 415


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "utf-7"])
def test_t35_a_form_in_another_charset_is_415(anybody: Member, charset: str) -> None:
    type_ = f"{FORM_TYPE['content-type']}; charset={charset}"

    assert (
        anybody.client.post("/login", content=b"a=1", headers={"content-type": type_}).status_code
        == 415
    )


@pytest.mark.parametrize(
    "value",
    [b"%00", b"a%00b", b"\0", b"%FF", b"\xff", b"%C3%28", b"%ED%A0%80", b"%C0%AF", b"%F4%90%80%80"],
)
def test_t35_a_form_with_nul_or_bad_utf8_is_400_and_changes_nothing(
    house: House, anybody: Member, value: bytes
) -> None:
    before, token = rows(house, anybody), anybody.token("/usage").encode()

    page = post(anybody, "/settings/profile", b"csrf_token=" + token + b"&time_zone=&name=" + value)

    assert page.status_code == 400
    assert rows(house, anybody) == before


@pytest.mark.parametrize("body", [b"", b"=", b"&&&", b"%", b"%zz=%zz", b"csrf_token", b"+=+"])
@pytest.mark.parametrize("path", ["/login", "/settings/profile"])
def test_an_odd_form_is_refused_without_a_fault(anybody: Member, path: str, body: bytes) -> None:
    assert post(anybody, path, body).status_code == 403


def test_a_field_given_twice_counts_as_it_stood_first(house: House, bob: Member) -> None:
    token = bob.token("/usage").encode()

    post(bob, "/settings/profile", b"csrf_token=" + token + b"&time_zone=&name=One&name=Two")

    assert rows(house, bob)["users"][0][2] == "One"


def once_of(bob: Member, path: str) -> dict[str, str]:
    """The hidden fields of the form at a path."""
    text = bob.get(path).text
    (once,) = {each.split('"')[0] for each in text.split('name="once" value="')[1:]}
    return {"csrf_token": bob.token(path), "once": once}


def test_g11_a_form_for_a_new_project_sent_twice_creates_one(house: House, bob: Member) -> None:
    data = {**once_of(bob, "/projects/new"), "name": "Twice", "slug": ""}

    answers = [bob.client.post("/projects/new", data=data) for _ in range(3)]

    assert {each.status_code for each in answers} == {303}
    assert len({each.headers["location"] for each in answers}) == 1
    assert len([each for each in rows(house, bob)["projects"] if each[3] == "Twice"]) == 1


def test_g11_two_forms_for_a_new_project_create_two(house: House, bob: Member) -> None:
    for _ in range(2):
        data = {**once_of(bob, "/projects/new"), "name": "Twice", "slug": ""}
        bob.client.post("/projects/new", data=data)

    assert len([each for each in rows(house, bob)["projects"] if each[3] == "Twice"]) == 2


def test_g11_a_form_for_a_key_sent_twice_makes_one_and_shows_it_once(
    house: House, bob: Member
) -> None:
    path = f"/projects/{bob.account.slug}/api"
    data = {**once_of(bob, path), "overlap": "0"}

    first, second = (bob.client.post(path + "/key", data=data) for _ in range(2))

    key = first.text.split("mbk_")[1][:36]
    assert (first.status_code, second.status_code) == (200, 303)
    assert bob.get("/api/projects", headers={"x-api-key": "mbk_" + key}).status_code == 200
    assert "was shown already" in said(bob.get(second.headers["location"]))


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", '"><script>x</script>', "'<b>"])
def test_g12_what_was_typed_is_escaped(bob: Member, name: str) -> None:
    page = bob.submit("/projects/new", name=name, slug="new project")

    assert page.status_code == 422
    assert name not in page.text
    assert html.escape(name).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in page.text


def test_a_sign_in_without_the_cookie_of_its_form_is_refused(house: House, bob: Member) -> None:
    with visiting(house) as visitor:
        token = visitor.token("/login")
        visitor.client.cookies.clear()
        data = {"csrf_token": token, "email": bob.email, "password": PASSWORD}
        answer = visitor.client.post("/login", data=data)

    assert answer.status_code == 403
    assert "miniback_session" not in visitor.client.cookies
