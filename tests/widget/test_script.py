"""What sites load: the widget with its settings, and versions that never change (ux.md, W17)."""

import base64
import gzip
import hashlib
import json
import re
from typing import Any

import brotli
import httpx2
import pytest

from tests.house import Account, House, until

LIMIT_S = 5 * 60


def script(who: Account, slug: str = "", **headers: str) -> httpx2.Response:
    return who.client.get(f"/w/{slug or who.slug}.js", headers=headers)


def told(who: Account, **headers: str) -> dict[str, Any]:
    """What the widget is told; the same in the script and alone."""
    alone: dict[str, Any] = who.client.get(f"/w/{who.slug}.json", headers=headers).json()
    inside = re.match(r"self\.minibackSettings=(.*);\n", script(who, **headers).text)
    assert inside
    assert json.loads(inside[1]) == alone
    return alone


def change(who: Account, **settings: Any) -> None:
    path = f"/api/projects/{who.project_id}/settings"
    assert who.put(path, json=settings).status_code == 200


def seen(house: House, who: Account) -> list[str]:
    sql = "SELECT host FROM sightings WHERE project_id = :id ORDER BY host"
    return [host for (host,) in house.rows(sql, id=who.project_id)]


def test_w17_any_page_may_load_the_script(bob: Account) -> None:
    answer = script(bob, origin="https://shop.example")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


