"""The settings call of a project (contract sections 4 and 6)."""

import pytest

from tests.house import Account, House

BAD_ENTRIES = [
    *("", " ", "https://example.com", "//example.com", "example.com:8080", "example.com/path"),
    *(
        "example.com/",
        "example.com?x",
        "example.com#x",
        "user@example.com",
        "*",
        "*.",
        "**.example.com",
    ),
    *(
        "a.*.example.com",
        "*.*.example.com",
        "example.*",
        "*example.com",
        "example..com",
        ".example.com",
    ),
    *("-a.example.com", "a-.example.com", "exa mple.com", "a" * 64 + ".com", "a." * 130 + "com"),
    *("exa\nmple.com", "example.com,example.org", "é" * 64 + ".com", "\u2603\ufe0f..com", "null\0"),
]


def path(who: Account) -> str:
    return f"/api/projects/{who.project_id}/settings"


def test_a_new_project_admits_every_site(bob: Account) -> None:
    response = bob.get(path(bob))

    assert response.status_code == 200
    assert response.json()["data"]["allowedDomains"] == []


def test_putting_answers_200_with_the_settings_as_getting_does(bob: Account) -> None:
    entries = ["example.com", "app.example.com", "localhost", "*.example.com", "127.0.0.1"]

    response = bob.put(path(bob), json={"allowedDomains": entries})

    assert response.status_code == 200
    assert response.json()["data"]["allowedDomains"] == entries
    assert bob.get(path(bob)).json() == response.json()


def test_putting_replaces_the_whole_list(bob: Account) -> None:
    bob.put(path(bob), json={"allowedDomains": ["example.com", "example.org"]})
    bob.put(path(bob), json={"allowedDomains": ["example.net"]})

    assert bob.get(path(bob)).json()["data"]["allowedDomains"] == ["example.net"]


def test_an_empty_list_is_kept(bob: Account) -> None:
    bob.put(path(bob), json={"allowedDomains": ["example.com"]})

    assert bob.put(path(bob), json={"allowedDomains": []}).status_code == 200
    assert bob.get(path(bob)).json()["data"]["allowedDomains"] == []


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("*.bücher.example", "*.xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("日本語.jp", "xn--wgv71a119e.jp"),
        ("faß.de", "xn--fa-hia.de"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_an_international_name_is_stored_as_punycode(bob: Account, entry: str, kept: str) -> None:
    response = bob.put(path(bob), json={"allowedDomains": [entry]})

    assert response.status_code == 200
    assert response.json()["data"]["allowedDomains"] == [kept]


@pytest.mark.parametrize("entry", [*BAD_ENTRIES, 1, None, True, ["example.com"], {}])
def test_what_is_no_bare_host_name_is_400_and_changes_nothing(bob: Account, entry: object) -> None:
    bob.put(path(bob), json={"allowedDomains": ["example.org"]})

    response = bob.put(path(bob), json={"allowedDomains": ["example.com", entry]})

    assert response.status_code == 400
    assert isinstance(response.json()["error"], str)
    assert bob.get(path(bob)).json()["data"]["allowedDomains"] == ["example.org"]


@pytest.mark.parametrize("domains", ["example.com", 1, {"a": "b"}, True])
def test_allowed_domains_that_are_no_list_are_400(bob: Account, domains: object) -> None:
    assert bob.put(path(bob), json={"allowedDomains": domains}).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_another_accounts_settings_are_404(bob: Account, mallory: Account, method: str) -> None:
    response = mallory.call(method, path(bob), json={"allowedDomains": ["evil.example"]})

    assert (response.status_code, response.json()) == (404, {"error": "Project not found"})
    assert bob.get(path(bob)).json()["data"]["allowedDomains"] == []


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_settings_of_a_project_that_is_absent_are_404(bob: Account, method: str) -> None:
    response = bob.call(method, "/api/projects/proj_1/settings", json={"allowedDomains": []})

    assert (response.status_code, response.json()) == (404, {"error": "Project not found"})


def test_each_settings_call_is_counted_once(house: House, carol: Account) -> None:
    carol.put(path(carol), json={"allowedDomains": ["example.com"]})
    carol.get(path(carol))
    carol.put(path(carol), json={"allowedDomains": ["https://example.com"]})

    assert house.row("SELECT calls FROM usage WHERE account_id = :id", id=carol.id) == (2,)


def test_a_change_of_the_name_leaves_the_settings_alone(bob: Account) -> None:
    bob.put(path(bob), json={"allowedDomains": ["example.com"]})
    bob.put(f"/api/projects/{bob.project_id}", json={"name": "Renamed"})

    assert bob.get(path(bob)).json()["data"]["allowedDomains"] == ["example.com"]
