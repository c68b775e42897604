"""A customer's page: whether it would let the widget run, and whether the server would take it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from miniback import db, outgoing, projects
from miniback.db import Tx
from miniback.doctor.findings import Finding, ok, warning, wrong
from miniback.doctor.markup import Elements, Script
from miniback.doctor.policy import allows, directives, governing
from miniback.errors import Invalid, Misconfigured
from miniback.outgoing import Client, Page, Unreachable
from miniback.projects import Project
from miniback.settings import Settings

_A_PART = "/widget/0/proof.js"
_HERE = ("localhost", "127.0.0.1", "::1")


async def page(chosen: Settings, url: str, name: str) -> list[Finding]:
    """Read a page and tell what would keep a project's widget from working there."""
    if not chosen.base_url:
        raise Misconfigured("MINIBACK_BASE_URL must name the address that the widget comes from")
    project = db.run(db.engine_for(chosen.database, make=False), _named, name)
    client = Client(allows_private=chosen.allow_private_targets)
    try:
        read = await client.get(
            outgoing.checked(url, allows_private=chosen.allow_private_targets),
            {"accept": "text/html,*/*;q=0.1"},
        )
    except (Unreachable, Invalid) as error:
        return [wrong("page", f"{url} cannot be read: {error}", "Is the address right and public?")]
    finally:
        await client.close()
    return list(_judged(chosen.base_url, project, read))


def _named(tx: Tx, name: str) -> Project:
    account_id, project_id = projects.place_of(tx, name)
    return projects.named(tx, account_id, project_id)


def _judged(base_url: str, project: Project, read: Page) -> Iterator[Finding]:
    if read.status >= 400:  # noqa: PLR2004 - errors begin here
        yield warning(
            "page", f"It answers with status {read.status}", "Name a page that anybody can open"
        )
    elements = Elements(read.url)
    elements.feed(read.text)
    line = next((each for each in elements.scripts if _is_ours(each, base_url, project)), None)
    yield _line(base_url, project, line, elements)
    yield _taken(base_url, project, read.url)
    yield _mixed(base_url, read.url)
    policies = [part for value in read.all("content-security-policy") for part in value.split(",")]
    yield from _policies([*policies, *elements.policies], base_url, project, read.url, line)


def _is_ours(script: Script, base_url: str, project: Project) -> bool:
    if script.url.split("?")[0] == f"{base_url}/w/{project.slug}.js":
        return True
    return script.url.startswith(f"{base_url}/widget") and script.project == project.slug


def _line(base_url: str, project: Project, line: Script | None, elements: Elements) -> Finding:
    if line:
        return ok("line", f"The widget's line is there: {line.url}")
    others = [each.url for each in elements.scripts if "/w/" in each.url or "/widget" in each.url]
    told = f"; {others[0]} is, which is another server or project" if others else ""
    return warning(
        "line",
        f"The page's HTML has no line of this project's widget{told}",
        f'Add <script async src="{base_url}/w/{project.slug}.js"></script>, unless a script of the'
        " page does so later",
    )


def _taken(base_url: str, project: Project, url: str) -> Finding:
    origin = projects.origin_of(url)
    if project.status != projects.Status.ACTIVE:
        return wrong("project", f"The project {project.slug} is paused", "Resume it on its page")
    own = projects.without_default_port(projects.origin_of(base_url))
    if not projects.is_allowed(project.allowed_domains, origin, own):
        host = projects.host_of(origin)
        return wrong(
            "project",
            f"{host} is not among the project's allowed domains"
            f" ({', '.join(project.allowed_domains)})",
            f"Add {host} on the project's page Security, or empty the list",
        )
    return ok("project", f"The project takes what comes from {origin}")


def _mixed(base_url: str, url: str) -> Finding:
    host = urlsplit(base_url).hostname or ""
    if url.startswith("https:") and base_url.startswith("http:") and host not in _HERE:
        return wrong(
            "mixed content",
            "The page is https and this server is not: browsers load nothing from it",
            "Put a proxy with a certificate in front, and set MINIBACK_BASE_URL to https://",
        )
    return ok("mixed content", "Page and server agree about https")


def _policies(
    policies: list[str], base_url: str, project: Project, url: str, line: Script | None
) -> Iterator[Finding]:
    """Judge every policy: a browser keeps to all of them."""
    found = 0
    for policy in map(directives, policies):
        if "sandbox" in policy and "allow-scripts" not in policy["sandbox"]:
            found += 1
            yield wrong("policy", "It runs no scripts (sandbox)", "Add allow-scripts to sandbox")
        scripts = [f"{base_url}/w/{project.slug}.js", base_url + _A_PART]
        needs = {"script-src-elem": scripts, "connect-src": [f"{base_url}/api/feedback"]}
        for kind, targets in needs.items():
            name = governing(policy, kind)
            nonce = line.nonce if line and kind != "connect-src" else ""
            if name is None or all(allows(policy[name], each, url, nonce) for each in targets):
                continue
            found += 1
            yield _closed(policy, kind, name, base_url)
    if not found:
        told = "Its policy lets the widget through" if policies else "It has no policy"
        yield ok("policy", told)


def _closed(policy: dict[str, list[str]], kind: str, name: str, base_url: str) -> Finding:
    """Say which directive keeps the widget out, and how it has to read."""
    sources = [each for each in policy[name] if each.lower() != "'none'"]
    wanted = kind.removesuffix("-elem") if name == "default-src" else name
    what = "run the widget's script" if kind != "connect-src" else "let the widget send"
    text = f"{name} {' '.join(policy[name])} does not {what}"
    if kind != "connect-src" and "'strict-dynamic'" in sources:
        return wrong("policy", text, "Give the widget's line the nonce that the policy names")
    read = " ".join([wanted, *sources, projects.origin_of(base_url)])
    return wrong("policy", text, f"Have it read: {read}")
