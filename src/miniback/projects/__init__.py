"""Projects: the sites that collect feedback, and the API keys that open an account."""

from miniback.projects.access import checked_key, identify_all, no_such_key, target
from miniback.projects.domains import is_allowed, without_default_port
from miniback.projects.key_store import touch as touch_keys
from miniback.projects.keyed import api_key, identify, keyed, with_rates
from miniback.projects.meter import Meter
from miniback.projects.models import ID, Caller, Project, Status, checked_name
from miniback.projects.service import (
    change_plan,
    counted,
    create,
    id_of,
    issue_key,
    named,
    place_of,
)
from miniback.projects.slugs import is_one as is_slug
from miniback.projects.store import (
    being_deleted,
    find,
    finish_deletion,
    hold,
    names,
    project_of_slug,
)

__all__ = [
    "ID",
    "Caller",
    "Meter",
    "Project",
    "Status",
    "api_key",
    "being_deleted",
    "change_plan",
    "checked_key",
    "checked_name",
    "counted",
    "create",
    "find",
    "finish_deletion",
    "hold",
    "id_of",
    "identify",
    "identify_all",
    "is_allowed",
    "is_slug",
    "issue_key",
    "keyed",
    "named",
    "names",
    "no_such_key",
    "place_of",
    "project_of_slug",
    "target",
    "touch_keys",
    "with_rates",
    "without_default_port",
]
