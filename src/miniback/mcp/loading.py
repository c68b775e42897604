"""The protocol's library: optional, and so heavy that it is loaded when the first one asks."""

import functools
import importlib
import importlib.util
from typing import Any

from miniback.errors import Misconfigured

HOW_TO_INSTALL = "install it with: pip install 'miniback[mcp]'"


@functools.cache
def is_installed() -> bool:
    """Tell whether the library is here, without loading it."""
    return importlib.util.find_spec("mcp") is not None


def load(name: str) -> Any:
    """Load a module of this room that needs the library, which takes 30 MB and a second."""
    return importlib.import_module(f"miniback.mcp.{name}")


def speak(*, read_only: bool) -> None:
    """Speak the protocol on stdin and stdout until stdin ends, for MINIBACK_URL."""
    if not is_installed():
        raise Misconfigured(f"The library for MCP is not here; {HOW_TO_INSTALL}")
    load("stdio").run(read_only=read_only)
