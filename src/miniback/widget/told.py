"""What a widget is told about its project: how to look, what to ask, whether it may send."""

from typing import Any

from miniback import projects
from miniback.projects import Project
from miniback.widget import files


def told(project: Project, page: str, own_origin: str) -> dict[str, Any]:
    """Return a project's settings for the widget on a page of an origin, '' where it is unknown.

    Which sites are allowed is not told, only whether this one is.
    """
    widget = project.settings.widget
    return {
        "project": project.slug,
        "state": _state(project, page, own_origin),
        "assets": files.folder(),
        "position": widget.position,
        "theme": widget.theme,
        "color": widget.color,
        "label": widget.label,
        "title": widget.title,
        "language": widget.language,
        "fields": ",".join(widget.fields),
        "button": widget.button,
        "privacyUrl": widget.privacy_url,
        "poweredBy": widget.powered_by,
        "texts": {"thanks": widget.thanks} if widget.thanks else {},
        "proof": project.settings.proof.value,
        "screenshot": "screenshot" in widget.fields,
    }


def unknown(slug: str) -> dict[str, Any]:
    """Return what a widget is told whose project is not there."""
    return {"project": slug, "state": "unknown", "assets": files.folder()}


def _state(project: Project, page: str, own_origin: str) -> str:
    if project.status != projects.Status.ACTIVE:
        return "paused"
    if page and not projects.is_allowed(project.allowed_domains, page, own_origin):
        return "blocked"
    return "active"
