"""Settings: what an operator may change, read once from MINIBACK_* variables."""

from miniback.settings.models import Settings
from miniback.settings.reading import PREFIX, read, unknown, variable
from miniback.settings.tables import table, variables

__all__ = ["PREFIX", "Settings", "read", "table", "unknown", "variable", "variables"]
