"""How a project's widget looks and what it asks, with the real widget beside it (ux.md, PJ2)."""

from typing import Any

from miniback import http, projects, shell
from miniback.accounts import Visit, for_admins
from miniback.dashboard.listing import PROJECTS
from miniback.dashboard.project_pages import project_of, project_page
from miniback.errors import Invalid
from miniback.http import Request, Response
from miniback.projects import Project, Widget

_TEXTS = ("position", "theme", "color", "label", "title", "thanks", "language")
_READABLE = 4.5
_WHITE = "#ffffff"
# Of the three colours' light the eye takes so much (WCAG 2, relative luminance).
_WEIGHTS = (0.2126, 0.7152, 0.0722)


async def show_look(request: Request, visit: Visit) -> Response:
    """GET /projects/{slug}/widget."""
    project = await project_of(request, visit)
    visit.form.values = _filled(project.settings.widget)
    return await _page(visit, project)


async def save_look(request: Request, visit: Visit) -> Response:
    """POST /projects/{slug}/widget."""
    project = await project_of(request, visit)
    try:
        given = {"widget": _given(visit)}
        await request.db.write(projects.decide, visit.account_id, project.id, given, visit.actor)
    except Invalid as refusal:
        visit.form.errors[_named_in(str(refusal))] = str(refusal)
        return await _page(visit, project, 422)
    return visit.tell(f"{PROJECTS}/{project.slug}/widget", visit.say("Widget saved"))


async def _page(visit: Visit, project: Project, status: int = 200) -> Response:
    color = visit.form["color"]
    page = await project_page(
        visit,
        project,
        "look",
        status,
        positions=projects.POSITIONS,
        themes=projects.THEMES,
        languages=projects.LANGUAGES,
        fields=projects.FIELDS,
        is_hard_to_read=contrast_with_white(color) < _READABLE,
    )
    return shell.framing(page)


def contrast_with_white(color: str) -> float:
    """Return the contrast of white text on a colour written #rrggbb; 21 where it is none."""
    try:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    except ValueError:
        return 21.0
    linear = [_linear(each) for each in parts]
    light = sum(weight * each for weight, each in zip(_WEIGHTS, linear, strict=True))
    return 1.05 / (light + 0.05)


def _linear(part: float) -> float:
    is_dark = part <= 0.04045  # noqa: PLR2004 - WCAG 2's own figure
    return part / 12.92 if is_dark else ((part + 0.055) / 1.055) ** 2.4


def _filled(widget: Widget) -> dict[str, str]:
    texts = {name: str(getattr(widget, name)) for name in _TEXTS}
    switches = {
        **{f"field-{name}": "on" for name in widget.fields},
        "button": "on" if widget.button else "",
        "powered_by": "on" if widget.powered_by else "",
    }
    return {**texts, **switches, "privacy_url": widget.privacy_url}


def _given(visit: Visit) -> dict[str, Any]:
    form = visit.form
    return {
        **{name: form[name] for name in _TEXTS},
        "fields": [name for name in projects.FIELDS if form[f"field-{name}"]],
        "button": bool(form["button"]),
        "poweredBy": bool(form["powered_by"]),
        "privacyUrl": form["privacy_url"],
    }


def _named_in(refusal: str) -> str:
    """Return the field that a refusal begins with."""
    name = refusal.partition(" ")[0]
    return "privacy_url" if name == "privacyUrl" else name


routes = [
    http.resource(
        f"{PROJECTS}/{{slug}}/widget", GET=for_admins(show_look), POST=for_admins(save_look)
    ),
]