def test_w17_a_browser_that_has_it_is_told_so(bob: Account) -> None:
    first = script(bob)
    tag = first.headers["etag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = script(bob, **{"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert script(bob, **{"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/w/{slug}.js", "/w/{slug}.json", "/widget.js", "{pinned}"])
def test_w17_it_comes_packed_as_the_browser_asks(bob: Account, path: str) -> None:
    path = path.replace("{slug}", bob.slug).replace("{pinned}", told(bob)["assets"] + "widget.js")

    def raw(accepted: str) -> tuple[str | None, bytes]:
        with bob.client.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
            assert "accept-encoding" in ",".join(answer.headers.get_list("vary"))
            return answer.headers.get("content-encoding"), b"".join(answer.iter_raw())

    plain = raw("identity")
    assert plain[0] is None
    for accepted, name, unpacked in (
        ("gzip, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip;q=0.5, br;q=0", "gzip", gzip.decompress),
    ):
        encoding, body = raw(accepted)
        assert (encoding, unpacked(body)) == (name, plain[1])


def test_w17_a_change_of_settings_is_seen_within_minutes(bob: Account) -> None:
    before = script(bob)
    (lasts_s,) = re.findall(r"max-age=(\d+)", before.headers["cache-control"])
    assert int(lasts_s) <= LIMIT_S

    change(bob, widget={"color": "#ff8800", "label": "Say it", "fields": ["rating"]})

    settings = told(bob)
    assert (settings["color"], settings["label"], settings["fields"]) == (
        *("#ff8800", "Say it", "rating"),
    )
    assert script(bob).headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize("slug", ["no-such-project", "x" * 300, "A'B", "%22);alert(1)"])
def test_w17_an_unknown_slug_is_a_warning_and_no_error(bob: Account, slug: str) -> None:
    answer = script(bob, slug)

    assert answer.status_code == 200
    assert answer.text.startswith('console.warn("Miniback: ')
    assert answer.text.count("\n") == 1
    assert "alert" not in answer.text
    assert len(answer.text) < 200


def test_w17_a_version_is_immutable_and_known_by_its_hash(bob: Account) -> None:
    address = told(bob)["assets"] + "widget.js"

    answer = bob.client.get(address)

    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text == bob.client.get("/widget.js").text
    assert script(bob).text.endswith(answer.text)
    digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
    page = bob.client.get(f"/projects/{bob.slug}/install")
    assert page.status_code == 303  # the page that shows the hash is for members; see test_install
    assert len(digest) == 64


def test_w17_an_earlier_version_goes_on_being_served(house: House, bob: Account) -> None:
    house.change(
        "INSERT INTO widget_files (version, name, content) VALUES ('0123', 'widget.js', :content)"
        " ON CONFLICT (version, name) DO NOTHING",
        content=b"console.log(1)",
    )

    answer = bob.client.get("/widget/0123/widget.js")

    assert (answer.status_code, answer.text) == (200, "console.log(1)")
    assert bob.client.get("/widget/0123/de.json").status_code == 404


def test_every_file_of_this_version_is_kept_for_later(house: House, bob: Account) -> None:
    version = told(bob)["assets"].split("/")[2]

    names = {
        name
        for (name,) in house.rows(
            "SELECT name FROM widget_files WHERE version = :version", version=version
        )
    }

    assert {"widget.js", "screenshot.js", "de.json", "ar.json"} <= names
    assert {bob.client.get(f"/widget/{version}/{name}").status_code for name in names} == {200}


@pytest.mark.parametrize(
    "name", ["none.js", "..%2Fapi.py", "__init__.py", "widget.d.ts", "%00.js", "widget.js.map"]
)
def test_nothing_but_built_files_is_served(bob: Account, name: str) -> None:
    answer = bob.client.get(told(bob)["assets"] + name)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"


def test_an_earlier_slug_loads_the_same_widget(bob: Account) -> None:
    earlier = bob.slug
    bob.put(f"/api/projects/{bob.project_id}", json={"slug": f"{earlier}-new"})

    assert f'"project":"{earlier}-new"' in script(bob, earlier).text


def test_a_paused_project_says_so(bob: Account) -> None:
    bob.put(f"/api/projects/{bob.project_id}", json={"status": "PAUSED"})

    assert told(bob)["state"] == "paused"


@pytest.mark.parametrize(
    ("headers", "state"),
    [
        ({}, "active"),
        ({"referer": "https://example.com/cart"}, "active"),
        ({"origin": "https://example.com"}, "active"),
        ({"referer": "https://evil.example/"}, "blocked"),
        ({"origin": "https://evil.example"}, "blocked"),
        ({"referer": "nonsense"}, "active"),
        ({"origin": "null"}, "active"),
    ],
)
def test_a_page_that_may_not_send_is_told_so(
    bob: Account, headers: dict[str, str], state: str
) -> None:
    change(bob, allowedDomains=["example.com"])

    settings = told(bob, **headers)

    assert settings["state"] == state
    assert "example.com" not in str(settings)
    assert "referer" in script(bob, **headers).headers["vary"]


def test_our_own_pages_may_always_send(house: House, bob: Account) -> None:
    change(bob, allowedDomains=["example.com"])

    assert told(bob, referer=f"{house.base_url}/demo/{bob.slug}")["state"] == "active"


def test_a_site_is_noted_where_the_widget_was_loaded(house: House, bob: Account) -> None:
    script(bob, referer="https://shop.test/cart?token=secret")
    script(bob, referer="https://shop.test/other")
    script(bob, origin="https://www.shop.test")
    script(bob)
    script(bob, referer="about:blank")

    assert seen(house, bob) == ["shop.test", "www.shop.test"]


def test_made_up_sites_do_not_fill_the_database(house: House, bob: Account) -> None:
    for number in range(70):
        script(bob, referer=f"https://{number}.example/")

    assert len(seen(house, bob)) == 50


def test_sightings_go_with_their_project(house: House, bob: Account) -> None:
    script(bob, referer="https://shop.test/")
    bob.delete(f"/api/projects/{bob.project_id}")

    assert script(bob).text.startswith("console.warn")

    until(lambda: not seen(house, bob), "the sightings to be cleared away")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"widget": {"color": "red"}}, "color"),
        ({"widget": {"position": "middle"}}, "position"),
        ({"widget": {"fields": ["message"]}}, "fields"),
        ({"widget": {"fields": "kind"}}, "fields"),
        ({"widget": {"label": "a\nb"}}, "label"),
        ({"widget": {"label": "x" * 201}}, "label"),
        ({"widget": {"privacyUrl": "javascript:alert(1)"}}, "privacyUrl"),
        ({"widget": {"button": "yes"}}, "button"),
        ({"widget": {"language": "xx"}}, "language"),
        ({"widget": []}, "widget"),
        ({"proof": "sometimes"}, "proof"),
        ({"visitorLimit": 0}, "visitorLimit"),
        ({"visitorLimit": 1.5}, "visitorLimit"),
        ({"visitorLimit": True}, "visitorLimit"),
        ({"nothing": 1}, "setting"),
    ],
)
def test_wrong_settings_are_refused_by_name(
    bob: Account, settings: dict[str, Any], said: str
) -> None:
    before = told(bob)

    answer = bob.put(f"/api/projects/{bob.project_id}/settings", json=settings)

    assert answer.status_code == 400
    assert said in answer.json()["error"]
    assert told(bob) == before


def test_settings_change_what_is_named_and_no_more(bob: Account) -> None:
    change(bob, widget={"theme": "dark"})
    change(bob, widget={"label": "</script><b>"}, visitorLimit=7)
    change(bob, proof="always")

    settings = bob.get(f"/api/projects/{bob.project_id}/settings").json()["data"]
    assert (settings["widget"]["theme"], settings["widget"]["label"]) == ("dark", "</script><b>")
    assert (settings["visitorLimit"], settings["proof"]) == (7, "always")
    assert "</script>" not in script(bob).text.partition("\n")[0]
