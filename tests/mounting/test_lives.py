"""How Miniback begins and ends inside a site, and what it says where it cannot."""

from collections.abc import Callable, Iterator

import pytest

from miniback.asgi import Miniback
from miniback.errors import Misconfigured
from tests.house import PATIENCE_S, House
from tests.mounting.conftest import NewSite
from tests.mounting.sites import Site, open_for
from tests.visitor import owner_of, visiting

HERE = "http://127.0.0.1:8000/feedback"
NOT_CONFIGURED = 78


@pytest.fixture
def strict(new_site: NewSite) -> Iterator[Site]:
    """A site with an answer of its own to every error."""
    with open_for(new_site("tests.mounting.hosts:strict")) as site:
        yield site


def fails(site: Site) -> str:
    """Start a site that ends at once, and return what it has said."""
    with pytest.raises(AssertionError):
        site.start()
    assert site.process
    assert site.process.wait(PATIENCE_S) != 0
    return site.log


def test_the_site_s_answers_to_errors_are_its_own_and_so_are_ours(strict: Site) -> None:
    with visiting(strict) as visitor:
        below = visitor.get("/nowhere")
        refused = visitor.client.post("/api/feedback", json={"message": "m"})

    assert strict.visit("/broken").text == "The site's own error"
    assert strict.visit("/nowhere").text == "The site's own 404"
    assert "There is nothing here" in below.text
    assert refused.status_code == 400
    assert "error" in refused.json()


def test_a_second_process_on_the_same_file_says_why_it_does_not_start(
    strict: Site, new_site: NewSite
) -> None:
    second = new_site("examples.django_site:app", strict.database_url)
    said = fails(second)

    assert "Another server already serves" in said
    assert "keeps Miniback's data in PostgreSQL" in said
    assert strict.visit("/feedback/readyz").status_code == 200


def test_a_server_and_a_site_do_not_share_a_file(strict: Site) -> None:
    server = strict.run("serve", "--port", "0")

    assert server.returncode == NOT_CONFIGURED
    assert "Another server already serves" in server.stderr


def test_on_postgresql_a_site_has_as_many_processes_as_it_likes(
    new_house: Callable[..., House], new_site: NewSite
) -> None:
    database_url = new_house("postgres").database_url
    with open_for(new_site("tests.mounting.hosts:strict", database_url, workers=2)) as site:
        ada = owner_of(site, site.account())
        said = {ada.account.say(f"Word {number}")["id"] for number in range(20)}
        listed = ada.account.get("/api/feedback", params={"pageSize": 50}).json()["data"]

    assert {item["id"] for item in listed} == said


def test_without_its_lifespan_it_says_what_to_do(new_site: NewSite) -> None:
    with open_for(new_site("tests.mounting.hosts:forgetful")) as site:
        assert site.visit("/feedback/inbox").status_code == 500

    assert "give the site its lifespan" in site.log


def test_mounted_elsewhere_than_its_address_says_it_tells_both(new_site: NewSite) -> None:
    with open_for(new_site("tests.mounting.hosts:astray")) as site:
        assert site.visit("/other/inbox").status_code == 500

    assert "is mounted at /other, but the path of its base_url is /feedback" in site.log


def test_it_ends_in_good_order_with_the_site(strict: Site) -> None:
    said = strict.account().say("The last word")["id"]
    strict.stop()

    assert '"event": "ended"' in strict.log
    assert strict.row("SELECT id FROM feedback") == (said,)


def test_the_life_of_the_other_site_begins_and_ends_as_well(new_site: NewSite) -> None:
    site = new_site("tests.mounting.hosts:lively")
    with open_for(site):
        assert site.visit("/broken").status_code == 500

    lines = (site.folder / "stdout.log").read_text().splitlines()
    assert [line for line in lines if line.startswith("The site")] == [
        "The site begins",
        "The site ends",
    ]
    assert '"event": "ended"' in site.log


def test_a_site_that_cannot_start_does_not_start_with_miniback(new_site: NewSite) -> None:
    assert "The site has no database" in fails(new_site("tests.mounting.hosts:failing"))


def test_an_address_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINIBACK_BASE_URL", raising=False)

    with pytest.raises(Misconfigured, match="under which people see it"):
        Miniback()


def test_beside_a_site_a_path_is_needed() -> None:
    with pytest.raises(Misconfigured, match="must have the path"):
        Miniback(base_url="https://feedback.example.com").beside(Miniback(base_url=HERE))


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"visitors": 3}, "has no setting visitors"),
        ({"visitor_limit": "many"}, "MINIBACK_VISITOR_LIMIT must be a whole number"),
        ({"language": "tlh"}, "MINIBACK_LANGUAGE must be"),
        ({"default_plan": "GOLD"}, "MINIBACK_DEFAULT_PLAN must be one of"),
    ],
)
def test_a_setting_that_is_wrong_is_named(chosen: dict[str, object], message: str) -> None:
    with pytest.raises(Misconfigured, match=message):
        Miniback(base_url=HERE, **chosen)


def test_a_setting_that_is_given_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MINIBACK_BASE_URL", "https://elsewhere.example.com/there")
    monkeypatch.setenv("MINIBACK_SMTP_URL_FILE", "/nowhere")

    given = Miniback(base_url=HERE, smtp_url="", registration=True, trusted_proxies=["10.0.0.1"])
    assert given.root == "/feedback"
