"""The reference says of each call what the description and the server say (DO3, DO4)."""

import html
import re
from typing import Any

import pytest

from miniback import plans
from tests.docs.reading import GROUPS, calls
from tests.house import House

DATABASES = ("sqlite",)
PLANS = (plans.FREE, plans.STARTER, plans.PRO)
REFUSED = "requests are available on paid plans only"


@pytest.fixture(scope="module")
def description(house: House) -> dict[str, Any]:
    content: dict[str, Any] = house.client.get("/openapi.json").json()
    return content


@pytest.fixture(scope="module")
def told(house: House) -> dict[str, str]:
    """What the pages of the reference say of each call, by its name."""
    found = {}
    for path in GROUPS:
        for article in house.client.get(path).text.split('<article class="call"')[1:]:
            (name,) = re.findall(r'aria-labelledby="(\w+)"', article.partition(">")[0])
            found[name] = html.unescape(article.partition("</article>")[0])
    return found


def test_do4_each_call_stands_in_the_reference_and_no_other(
    description: dict[str, Any], told: dict[str, str]
) -> None:
    assert {each["operationId"] for _, _, each in calls(description)} == told.keys()


def test_do3_each_call_tells_address_plans_and_code(
    house: House, description: dict[str, Any], told: dict[str, str]
) -> None:
    for method, path, call in calls(description):
        text = told[call["operationId"]]
        assert f"<strong>{method}</strong> {path}</code>" in text
        assert re.findall(r'"badge plan">(\w+)<', text) == call["x-plans"]
        assert f'data-method="{method}" data-path="{path}"' in text
        assert house.base_url in text
        assert f'id="{call["operationId"]}"' in text


def test_do4_each_call_tells_the_exact_text_of_each_refusal(
    description: dict[str, Any], told: dict[str, str]
) -> None:
    for _, _, call in calls(description):
        cells = set(re.findall(r"<td>(.*?)</td>", told[call["operationId"]], re.S))
        plain = {re.sub("<[^>]+>", "", each) for each in cells}
        for status, answer in call["responses"].items():
            texts = refusals(description, answer) if status >= "4" else set()
            assert texts <= plain, call["operationId"]
            assert status < "4" or status in plain


def refusals(description: dict[str, Any], node: Any) -> set[str]:
    """The text of each example of a refusal, wherever it stands."""
    if isinstance(node, dict) and "$ref" in node:
        found: Any = description
        for name in node["$ref"][2:].split("/"):
            found = found[name]
        return refusals(description, found)
    if not isinstance(node, dict):
        return set()
    own = {node["error"]} if isinstance(node.get("error"), str) else set()
    return own.union(*(refusals(description, each) for each in node.values()))


@pytest.mark.parametrize("plan", PLANS)
def test_do2_the_plans_of_a_call_are_those_that_open_it(
    house: House, description: dict[str, Any], plan: str
) -> None:
    account = house.account(plan)
    for method, path, call in calls(description):
        if "security" in call:
            assert call["x-plans"] == list(PLANS)
            continue
        absent = re.sub(r"\{\w+\}", "none_0ola7i7o2003v6gsbfh7r026", path)
        answer = account.call(method, absent, json=None if method == "GET" else {})
        is_refused = answer.status_code == 401 and REFUSED in answer.json()["error"]
        assert is_refused == (plan not in call["x-plans"]), call["operationId"]


def test_do2_each_parameter_of_a_call_has_a_field_to_try_it(
    description: dict[str, Any], told: dict[str, str]
) -> None:
    for _, path, call in calls(description):
        text = told[call["operationId"]]
        known = description["components"]["parameters"]
        given = [*description["paths"][path].get("parameters", ()), *call.get("parameters", ())]
        fields = set(re.findall(r'<input name="([^"]+)" data-place="(\w+)"', text))
        for each in given:
            parameter = known[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
            assert (parameter["name"], parameter["in"]) in fields
        assert ("requestBody" in call) == bool(re.search('data-place="(body|file)"', text))
