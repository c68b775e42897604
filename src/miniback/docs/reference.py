"""The reference, written as Markdown from the API's description, like any other page."""

from collections.abc import Iterable, Sequence

from miniback.docs import calls, samples
from miniback.docs.calls import Call, Parameter, Tag
from miniback.docs.samples import Sample

SLUG = "api"
TITLE = "API reference"
_ACCESS = {
    "key": "an API key, in the header `x-api-key`",
    "bearer": "the operator's token, as `Authorization: Bearer …`",
    "": "nothing; anybody may call it",
}
_PLACES = {"path": "In the path", "query": "In the query", "header": "Headers"}


def overview() -> str:
    """Return what holds for all calls, and where each group of them stands."""
    info = calls.description()["info"]
    groups = "".join(f"| {_linked(tag)} | {_line(tag.description)} |\n" for tag in calls.tags())
    parts = [
        f"# {TITLE}",
        f"{info['summary']} All calls are described in [openapi.json](/openapi.json), and can be"
        " tried on their pages and in [the explorer](/docs/explorer). To take them along there are"
        " collections for [Postman](/docs/miniback.postman_collection.json) and"
        " [Bruno](/docs/miniback.bruno.zip).",
        "## Groups of calls",
        f"| group | what for |\n| --- | --- |\n{groups}",
        info["description"],
    ]
    return "\n\n".join(parts)


def about(call: Call) -> str:
    """Return what a call does, what it takes and how it may be refused."""
    parts = [call.description.strip(), f"It needs {_ACCESS[call.access]}."]
    for place, title in _PLACES.items():
        parts.append(_table(title, call.of(place)))
    parts.append(_table(f"Body, `{call.body_type}`", call.members))
    return "\n\n".join(filter(None, parts))


def problems(call: Call) -> str:
    """Return the exact texts of a call's refusals."""
    if not call.problems:
        return ""
    rows = "".join(f"| {status} | {_cell(text)} |\n" for status, text in call.problems)
    return f"| status | `error` |\n| --- | --- |\n{rows}"


def answers(call: Call) -> str:
    """Return what comes back where all goes well."""
    parts = []
    for answer in call.answers:
        kind = f", `{answer.content_type}`" if answer.content_type else ""
        parts.append(f"**{answer.status}**{kind}: {_cell(answer.description)}")
        parts += [_fenced(each.text, answer.content_type) for each in answer.examples[:1]]
    return "\n\n".join(parts)


def requests(call: Call, base_url: str) -> str:
    """Return how a call is made, in each language."""
    return "\n\n".join(f"```{language}\n{text}\n```" for language, text in _all(call, base_url))


def twin(tag: Tag, base_url: str) -> str:
    """Return a page of the reference as Markdown alone, for programs that read."""
    parts = [f"# {tag.name}", tag.description.strip()]
    for call in tag.calls:
        parts += [
            f"## {call.summary}",
            f"`{call.method} {call.path}` · plans: {', '.join(call.plans)}",
            about(call),
            "### Request",
            requests(call, base_url),
            "### Answer",
            answers(call),
        ]
        if call.problems:
            parts += ["### Errors", problems(call)]
    return "\n\n".join(parts) + "\n"


def _all(call: Call, base_url: str) -> list[Sample]:
    return samples.samples(call, base_url)


def _linked(tag: Tag) -> str:
    return f"[{tag.name}](/docs/{SLUG}/{tag.slug})"


def _table(title: str, parameters: Sequence[Parameter]) -> str:
    if not parameters:
        return ""
    rows = "".join(_rows(parameters))
    return f"**{title}**\n\n| name | kind | what it is |\n| --- | --- | --- |\n{rows}"


def _rows(parameters: Iterable[Parameter]) -> Iterable[str]:
    for each in parameters:
        needed = "required" if each.is_required else "optional"
        kind = f"{_cell(each.kind)}, {needed}" if each.kind else needed
        example = f" Such as `{each.example}`." if each.example else ""
        yield f"| `{each.name}` | {kind} | {_cell(each.description)}{example} |\n"


def _fenced(text: str, content_type: str) -> str:
    language = "json" if "json" in content_type else "text"
    return f"```{language}\n{text.rstrip()}\n```"


def _line(text: str) -> str:
    return _cell(text.partition(". ")[0].rstrip(".") + ".")


def _cell(text: str) -> str:
    """Return text for one line of a table."""
    return " ".join(text.split()).replace("|", "\\|")
