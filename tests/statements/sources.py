"""Every place in the product that sends SQL, found by reading its source."""

import ast
import functools
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).parents[2] / "src" / "miniback"
_WAYS = {"all", "one", "run", "run_many", "put_many", "ask", "hold_rows", "merge"}
# What a session is called where it is handed on.
_SESSIONS = {"tx", "session", "self._tx"}
_BEGINNING = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|WITH \w+ AS)\s")
_HOLES = re.compile(r"\{\w+\}")


class Site(NamedTuple):
    """A call that sends a statement; `sql` is None where it is put together as it runs."""

    path: str
    function: str
    line: int
    way: str
    sql: str | None

    @property
    def name(self) -> str:
        """How the tables and lists here call it."""
        return f"{self.path} {self.function}"


@functools.cache
def sites() -> list[Site]:
    """Return every call that sends SQL through a transaction."""
    return [site for path in sorted(HOUSE.rglob("*.py")) for site in _sites(path)]


def pieces() -> Iterator[tuple[str, list[str]]]:
    """Yield where a text stands that begins as SQL does, and its parts between any holes."""
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and _BEGINNING.match(text):
                assert isinstance(node, ast.Constant)
                parts = [plain(part) for part in _HOLES.split(text)]
                yield f"{path.relative_to(HOUSE)}:{node.lineno}", [each for each in parts if each]


def plain(sql: str) -> str:
    """Write a statement on one line."""
    return " ".join(sql.split())


def _sites(path: Path) -> Iterator[Site]:
    for function, call in _calls(ast.parse(path.read_text()), ""):
        assert isinstance(call.func, ast.Attribute)
        sql = _text(call.args[0], _module(path))
        yield Site(str(path.relative_to(HOUSE)), function, call.lineno, call.func.attr, sql)


def _calls(node: ast.AST, function: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls that send SQL in the order of the source, each with its function's name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and _sends(child):
            yield function, child
        is_named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        yield from _calls(child, child.name if is_named else function)  # type: ignore[attr-defined]


def _sends(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or not call.args:
        return False
    return call.func.attr in _WAYS and ast.unparse(call.func.value) in _SESSIONS


def _module(path: Path) -> str:
    parts = ("miniback", *path.relative_to(HOUSE).with_suffix("").parts)
    return ".".join(part for part in parts if part != "__init__")


def _text(node: ast.expr, module: str) -> str | None:
    """Return a text that stands in the source as a whole, be it in pieces or under a name."""
    match node:
        case ast.Constant(str() as text):
            return text
        case ast.BinOp(left, ast.Add(), right):
            both = _text(left, module), _text(right, module)
            return both[0] + both[1] if both[0] is not None and both[1] is not None else None
        case ast.Name(name):
            found = getattr(importlib.import_module(module), name, None)
            return found if isinstance(found, str) else None
    return None
