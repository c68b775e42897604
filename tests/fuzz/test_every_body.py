"""Every bad body against every call that takes one: refused, told why, nothing kept or counted."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx2
import pytest

from miniback import plans
from tests.described import SPEC
from tests.feedback.batch import new_project
from tests.fuzz.bodies import BAD_BODIES, BAD_HEADERS, BAD_VALUES, KINDS, SPOILT
from tests.house import Account, House, running

LARGEST = 160 * 1024
METHODS = ("post", "put", "patch", "delete")
JSON = "application/json"


class Operation(NamedTuple):
    """A call that the description says takes a body in JSON."""

    name: str
    method: str
    path: str
    body: dict[str, Any]
    is_needed: bool
    schema: dict[str, Any]


def operations() -> Iterator[Operation]:
    """Find them in the description, so that a new one joins by itself."""
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            call = item.get(method, {})
            taken = call.get("requestBody", {})
            if JSON in taken.get("content", {}):
                content = taken["content"][JSON]
                example = next(iter(content["examples"].values()))["value"]
                schema = resolved(content["schema"])
                name = call["operationId"]
                is_needed = taken.get("required", False)
                yield Operation(name, method.upper(), path, example, is_needed, schema)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    found = schema
    while "$ref" in found:
        found = SPEC["components"]["schemas"][found["$ref"].rpartition("/")[2]]
    return found


CALLS = {each.name: each for each in operations()}


@pytest.fixture(scope="module")
def quiet(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house that nobody else calls, and that tells nobody anything."""
    with running(new_house(database, environment={"MINIBACK_DELIVERIES": "off"})) as house:
        yield house


class Scene(NamedTuple):
    """Somebody who could make every call, and the ids of what the calls are about."""

    house: House
    who: Account
    names: dict[str, str]

    def send(self, call: Operation, body: bytes, **headers: str) -> httpx2.Response:
        path = call.path.format(**self.names)
        return self.who.call(call.method, path, content=body, headers=headers)

    def good(self, call: Operation) -> bytes:
        """A body that the call takes."""
        body = dict(call.body)
        if "projectSlug" in body:
            body["projectSlug"] = self.who.slug
        if "assignee" in body:
            body["assignee"] = self.who.email
        return json.dumps(body).encode()

    def kept(self) -> list[tuple[Any, ...]]:
        """How much the database holds, in every table, and what is counted."""
        if self.house.database_url.startswith("sqlite"):
            sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        else:
            sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        names = sorted(name for (name,) in self.house.rows(sql) if not name.startswith("words_"))
        parts = [f"SELECT '{name}', count(*) FROM {name}" for name in names]
        changed = [
            f"SELECT '{name} changed', sum({what}) FROM {name}"
            for name, what in {
                "feedback": "updated_at",
                "projects": "updated_at",
                "api_keys": "created_at",
                "usage": "calls * 1000000 + items * 1000 + held",
            }.items()
        ]
        return self.house.rows(" UNION ALL ".join([*parts, *changed]))


@pytest.fixture(scope="module")
def scene(quiet: House) -> Scene:
    who = quiet.account(plans.STARTER)
    item = who.say()["id"]
    who.put(f"/api/feedback/{item}/tags", json={"tags": ["bug"]})
    hook = {"url": "https://shop.example/hook", "events": ["feedback.created"]}
    names = {
        "projectId": new_project(who)["id"],
        "feedbackId": item,
        "tagId": who.get("/api/tags").json()["data"][0]["id"],
        "webhookId": who.post("/api/webhooks", json=hook).json()["data"]["id"],
    }
    return Scene(quiet, who, names)


class Wrong(NamedTuple):
    """What was answered otherwise than it should be."""

    row: str
    status: int
    text: str


def judged(row: str, answer: httpx2.Response, status: int) -> Wrong | None:
    """Return what is wrong with an answer, None where it is as it should be."""
    try:
        told = answer.json().get("error")
    except ValueError:
        told = None
    is_right = answer.status_code == status and isinstance(told, str) and told
    return None if is_right else Wrong(row, answer.status_code, answer.text[:200])


@pytest.fixture
def unchanged(scene: Scene) -> Iterator[None]:
    """See that a test leaves no row and counts nothing."""
    before = scene.kept()
    yield
    assert scene.kept() == before


def test_the_calls_are_found() -> None:
    assert len(CALLS) >= 13


