"""The install page: what to paste, and how far the widget has come, told by what has happened."""

from typing import NamedTuple

from miniback import feedback, http, projects, widget
from miniback.accounts import Role, Visit, signed_in
from miniback.dashboard import snippets
from miniback.dashboard.listing import PROJECTS
from miniback.dashboard.project_pages import project_of, project_page
from miniback.db import Tx
from miniback.feedback import ITEM, Filter, Item
from miniback.http import Request, Response
from miniback.projects import Project


class Seen(NamedTuple):
    """A site on whose page the widget was loaded; one that may not send is told so."""

    host: str
    at: int
    is_allowed: bool


class Progress(NamedTuple):
    """How far a project has come: where its widget is, and what came first of feedback."""

    seen: list[Seen]
    first: Item | None

    @property
    def message(self) -> str:
        """What the first feedback says."""
        return feedback.message_of(self.first.document) if self.first else ""


async def show_install(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}/install?with=…; the part that changes is asked for again and again."""
    project = await project_of(request, visit)
    progress = await request.db.read(_progress, project, request.state["own_origin"])
    base_url = request.state["base_url"]
    if request.header(b"hx-request"):
        template = "dashboard/templates/install_progress.html"
        return visit.fragment(template, project=project, progress=progress, Role=Role)
    offered = snippets.snippets(project, base_url)
    wanted = request.query("with")
    return await project_page(
        visit,
        project,
        "install",
        progress=progress,
        snippets=offered,
        chosen=next((each for each in offered if each.name == wanted), offered[0]),
        pinned=snippets.pinned(project, base_url),
        policy=snippets.policy(base_url),
    )


def _progress(tx: Tx, project: Project, own_origin: str) -> Progress:
    seen = [
        Seen(host, at, _may_send(project, host, own_origin))
        for host, at in widget.latest_sightings(tx, project.account_id, project.id)
    ]
    chosen = Filter(project.account_id, project.id)
    positions = feedback.positions(tx, chosen, [], 1, "ASC")
    rows = feedback.at_positions(tx, project.account_id, positions, ITEM) if positions else []
    return Progress(seen, Item(*rows[0]) if rows else None)


def _may_send(project: Project, host: str, own_origin: str) -> bool:
    if host == projects.host_of(own_origin):
        return True
    return projects.is_allowed(project.allowed_domains, f"https://{host}", own_origin)


routes = [http.resource(f"{PROJECTS}/{{slug}}/install", GET=signed_in(show_install))]
