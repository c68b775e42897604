"""openapi.yaml is the contract in writing: valid, complete, and what the server really serves."""

import re
from typing import Any, cast

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from miniback.app import API_ROUTES
from miniback.http import Resource
from tests.described import SPEC
from tests.house import House

METHODS = {"get", "put", "post", "delete", "options", "patch", "trace"}
# Every text that the contract gives to the letter, its figures as the plans' table has them.
FIXED_TEXTS = (
    "API key is required. Provide it via 'x-api-key' header or 'api_key' query parameter.",
    *(
        f"{method} requests are available on paid plans only. FREE plan users can only POST"
        " feedback. Upgrade to STARTER or PRO for full API access."
        for method in ("GET", "POST", "PUT", "DELETE")
    ),
    "Invalid API key or project not found",
    "Project limit reached. Upgrade your plan to create more projects.",
    "Project not found",
    "Feedback not found",
    "Project is paused",
    "Slug is already taken",
    "Message is required and must be a string",
    "This site is not allowed to send feedback to this project",
    "Not found",
    "Method not allowed",
    "Request body took too long",
    "Request body is larger than 163840 bytes",
    "Internal server error",
    "Temporarily unavailable, please retry",
)


def test_do4_the_description_is_valid_openapi_3_1() -> None:
    assert SPEC["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(SPEC).iter_errors()) == []


def test_do4_the_description_and_the_server_list_the_same_calls() -> None:
    assert _described(SPEC) == _routed()


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [
        call["operationId"]
        for path in SPEC["paths"].values()
        for method, call in path.items()
        if method in METHODS
    ]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("text", FIXED_TEXTS)
def test_every_fixed_text_stands_in_an_example(text: str) -> None:
    assert text in _errors(SPEC)


def test_the_texts_of_a_spent_limit_stand_in_an_example() -> None:
    for what in ("API calls", "feedback items"):
        pattern = rf"Monthly limit of \d+ {what} reached\. It resets at \d{{4}}-.*Z\."
        assert any(re.fullmatch(pattern, text) for text in _errors(SPEC))


def test_the_server_serves_the_description_as_json(house: House) -> None:
    response = house.client.get("/openapi.json")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == SPEC


def _described(description: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (method.upper(), path)
        for path, item in description["paths"].items()
        for method in item
        if method in METHODS
    }


def _routed() -> set[tuple[str, str]]:
    """Return the calls of the app; HEAD comes with GET and is not listed."""
    return {
        (method, re.sub(r"_([a-z])", lambda found: found[1].upper(), route.path))
        for route in API_ROUTES
        for method in cast(Resource, route.endpoint).handlers
        if method != "HEAD"
    }


def _errors(node: Any) -> set[str]:
    """Return the text of every example of an error, wherever it stands."""
    if isinstance(node, list):
        return {text for each in node for text in _errors(each)}
    if not isinstance(node, dict):
        return set()
    own = {node["error"]} if isinstance(node.get("error"), str) else set()
    return own | {text for each in node.values() for text in _errors(each)}
