"""What is made for programs: lists of pages, and collections of calls (DO6)."""

import io
import json
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.docs.reading import READ, calls
from tests.house import House

DATABASES = ("sqlite",)
BLOCK = re.compile(r"^([\w:-]+) ([{\[])\n((?:  .*\n|\n)*)([}\]])$", re.M)


def test_do6_the_sitemap_lists_every_page(house: House) -> None:
    answer = house.client.get("/sitemap.xml")
    listed = [each.text for each in ElementTree.fromstring(answer.text).iter() if each.text]
    addresses = {each.strip() for each in listed} - {""}

    assert answer.headers["content-type"] == "application/xml"
    assert addresses >= {house.base_url + path for path in READ}
    assert all(house.client.get(each).status_code == 200 for each in addresses)


def test_do6_robots_may_read_the_documentation_and_nothing_else(house: House) -> None:
    lines = house.client.get("/robots.txt").text.splitlines()

    assert lines == ["User-agent: *", "Allow: /docs", "Disallow: /"]


def test_do6_llms_txt_lists_every_page_as_markdown(house: House) -> None:
    text = house.client.get("/llms.txt").text
    addresses = re.findall(r"^- \[[^\]]+\]\(([^)]+)\): .", text, re.M)

    assert text.startswith("# Miniback\n\n> ")
    assert {f"{house.base_url}{path}.md" for path in READ[1:]} <= set(addresses)
    assert all(house.client.get(each).status_code == 200 for each in addresses)


@pytest.fixture(scope="module")
def described(house: House) -> set[tuple[str, str]]:
    """Each call of the description, as collections write its path."""
    spec = house.client.get("/openapi.json").json()
    return {(method, re.sub(r"\{(\w+)\}", r":\1", path)) for method, path, _ in calls(spec)}


def requests(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All requests of a Postman collection, out of its folders."""
    return [
        request
        for item in items
        for request in (requests(item["item"]) if "item" in item else [item["request"]])
    ]


def test_do6_the_postman_collection_has_every_call(
    house: House, described: set[tuple[str, str]]
) -> None:
    answer = house.client.get("/docs/miniback.postman_collection.json")
    collection = answer.json()
    found = requests(collection["item"])

    assert answer.headers["content-disposition"].startswith("attachment")
    assert collection["info"]["schema"].endswith("/v2.1.0/collection.json")
    assert {(each["method"], f"/{'/'.join(each['url']['path'])}") for each in found} == described
    for each in found:
        body = each.get("body", {})
        assert body.get("mode") != "raw" or isinstance(json.loads(body["raw"]), dict)
        in_path = {part[1:] for part in each["url"]["path"] if part.startswith(":")}
        assert in_path == {variable["key"] for variable in each["url"]["variable"]}


def test_do6_the_postman_collection_knows_this_server_and_no_key(house: House) -> None:
    collection = house.client.get("/docs/miniback.postman_collection.json").json()

    assert {each["key"]: each["value"] for each in collection["variable"]} == {
        "baseUrl": house.base_url,
        "apiKey": "",
    }


@pytest.fixture(scope="module")
def bruno(house: House) -> dict[str, str]:
    """The files of the Bruno collection, by their paths in it."""
    answer = house.client.get("/docs/miniback.bruno.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert files.testzip() is None
        return {name: files.read(name).decode() for name in files.namelist()}


def blocks(text: str) -> dict[str, str]:
    """The blocks of a .bru file; nothing may stand between them."""
    assert not BLOCK.sub("", text).strip(), text
    return {name: content for name, _, content, _ in BLOCK.findall(text)}


def test_do6_the_bruno_collection_has_every_call(
    bruno: dict[str, str], described: set[tuple[str, str]]
) -> None:
    found = set()
    for name, text in bruno.items():
        read = blocks(text) if name.endswith(".bru") else {}
        for method in {"get", "post", "put", "delete", "options"} & read.keys():
            (url,) = re.findall(r"^  url: \{\{baseUrl\}\}([^?\s]+)", read[method], re.M)
            found.add((method.upper(), url))
            assert f"name: {name.rpartition('/')[2].removesuffix('.bru')}\n" in read["meta"]
            if "body: json" in read[method]:
                assert isinstance(json.loads(read["body:json"]), dict)

    assert found == described


def test_do6_the_bruno_collection_is_one(house: House, bruno: dict[str, str]) -> None:
    about = json.loads(bruno["miniback/bruno.json"])
    settings = blocks(bruno["miniback/collection.bru"])

    assert (about["version"], about["type"]) == ("1", "collection")
    assert "mode: apikey" in settings["auth"]
    assert "value: {{apiKey}}" in settings["auth:apikey"]
    server = blocks(bruno["miniback/environments/Server.bru"])
    assert f"baseUrl: {house.base_url}\n" in server["vars"]
