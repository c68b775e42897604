"""The pages of the documentation: all there, for everybody, small and linked (DO1, DO3, DO7)."""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest

from miniback.docs.contents import CHANGELOG, PAGES
from tests.docs.reading import GROUPS, GUIDES, READ, Page, fences, page, weight
from tests.house import House

DATABASES = ("sqlite",)
ROOT = Path(__file__).parents[2]
LARGEST_BYTES = 80 * 1_024
SECRET = (
    *("pyproject", "..%2FREADME", "%2e%2e%2fREADME", "..%5CREADME", "decisions", "%00", "a/b"),
    *("README", "frame.html", "LICENSE", "site.py", "nothing"),
)
every_page = pytest.mark.parametrize("path", READ)
every_guide = pytest.mark.parametrize("path", GUIDES)


def written(path: str) -> str:
    slug = path.removeprefix("/docs/")
    file = ROOT / "CHANGELOG.md" if slug == CHANGELOG else ROOT / "docs" / f"{slug}.md"
    return file.read_text()


def test_do3_the_contents_list_each_page_that_is_written_and_no_other() -> None:
    # The README is the repository's own list of them.
    files = {page.stem for page in (ROOT / "docs").glob("*.md")} - {"README"}

    assert set(PAGES) == files | {CHANGELOG}


@every_page
def test_do7_a_page_is_read_without_signing_in_and_is_small(house: House, path: str) -> None:
    answer = house.client.get(path, headers={"accept-encoding": "identity"})

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert weight(answer) <= LARGEST_BYTES
    assert len(re.findall("<h1", answer.text)) == 1


@pytest.fixture(scope="module")
def reached(house: House) -> Callable[[str], set[str] | None]:
    """Look what stands at an address, once: its anchors, None where they cannot be told."""

    @functools.cache
    def look(address: str) -> set[str] | None:
        answer = house.client.get(address)
        # The inbox sends on to the form for signing in.
        assert answer.status_code == 200 or address == "/", address
        is_page = answer.headers["content-type"].startswith("text/html")
        return Page(answer.text).anchors if is_page else None

    return look


@every_page
def test_do7_no_link_within_the_server_is_broken(
    house: House, reached: Callable[[str], set[str] | None], path: str
) -> None:
    for link in set(page(house, path).links):
        address, _, anchor = urljoin(path, link).partition("#")
        if not address.startswith(("http:", "https:", "mailto:")):
            anchors = reached(address)
            assert not anchor or anchors is None or anchor in anchors, link


@every_page
def test_do7_a_browser_that_has_a_page_is_told_that_it_is_the_same(house: House, path: str) -> None:
    first = house.client.get(path)
    again = house.client.get(path, headers={"if-none-match": first.headers["etag"]})
    head = house.client.head(path)

    assert first.headers["cache-control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("name", SECRET)
@pytest.mark.parametrize("folder", ["/docs", "/docs/api", "/docs/explorer"])
def test_do7_nothing_but_the_pages_of_the_contents_is_served(
    house: House, folder: str, name: str
) -> None:
    for ending in ("", ".md"):
        url = house.client.base_url.copy_with(raw_path=f"{folder}/{name}{ending}".encode())
        answer = house.client.get(url)
        assert answer.status_code == 404


@every_page
def test_do3_every_heading_is_an_anchor_that_links_to_itself(house: House, path: str) -> None:
    read = page(house, path)
    given = [names["id"] for _, names in read.headings if "id" in names]
    ids = [each for each in given if each != "key-title"]

    assert path == "/docs" or ids or "\n## " not in written(path)
    assert len(set(ids)) == len(ids)
    assert {f"#{each}" for each in ids} <= set(read.links)


@every_guide
def test_do3_anchors_are_those_of_the_repository(house: House, path: str) -> None:
    titles = re.findall(r"^##+ ([^`\[\n]+)$", re.sub(r"(?ms)^```.*?^```", "", written(path)), re.M)
    expected = {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in titles}

    assert expected <= page(house, path).anchors


@every_guide
def test_do1_every_block_of_code_is_shown_to_the_letter(house: House, path: str) -> None:
    assert page(house, path).codes == [text for _, text in fences(written(path))]


@every_guide
def test_do7_no_page_tells_of_tests(house: House, path: str) -> None:
    text = house.client.get(path).text

    assert not re.search(r"tests/\w+/test_\w+\.py::", text)
    assert "<sub>" not in text


@every_page
def test_do6_every_page_has_a_twin_in_markdown(house: House, path: str) -> None:
    if path == "/docs":
        pytest.skip("a list of pages; its twin is llms.txt")
    answer = house.client.get(f"{path}.md")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith("# ")
    assert fences(answer.text) or path not in GROUPS


@every_page
def test_do6_every_page_tells_its_one_address_and_what_to_show_where_it_is_shared(
    house: House, path: str
) -> None:
    text = house.client.get(path).text
    shared = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', text))

    assert f'<link rel="canonical" href="{house.base_url}{path}">' in text
    assert shared["url"] == house.base_url + path
    assert shared["title"]
    assert shared["description"]
    assert "noindex" not in text


def test_do6_the_shared_image_is_1200_by_630(house: House) -> None:
    text = house.client.get("/docs").text
    (address,) = re.findall(r'<meta property="og:image" content="([^"]*)"', text)
    picture = house.client.get(address).content

    assert picture.startswith(b"\x89PNG")
    assert [int.from_bytes(picture[at : at + 4]) for at in (16, 20)] == [1_200, 630]


def test_do3_no_two_pages_have_the_same_title(house: House) -> None:
    titles = [re.findall("<title[^>]*>(.*?)<", house.client.get(path).text)[0] for path in READ]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("path", ["/login", "/docs/widget"])
def test_do7_the_documentation_is_linked_where_people_come_in(house: House, path: str) -> None:
    house.account()

    assert 'href="/docs"' in house.client.get(path).text
