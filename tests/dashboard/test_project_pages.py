"""The pages of one project: pausing, domains, slug, deletion (ux.md sections 4 and 5)."""

import re

import httpx2
import pytest

from tests.house import House
from tests.visitor import Member, owner, said, visiting

PAUSED = {"error": "Project is paused", "code": "project_paused"}


@pytest.fixture
def bob(house: House) -> Member:
    """The owner of an account on PRO."""
    return owner(house)


def at(member: Member, rest: str = "") -> str:
    return f"/projects/{member.account.slug}{rest}"


def knock(member: Member, slug: str, origin: str = "https://shop.example") -> httpx2.Response:
    """Post feedback as a visitor of a page would."""
    draft = {"message": "A word", "projectSlug": slug}
    return member.client.post("/api/feedback", json=draft, headers={"origin": origin})


def project(member: Member) -> dict[str, str]:
    found: dict[str, str] = member.get(f"/api/projects/{member.account.project_id}").json()["data"]
    return found


def domains(member: Member) -> list[str]:
    path = f"/api/projects/{member.account.project_id}/settings"
    found: list[str] = member.get(path).json()["data"]["allowedDomains"]
    return found


def test_pr3_a_paused_project_says_so_and_refuses_the_public_door(bob: Member) -> None:
    answer = bob.submit(at(bob, "/pause"), page="/projects")

    assert (answer.status_code, answer.headers["location"]) == (303, "/projects")
    assert "Paused" in said(bob.get(at(bob))).split("Slug")[0]
    refused = knock(bob, bob.account.slug)
    assert (refused.status_code, refused.json()) == (403, PAUSED)


def test_pr3_a_pause_is_told_once_with_its_undo(bob: Member) -> None:
    page = bob.get(bob.submit(at(bob, "/pause"), page="/projects").headers["location"])

    assert "My Website is paused" in said(page)
    (undo,) = re.findall(r'action="([^"]+)"><input[^>]*><button class="quiet">Undo', page.text)
    assert undo == at(bob, "/resume")
    assert "My Website is paused" not in said(bob.get("/projects"))


def test_pr3_undo_takes_the_pause_back(bob: Member) -> None:
    bob.submit(at(bob, "/pause"), page="/projects")

    answer = bob.submit(at(bob, "/resume"), page="/projects")

    assert answer.status_code == 303
    assert project(bob)["status"] == "ACTIVE"
    assert knock(bob, bob.account.slug).status_code == 201


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ("/projects/{slug}", "/projects/{slug}"),
        ("https://evil.example", "/projects"),
        ("//evil.example", "/projects"),
        ("/projects/another", "/projects"),
        ("", "/projects"),
    ],
)
def test_a_pause_leads_back_to_where_it_was_asked_for_and_nowhere_else(
    bob: Member, back: str, expected: str
) -> None:
    slug = bob.account.slug

    answer = bob.submit(at(bob, "/pause"), page="/projects", back=back.format(slug=slug))

    assert answer.headers["location"] == expected.format(slug=slug)


