"""What a body may be, on every address that takes one (contract section 5)."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx2
import pytest

from miniback import plans
from tests.feedback.batch import new_project
from tests.house import Account, House

LARGEST = 160 * 1024


class Route(NamedTuple):
    """A call with a body that it takes."""

    method: str
    path: str
    body: dict[str, Any]

    def call(self, who: Account, body: bytes, **headers: str) -> httpx2.Response:
        return who.call(self.method, self.path, content=body, headers=headers)

    def with_value(self, value: bytes) -> bytes:
        return json.dumps(self.body).encode()[:-1] + b',"x":' + value + b"}"


NAMES = ["create", "door", "status", "new project", "project", "settings", "api key"]


@pytest.fixture(scope="module")
def dave(house: House) -> Account:
    return house.account(plans.STARTER)


@pytest.fixture(scope="module")
def routes(dave: Account) -> dict[str, Route]:
    project, key = f"/api/projects/{dave.project_id}", new_project(dave)["id"]
    item = f"/api/feedback/{dave.say()['id']}"
    found = [
        Route("POST", dave.feedback_path, {"message": "m"}),
        Route("POST", "/api/feedback", {"message": "m", "projectSlug": dave.slug}),
        Route("PUT", item, {"status": "NEW"}),
        Route("POST", "/api/projects", {"name": "n"}),
        Route("PUT", project, {"name": "My Website"}),
        Route("PUT", project + "/settings", {"allowedDomains": []}),
        Route("POST", f"/api/projects/{key}/api-key", {"overlapSeconds": 0}),
    ]
    return dict(zip(NAMES, found, strict=True))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value",
    [
        b"1" * 1_000,
        b"-" + b"1" * 1_000,
        b"[" * 31 + b"]" * 31,
        b'{"a":' * 31 + b"1" + b"}" * 31,
        b"1e308",
        b"1e-999",
        b"-0",
        b'"\\ud83d\\ude00"',
        b'"' + b"[{" * 50 + b'"',
        b'"' + b"1" * 2_000 + b'"',
        b'"1e999 \\\\u0000"',
        b'[{"a":1},{"a":1}]',
        b'{"__proto__":{"a":1}}',
    ],
    ids=[
        "1000-digits",
        "-1000-digits",
        "32-lists",
        "32-objects",
        "1e308",
        "1e-999",
        "-0",
        "pair",
        "brackets",
        "digits",
        "looks-bad",
        "same-key-twice",
        "__proto__",
    ],
)
def test_what_is_just_within_the_limits_is_taken_everywhere(
    house: House, routes: dict[str, Route], dave: Account, name: str, value: bytes
) -> None:
    if name == "new project":  # a plan's projects run out
        house.change("UPDATE accounts SET active_projects = 1 WHERE id = :id", id=dave.id)

    response = routes[name].call(dave, routes[name].with_value(value))

    assert response.is_success, response.text


def post(who: Account, context: bytes, **headers: str) -> httpx2.Response:
    """Post feedback with a context as these bytes."""
    body = b'{"message":"m","context":' + context + b"}"
    return who.post(who.feedback_path, content=body, headers=headers)


@pytest.mark.parametrize(
    "context",
    [
        b'{"b":1,"a":2,"c":{"z":1,"y":2}}',
        b'{"price":1.50,"big":1E2,"small":1e-7,"zero":-0,"one":1.0}',
        b'{"id":123456789012345678901234567890,"n":9007199254740993}',
        b'{"pi":3.14159265358979323846264338327950288}',
        b'{"tiny":1e-400,"digits":' + b"7" * 1_000 + b"}",
        b'{"__proto__":{"a":1},"constructor":null,"":0}',
        b'{"10":1,"9":2,"1":3}',
    ],
)
def test_a_context_keeps_its_key_order_and_number_tokens(bob: Account, context: bytes) -> None:
    created = post(bob, context)

    item = created.json()["data"]["id"]
    expected = b'"context":' + context + b',"status":"NEW"'
    assert expected in created.content
    assert expected in bob.get(f"/api/feedback/{item}").content
    assert expected in bob.get(bob.feedback_path).content
    assert expected in bob.get("/api/feedback").content


def test_a_member_named_by_an_escape_is_that_member(bob: Account) -> None:
    body = b'{"\\u006dessage":"m","c\\u006fntext":{"a":1}}'

    response = bob.post(bob.feedback_path, content=body)

    assert response.status_code == 201
    assert (response.json()["data"]["message"], response.json()["data"]["context"]) == (
        "m",
        {"a": 1},
    )


def context_of(size: int) -> bytes:
    """Return a context of that many bytes of compact JSON."""
    return b'{"a":"' + b"x" * (size - 8) + b'"}'


@pytest.mark.parametrize(
    "context",
    [
        context_of(16_384),
        b" " * 5_000 + context_of(16_384).replace(b":", b" :\n\t ") + b" " * 5_000,
        b'{"a":"' + b"\\u00e9" * 8_188 + b'"}',
        b'{"a":"' + b"\\/" * 16_376 + b'"}',
        '{{"a":"{}"}}'.format("é" * 8_188).encode(),
        b'{"n":' + b"1" * 1_000 + b"," + context_of(16_384 - 1_005)[1:],
    ],
    ids=["plain", "with-blanks", "escaped", "slashes", "two-bytes-each", "long-integer"],
)
def test_a_context_of_16_kib_in_compact_utf8_is_taken(bob: Account, context: bytes) -> None:
    assert post(bob, context).status_code == 201


@pytest.mark.parametrize(
    "context",
    [
        context_of(16_385),
        context_of(16_385).replace(b":", b": "),
        b'{"aa":"' + b"\\u00e9" * 8_188 + b'"}',
        '{{"aa":"{}"}}'.format("é" * 8_188).encode(),
        b'{"n":' + b"1" * 1_000 + b"," + context_of(16_384 - 1_004)[1:],
        b'{"n":1.' + b"0" * 17_000 + b"}",
    ],
    ids=["plain", "with-blanks", "escaped", "two-bytes-each", "long-integer", "long-fraction"],
)
def test_a_context_of_one_byte_more_is_400(bob: Account, context: bytes) -> None:
    response = post(bob, context)

    assert response.status_code == 400
    assert isinstance(response.json()["error"], str)
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 0


NINTH = [b'{"a":' * 8 + b"{}" + b"}" * 8, b'{"a":' + b"[" * 8 + b"]" * 8 + b"}"]
EIGHTH = [b'{"a":' * 7 + b"{}" + b"}" * 7, b'{"a":' + b"[" * 7 + b"]" * 7 + b"}"]


@pytest.mark.parametrize(
    "context", [*EIGHTH, b'{"a":"[[[[[[[[[[{{{{{{{{{{"}', b'{"a":[' + b"[]," * 99 + b"1]}"]
)
def test_a_context_of_8_levels_is_taken(bob: Account, context: bytes) -> None:
    assert post(bob, context).status_code == 201


@pytest.mark.parametrize("context", NINTH)
def test_a_context_of_9_levels_is_400(bob: Account, context: bytes) -> None:
    response = post(bob, context)

    assert response.status_code == 400
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 0


def padded(who: Account, size: int) -> bytes:
    """Return a body of exactly that many bytes, good for both ways in."""
    body = b'{"message":"m","projectSlug":"%b"' % who.slug.encode()
    return body + b" " * (size - len(body) - 1) + b"}"


def in_pieces(body: bytes) -> Iterator[bytes]:
    for at in range(0, len(body), 1_000):
        yield body[at : at + 1_000]


@pytest.mark.parametrize("shape", [bytes, in_pieces], ids=["with-length", "chunked"])
@pytest.mark.parametrize("is_open", [False, True], ids=["keyed", "door"])
def test_a_body_of_160_kib_is_taken_and_one_byte_more_is_413(
    bob: Account, shape: Callable[[bytes], Any], is_open: bool
) -> None:
    path = "/api/feedback" if is_open else bob.feedback_path

    fits = bob.post(path, content=shape(padded(bob, LARGEST)))
    refused = bob.post(path, content=shape(padded(bob, LARGEST + 1)))

    assert (fits.status_code, refused.status_code) == (201, 413)
    assert refused.json() == {"error": f"Request body is larger than {LARGEST} bytes"}
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 1


@pytest.mark.parametrize("is_open", [False, True], ids=["keyed", "door"])
@pytest.mark.parametrize(
    "content_type",
    [
        *("", "application/json", "application/json; charset=utf-8", 'text/plain;charset="UTF-8"'),
        *(
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/octet-stream",
            "nonsense",
        ),
        *("APPLICATION/JSON; Charset=UTF-8", "application/vnd.api+json", "text/html; charset=utf8"),
    ],
)
def test_every_content_type_is_read_as_json(bob: Account, content_type: str, is_open: bool) -> None:
    path = "/api/feedback" if is_open else bob.feedback_path

    response = bob.post(path, content=padded(bob, 99), headers={"content-type": content_type})

    assert response.status_code == 201


@pytest.mark.parametrize("is_open", [False, True], ids=["keyed", "door"])
@pytest.mark.parametrize(
    "header",
    [
        ("content-type", "multipart/form-data; boundary=x"),
        ("content-type", "Multipart/Mixed"),
        ("content-type", "application/json; charset=utf-16"),
        ("content-type", "application/json; charset=ISO-8859-1"),
        ("content-type", 'text/plain; charset="latin1"'),
        ("content-encoding", "gzip"),
        ("content-encoding", "br"),
        ("content-encoding", "deflate, gzip"),
    ],
)
def test_multipart_encodings_and_other_charsets_are_415(
    bob: Account, header: tuple[str, str], is_open: bool
) -> None:
    path = "/api/feedback" if is_open else bob.feedback_path

    response = bob.post(path, content=padded(bob, 99), headers=dict([header]))

    assert response.status_code == 415
    assert isinstance(response.json()["error"], str)
    assert bob.get(bob.feedback_path).json()["pagination"]["total"] == 0
