"""The calls of the API as its description has them, with every reference followed."""

import functools
from typing import Any, NamedTuple

import msgspec

from miniback import http

_METHODS = ("get", "post", "put", "delete", "options")
_BEARER, _KEY, _NOTHING = "bearer", "key", ""
_JSON = "application/json"


class Parameter(NamedTuple):
    """What a call is told: in its path, its query, a header, or as a member of its body."""

    name: str
    place: str
    is_required: bool
    kind: str
    description: str
    example: str


class Example(NamedTuple):
    """A body as it may be."""

    title: str
    text: str


class Answer(NamedTuple):
    """What comes back where all goes well."""

    status: str
    description: str
    content_type: str
    examples: tuple[Example, ...]


class Call(NamedTuple):
    """A method at an address. `access` is what it asks for: a key, the operator's token, nothing.

    `problems` are the refusals that it may meet: each a status and the exact text.
    """

    id: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    plans: tuple[str, ...]
    access: str
    parameters: tuple[Parameter, ...]
    body_type: str
    is_body_required: bool
    members: tuple[Parameter, ...]
    bodies: tuple[Example, ...]
    answers: tuple[Answer, ...]
    problems: tuple[tuple[str, str], ...]

    @property
    def anchor(self) -> str:
        """Where it stands on its page."""
        return self.id.lower()

    @property
    def takes_key(self) -> bool:
        """Whether a key of an account opens it."""
        return self.access == _KEY

    def of(self, place: str) -> list[Parameter]:
        """Return the parameters of one place: path, query or header."""
        return [each for each in self.parameters if each.place == place]


class Tag(NamedTuple):
    """Calls that belong together, on one page."""

    slug: str
    name: str
    description: str
    calls: tuple[Call, ...]


@functools.cache
def description() -> dict[str, Any]:
    """Return the description as it is served."""
    content: dict[str, Any] = msgspec.json.decode(http.openapi())
    return content


@functools.cache
def tags() -> tuple[Tag, ...]:
    """Return all calls, by tag, in the description's order."""
    calls = [
        _call(method, path, item, item[method])
        for path, item in description()["paths"].items()
        for method in _METHODS
        if method in item
    ]
    return tuple(
        Tag(
            each["name"].lower().replace(" ", "-"),
            each["name"],
            each["description"],
            tuple(call for call in calls if call.tag == each["name"]),
        )
        for each in description()["tags"]
    )


def _call(method: str, path: str, item: dict[str, Any], about: dict[str, Any]) -> Call:
    given = (*item.get("parameters", ()), *about.get("parameters", ()))
    body = about.get("requestBody", {})
    body_type, content = next(iter(body.get("content", {}).items()), ("", {}))
    answers = {status: _followed(each) for status, each in about["responses"].items()}
    return Call(
        id=about["operationId"],
        method=method.upper(),
        path=path,
        tag=about["tags"][0],
        summary=about["summary"],
        description=about.get("description", ""),
        plans=tuple(about["x-plans"]),
        access=_access(about),
        parameters=tuple(_parameter(_followed(each)) for each in given),
        body_type=body_type,
        is_body_required=body.get("required", False),
        members=_members(content) if body_type == _JSON else (),
        bodies=_examples(content),
        answers=tuple(_answer(status, each) for status, each in answers.items() if status < "3"),
        problems=tuple(
            (status, text)
            for status, each in answers.items()
            if status >= "3"
            for text in _texts(each)
        ),
    )


def _access(about: dict[str, Any]) -> str:
    if "security" not in about:
        return _KEY
    return _BEARER if about["security"] else _NOTHING


def _parameter(about: dict[str, Any]) -> Parameter:
    examples = [_followed(each)["value"] for each in about.get("examples", {}).values()]
    example = about.get("example", examples[0] if examples else "")
    return Parameter(
        about["name"],
        about["in"],
        about.get("required", False),
        kind(about["schema"]),
        about.get("description", ""),
        str(example),
    )


def _members(content: dict[str, Any]) -> tuple[Parameter, ...]:
    """Return the members of a JSON body."""
    schema = _followed(content["schema"])
    needed = schema.get("required", ())
    return tuple(
        Parameter(name, "body", name in needed, kind(each), _about(each), "")
        for name, each in schema.get("properties", {}).items()
    )


def _about(schema: dict[str, Any]) -> str:
    followed = _followed(schema)
    if "description" in followed:
        return str(followed["description"])
    choices = followed.get("anyOf", ())
    return next((text for each in choices if (text := _about(each))), "")


def kind(schema: dict[str, Any]) -> str:
    """Say what a value is, in a word or by the values that there are."""
    schema = _followed(schema)
    if "enum" in schema:
        return " ".join(f"`{each}`" for each in schema["enum"] if each != "")
    for name in ("anyOf", "oneOf"):
        if name in schema and "type" not in schema:
            return " or ".join(dict.fromkeys(filter(None, map(kind, schema[name]))))
    found = schema.get("type", "")
    if found == "array":
        return f"list of {kind(schema.get('items', {})) or 'anything'}"
    return " or ".join(found) if isinstance(found, list) else str(found)


def _answer(status: str, about: dict[str, Any]) -> Answer:
    content_type, content = next(iter(about.get("content", {}).items()), ("", {}))
    return Answer(status, about["description"], content_type, _examples(content))


def _examples(content: dict[str, Any]) -> tuple[Example, ...]:
    found = [_followed(each) for each in content.get("examples", {}).values()]
    return tuple(Example(each.get("summary", ""), _written(each["value"])) for each in found)


def _texts(about: dict[str, Any]) -> list[str]:
    values = [
        _followed(each)["value"]
        for content in about.get("content", {}).values()
        for each in content.get("examples", {}).values()
    ]
    texts = [each["error"] for each in values if isinstance(each, dict) and "error" in each]
    return list(dict.fromkeys(texts)) or [about["description"]]


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _followed(node: dict[str, Any]) -> dict[str, Any]:
    """Return what a node refers to, or the node itself."""
    while "$ref" in node:
        found: Any = description()
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node