@pytest.mark.parametrize("name", CALLS)
def test_bad_json_is_400(scene: Scene, unchanged: None, name: str) -> None:
    call = CALLS[name]
    good = scene.good(call)
    bodies = {row: good[:-1] + b',"x":' + value + b"}" for row, value in BAD_VALUES.items()}
    if good == b"{}":
        bodies = {row: b'{"x":' + value + b"}" for row, value in BAD_VALUES.items()}
    bodies |= BAD_BODIES
    bodies |= {row: spoil(good) for row, spoil in SPOILT.items()}
    bodies |= {"a key twice": good[:-1] + b',"":1,"":2}'} if good != b"{}" else {}
    bodies |= {"nothing": b""} if call.is_needed else {}

    answers = {row: scene.send(call, body) for row, body in bodies.items()}

    assert [wrong for row, each in answers.items() if (wrong := judged(row, each, 400))] == []


@pytest.mark.parametrize("name", CALLS)
def test_a_body_of_another_type_is_415(scene: Scene, unchanged: None, name: str) -> None:
    call = CALLS[name]

    answers = {
        row: scene.send(call, scene.good(call), **{header: value})
        for row, (header, value) in BAD_HEADERS.items()
    }

    assert [wrong for row, each in answers.items() if (wrong := judged(row, each, 415))] == []


@pytest.mark.parametrize("name", CALLS)
def test_a_body_that_is_too_large_is_413(scene: Scene, unchanged: None, name: str) -> None:
    call = CALLS[name]
    path = call.path.format(**scene.names)
    body = scene.good(call).ljust(LARGEST + 1)

    whole = scene.send(call, body)
    pieces = (body[at : at + 20_000] for at in range(0, len(body), 20_000))
    chunked = scene.who.call(call.method, path, content=pieces)

    assert judged("whole", whole, 413) is None
    assert judged("chunked", chunked, 413) is None


def kinds_of(schema: dict[str, Any]) -> set[str]:
    """Return the kinds of JSON that a member may be; none for one of which nothing is said."""
    found = resolved(schema)
    named = found.get("type", [])
    kinds = {named} if isinstance(named, str) else set(named)
    for each in [*found.get("anyOf", []), *found.get("oneOf", []), *found.get("allOf", [])]:
        kinds |= kinds_of(each)
    if "enum" in found and not kinds:
        kinds.add("string")
    return kinds | ({"integer"} if "number" in kinds else set())


def wrong_kinds(call: Operation) -> Iterator[tuple[str, str]]:
    """Yield each member with each kind of value that it may not have."""
    for member, schema in call.schema.get("properties", {}).items():
        if kinds := kinds_of(schema):
            yield from ((member, kind) for kind in KINDS if kind not in kinds)


@pytest.mark.parametrize("name", CALLS)
def test_a_member_of_another_kind_is_400(scene: Scene, unchanged: None, name: str) -> None:
    call = CALLS[name]
    good = json.loads(scene.good(call))

    answers = {
        f"{member} is {kind}": scene.send(
            call, json.dumps({**good, member: json.loads(KINDS[kind])}).encode()
        )
        for member, kind in wrong_kinds(call)
    }

    assert answers
    assert [wrong for row, each in answers.items() if (wrong := judged(row, each, 400))] == []


MESSAGES = ["", " ", "\u200b", "\u200b\u2060\ufeff", "\t\r\n", "\u3000", "\u00ad", "x" * 10_001]
NINE_LEVELS = json.loads('{"a":' * 9 + "1" + "}" * 9)
CONTEXTS: list[Any] = [{"a": "x" * 16_377}, {"é" * 8_192: 1}, NINE_LEVELS]
SAYING = [name for name, each in CALLS.items() if "message" in each.schema.get("properties", {})]


@pytest.mark.parametrize("name", SAYING)
def test_words_that_say_nothing_or_too_much_are_400(
    scene: Scene, unchanged: None, name: str
) -> None:
    call = CALLS[name]
    good = json.loads(scene.good(call))
    bodies = [{**good, "message": each} for each in MESSAGES]
    bodies += [{**good, "context": each} for each in CONTEXTS]

    answers = [scene.send(call, json.dumps(body).encode()) for body in bodies]

    assert [w for at, each in enumerate(answers) if (w := judged(str(at), each, 400))] == []


IDS = ["%00", "%ff", "%2e%2e", "%E2%80%AE", "' OR 1=1--", "%0d%0aset-cookie:a=b", "a" * 3_000]


@pytest.mark.parametrize("name", [name for name, each in CALLS.items() if "{" in each.path])
def test_an_id_that_is_none_is_not_found(scene: Scene, unchanged: None, name: str) -> None:
    call = CALLS[name]
    status = 403 if call.path == "/api/projects/{projectId}/feedback" else 404

    for odd in IDS:
        names = dict.fromkeys(scene.names, odd)
        answer = Scene(scene.house, scene.who, names).send(call, scene.good(call))
        assert judged(odd, answer, status) is None
        assert "set-cookie" not in answer.headers
