"""Puts the pages of the documentation into the wheel, so that a server can show them."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Pages(BuildHookInterface[Any]):
    """Finds the pages where people write them: docs/*.md, and the changelog at the root."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files and where they go; an editable install reads them where they are."""
        if version != "standard":
            return
        root = Path(self.root)
        for page in [*sorted(root.glob("docs/[a-z]*.md")), root / "CHANGELOG.md"]:
            build_data["force_include"][str(page)] = f"miniback/docs/markdown/{page.name.lower()}"
