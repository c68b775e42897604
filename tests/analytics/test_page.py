"""The page: each bar leads to its items, tables say what pictures say, plans see what they have."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from miniback import plans
from tests.analytics.past import live_through, say_at
from tests.house import House
from tests.inbox.acting import act, ids_on
from tests.visitor import Member, owner_of, said

# Figures are the same on both databases (test_numbers.py); pages only show them.
DATABASES = ("sqlite",)
QUERY = "?start=2026-10-20&end=2026-11-05"
BLOCKS = ("days", "sources", "path", "browser", "device", "language", "rating", "week")
SVG = "{http://www.w3.org/2000/svg}"


class Link(NamedTuple):
    """A bar or a row that leads to items, and how many it counts."""

    address: str
    items: int


@pytest.fixture(scope="module")
def bea(house: House) -> Member:
    """Bea in Paris, who has been told a lot around the end of summer time."""
    bea = owner_of(house, house.account(plans.PRO))
    house.change(
        "UPDATE users SET time_zone = 'Europe/Paris' WHERE email = :email", email=bea.email
    )
    told = live_through(house, bea.account, datetime(2026, 10, 21, tzinfo=UTC), 14, 60)
    act(bea, "RESOLVED", *[each.id for each in told[:20]])
    hostile = "https://shop.example/<script>alert(1)</script>"
    say_at(house, bea.account, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), {"url": hostile})
    return bea


def pictures(page: str) -> list[ElementTree.Element]:
    """The pictures of a page that say what they are."""
    found = re.findall(r'<svg class="(?:columns|ranking|week)".*?</svg>', page, re.DOTALL)
    return [ElementTree.fromstring(each) for each in found]


def bars(page: str) -> list[Link]:
    """What is drawn and leads to items."""
    links = []
    for picture in pictures(page):
        for link in picture.iter("a"):
            title = link.find("title")
            text = title.text if title is not None else link.findall("text")[1].text
            links.append(Link(link.attrib["href"], number(text or "")))
    return links


def rows(page: str) -> list[Link]:
    """Rows of tables that lead to items."""
    found = re.findall(r'<th scope="row"><a href="([^"]+)">.*?</a></th><td>([\d,]+)</td>', page)
    return [Link(html.unescape(address), number(items)) for address, items in found]


def number(text: str) -> int:
    return int(text.rpartition(":")[2].strip().replace(",", ""))


def test_an2_each_bar_and_row_leads_to_the_items_that_it_counts(bea: Member) -> None:
    page = bea.get("/analytics" + QUERY).text

    drawn = bars(page)
    assert len(drawn) > 25
    in_tables = {each for each in rows(page) if each.items}
    assert (set(drawn) - in_tables, in_tables - set(drawn)) == (set(), set())
    for address, items in drawn:
        assert len(ids_on(bea.get(address + "&pageSize=100"))) == items, address


def test_an2_the_state_is_in_the_address(house: House, bea: Member) -> None:
    slug = bea.account.slug
    page = bea.get(f"/analytics{QUERY}&project={slug}&compare=off").text

    assert f'<option value="{slug}" selected' in page
    assert 'name="start" value="2026-10-20"' in page
    assert 'name="end" value="2026-11-05"' in page
    assert "Before:" not in page
    assert f'href="/analytics?project={slug}&amp;compare=off&amp;range=90d"' in page
    assert all(f"project={slug}" in each.address for each in bars(page))


def test_an3_a_picture_says_what_it_is_and_its_table_has_the_same_values(bea: Member) -> None:
    page = bea.get("/analytics" + QUERY).text

    drawn = pictures(page)
    assert len(drawn) == len(BLOCKS)
    for picture in drawn:
        names = picture.attrib["aria-labelledby"].split()
        title, about = picture.find("title"), picture.find("desc")
        assert title is not None
        assert about is not None
        assert [title.attrib["id"], about.attrib["id"]] == names
        assert (title.text, about.text) != ("", "")
    assert page.count("<table>") >= len(BLOCKS)
    assert re.findall(r'<script src="(/assets/\w+)', page) == ["/assets/htmx", "/assets/app"]


@pytest.mark.parametrize("block", BLOCKS)
def test_an3_each_block_is_a_file_with_the_values_of_its_table(bea: Member, block: str) -> None:
    answer = bea.get(f"/analytics/{block}.csv{QUERY}")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.reader(io.StringIO(answer.text)))
    numbers = [int(cell) for row in table[1:] for cell in row[1 : 2 if block != "week" else 25]]
    # Ratings, and the one item that tells nothing but its page.
    most = {"rating": (30, 50), "browser": (60, 60), "device": (60, 60), "language": (60, 60)}
    least, highest = most.get(block, (61, 61))
    assert least <= sum(numbers) <= highest


def test_an4_free_sees_counts_and_simple_charts_and_one_way_up(house: House) -> None:
    alice = owner_of(house, house.account(plans.FREE))
    alice.account.say("A word", context={"url": "https://shop.example/secret-page", "rating": 5})

    page = alice.get("/analytics")

    assert page.status_code == 200
    assert len(pictures(page.text)) == 2
    assert page.text.count('href="/settings/billing"') == 1
    assert "Top pages" in said(page)
    assert "secret-page" not in page.text
    for block in BLOCKS[2:]:
        assert alice.get(f"/analytics/{block}.csv").status_code == 404
    assert alice.get("/analytics/days.csv").status_code == 200


def test_an5_a_period_without_feedback_says_so(bea: Member) -> None:
    page = bea.get("/analytics?start=2026-01-01&end=2026-01-31")

    assert said(page).count("No feedback in this period") == len(BLOCKS)
    assert "NaN" not in page.text
    assert "Infinity" not in page.text
    assert page.text.count('class="axis"') == 1
    assert bars(page.text) == []


def test_a_wrong_range_is_told_and_the_page_stays(bea: Member) -> None:
    page = bea.get("/analytics?start=2026-03-02&end=2026-03-01")

    assert page.status_code == 422
    assert "must not be after" in said(page)
    assert "<h1>Analytics</h1>" in page.text


def test_a_foreign_project_is_not_there(house: House, bea: Member) -> None:
    other = house.account(plans.PRO)

    assert bea.get(f"/analytics?project={other.slug}").status_code == 404
    assert bea.get(f"/analytics/days.csv?project={other.slug}").status_code == 404
    assert bea.get("/analytics/nothing.csv").status_code == 404


def test_what_visitors_sent_is_text(bea: Member) -> None:
    page = bea.get("/analytics" + QUERY).text

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_path_that_is_a_formula_is_text_in_a_file(house: House) -> None:
    mel = owner_of(house, house.account(plans.PRO))
    at = datetime.now(UTC) - timedelta(days=1)
    say_at(house, mel.account, at, {"url": "https://shop.example/", "language": "=1+1"})

    told = mel.get("/analytics/language.csv").text

    assert "=" not in told


def test_the_overview_of_a_project_shows_the_same_days(house: House) -> None:
    ann = owner_of(house, house.account(plans.PRO))
    say_at(house, ann.account, datetime.now(UTC) - timedelta(days=3), {})

    page = ann.get(f"/projects/{ann.account.slug}").text

    day = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    assert f"<td>{day}</td><td>1</td>" in page
