"""The description of the API as it is written, read once a process: it is 2,000 lines of YAML."""

from importlib import resources
from typing import Any

import yaml

SPEC: dict[str, Any] = yaml.load(
    (resources.files("miniback") / "openapi.yaml").read_text(encoding="utf-8"),
    Loader=yaml.CSafeLoader,
)