@pytest.mark.parametrize(
    ("entry", "offered", "told"),
    [
        ("https://example.com", "example.com", "leave out the protocol"),
        ("example.com:8080", "example.com", "leave out the port"),
        ("example.com/", "example.com", "leave out the slash at the end"),
        ("example.com/page", "example.com", "leave out the path"),
        (
            "http://user@app.example.com:1/x?y#z",
            "app.example.com",
            "leave out the protocol and the port and the path",
        ),
        (
            "https://*.example.com/",
            "*.example.com",
            "leave out the protocol and the slash at the end",
        ),
        ("exa mple", None, "check its letters and dots"),
        ("*.*.example.com", None, "check its letters and dots"),
        ("a*.example.com", None, "check its letters and dots"),
        ("https://", None, "leave out the protocol"),
        ("http://[", None, "leave out the protocol"),
        ("", None, "check its letters and dots"),
    ],
)
def test_pj1_an_entry_that_is_no_host_is_refused_and_mended_where_it_can_be(
    bob: Member, entry: str, offered: str | None, told: str
) -> None:
    page = bob.submit(at(bob, "/security"), domain=entry)

    assert page.status_code == 422
    assert f"or *.example.com; {told} " in said(page)
    assert 'aria-describedby="domain-error domain-hint"' in page.text
    assert re.findall(r'type="hidden" name="domain" value="([^"]+)"', page.text) == (
        [offered] if offered else []
    )
    assert domains(bob) == []


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ("Example.COM", "example.com"),
        (" *.example.com ", "*.example.com"),
        ("localhost", "localhost"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_pj1_an_entry_is_saved_at_once_as_it_is_compared(
    bob: Member, entry: str, kept: str
) -> None:
    answer = bob.submit(at(bob, "/security"), domain=entry)

    assert (answer.status_code, answer.headers["location"]) == (303, at(bob, "/security"))
    assert domains(bob) == [kept]
    assert knock(bob, bob.account.slug, "https://evil.example").status_code == 403


def test_pj1_an_entry_is_taken_off_the_list(bob: Member) -> None:
    for entry in ("a.example", "b.example"):
        bob.submit(at(bob, "/security"), domain=entry)

    bob.submit(at(bob, "/security/remove"), page=at(bob, "/security"), domain="a.example")

    assert domains(bob) == ["b.example"]


@pytest.mark.parametrize(
    ("tested", "verdict"),
    [
        ("https://app.example.com/page", "Allowed by *.example.com"),
        ("app.example.com", "Allowed by *.example.com"),
        ("https://a.b.example.com", "Refused: no entry fits a.b.example.com"),
        ("https://example.com", "Refused: no entry fits example.com"),
        ("https://example.com.evil.io", "Refused: no entry fits example.com.evil.io"),
        ("http://[", "This is not an address of a page"),
    ],
)
def test_pj1_the_tester_tells_what_the_door_would_do(
    bob: Member, tested: str, verdict: str
) -> None:
    bob.submit(at(bob, "/security"), domain="*.example.com")

    page = bob.get(at(bob, "/security"), params={"test": tested})

    assert verdict in said(page)
    if "://" in tested:
        is_allowed = knock(bob, bob.account.slug, tested.removesuffix("/page")).status_code == 201
        assert is_allowed == verdict.startswith("Allowed")


def test_pj1_the_tester_admits_this_servers_own_pages(house: House, bob: Member) -> None:
    bob.submit(at(bob, "/security"), domain="a.example")

    page = bob.get(at(bob, "/security"), params={"test": house.base_url + "/x"})

    assert "Allowed: a page of this server" in said(page)


def test_pj3_deleting_tells_how_much_feedback_goes(bob: Member) -> None:
    for _ in range(3):
        bob.account.say()

    for path in ("/delete", "/settings"):
        assert "3 items of feedback will be deleted, for good." in said(bob.get(at(bob, path)))


@pytest.mark.parametrize("typed", ["", "my website", "wrong", "MY-WEBSITE"])
def test_pj3_a_project_stays_until_its_slug_is_typed(bob: Member, typed: str) -> None:
    page = bob.submit(at(bob, "/delete"), slug=typed)

    assert page.status_code == 422
    (field,) = re.findall(r'<input id="delete-slug"[^>]*>', page.text)
    assert 'aria-describedby="delete-error"' in field
    assert project(bob)["id"] == bob.account.project_id


def test_pj3_a_deleted_project_is_404_and_its_end_is_told(bob: Member) -> None:
    answer = bob.submit(at(bob, "/delete"), slug=f" {bob.account.slug} ")

    page = bob.get(answer.headers["location"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/projects")
    assert "My Website is deleted" in said(page)
    assert bob.get(f"/api/projects/{bob.account.project_id}").status_code == 404
    assert bob.get(at(bob)).status_code == 404


def test_pj3_a_deleted_project_takes_no_feedback(bob: Member) -> None:
    bob.submit(at(bob, "/delete"), slug=bob.account.slug)

    assert knock(bob, bob.account.slug).status_code == 404
    assert bob.account.get("/api/projects").status_code == 403


def test_pj4_the_old_slug_goes_on_working_after_a_change(bob: Member) -> None:
    old, new = bob.account.slug, f"renamed-{bob.account.slug}"

    answer = bob.submit(at(bob, "/settings"), name="My Website", slug=new)

    assert (answer.status_code, answer.headers["location"]) == (303, f"/projects/{new}/settings")
    assert [knock(bob, slug).status_code for slug in (old, new)] == [201, 201]
    assert bob.get(f"/api/feedback?projectSlug={old}").json()["pagination"]["total"] == 2


@pytest.mark.parametrize("name", ["old slug", "id"])
def test_pj4_a_page_by_an_earlier_name_leads_to_the_one_of_today(bob: Member, name: str) -> None:
    new = f"renamed-{bob.account.slug}"
    bob.submit(at(bob, "/settings"), name="My Website", slug=new)

    answer = bob.get(f"/projects/{bob.account.project_id}" if name == "id" else at(bob))

    assert (answer.status_code, answer.headers["location"]) == (303, f"/projects/{new}")


def test_pj4_nobody_else_gets_a_slug_that_was_given_up(house: House, bob: Member) -> None:
    bob.submit(at(bob, "/settings"), name="My Website", slug=f"renamed-{bob.account.slug}")
    mallory = owner(house)

    page = mallory.submit("/projects/new", name="Mine", slug=bob.account.slug)

    assert (page.status_code, "Slug is already taken" in said(page)) == (422, True)


@pytest.mark.parametrize(("name", "field"), [("", "name"), ("x" * 101, "name"), ("Good", "slug")])
def test_settings_that_cannot_be_change_nothing_and_are_kept(
    bob: Member, name: str, field: str
) -> None:
    before = project(bob)

    page = bob.submit(at(bob, "/settings"), name=name, slug="No Slug")

    assert (page.status_code, f'id="{field}-error"' in page.text) == (422, True)
    assert 'value="No Slug"' in page.text
    assert project(bob) == before


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "</bdi><script>alert(1)</script>"]
)
def test_g12_names_and_messages_are_escaped_on_all_pages(bob: Member, text: str) -> None:
    bob.submit(at(bob, "/settings"), name=text, slug=bob.account.slug)
    bob.account.say(text)

    for path in ("/projects", at(bob), at(bob, "/settings"), at(bob, "/delete"), at(bob, "/api")):
        assert text not in bob.get(path).text


def test_the_overview_counts_what_came_in(bob: Member) -> None:
    ids = [bob.account.say(f"Word {number}")["id"] for number in range(6)]
    bob.account.put(f"/api/feedback/{ids[0]}", json={"status": "RESOLVED"})

    text = said(bob.get(at(bob)))

    assert re.search(r"New 5 Total 6 Resolved 16 % Median time to resolve 0 s", text)
    assert ["Word 0" in text, "Word 1" in text, "Word 5" in text] == [False, True, True]


def test_the_pages_of_a_project_are_for_those_who_are_signed_in(house: House, bob: Member) -> None:
    with visiting(house) as visitor:
        answer = visitor.get(at(bob))

    assert answer.headers["location"] == f"/login?next={at(bob)}"
