"""The house rules that no linter knows (CONTRIBUTING tells them in words)."""

import ast
import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent / "src" / "miniback"
FILES = sorted(HOUSE.rglob("*.py"))
ROOT = HOUSE.parents[1]
CLIENT = ROOT / "clients" / "python" / "src" / "miniback_client"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
# Modules of a room that only the composition root may enter.
EDGES = {"api", "door", "pages", "worker", "description", "health", "security_text"}
# What those need to know of the web that start a process, or stand in another one: ASGI's shapes,
# the description's text.
OUTSIDE = {("http", "connection"), ("http", "wire"), ("http", "description")}
Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

OURS = (*FILES, *sorted(CLIENT.rglob("*.py")))


def test_there_is_a_house_to_look_at() -> None:
    assert len(FILES) > 40


def test_a_file_ends_before_it_tires() -> None:
    def excess(path: Path) -> int:
        return max(len(path.read_text().splitlines()) - LONGEST_FILE, 0)

    assert _found_in(OURS, excess) == {}


def test_a_function_fits_on_a_screen() -> None:
    def long(path: Path) -> list[str]:
        return [
            f"{node.name} has {lines} lines"
            for node, _ in _definitions(path)
            if not isinstance(node, ast.ClassDef)
            and (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
        ]

    assert _found_in(OURS, long) == {}


def test_everything_public_says_what_it_is_for() -> None:
    def silent(path: Path) -> list[str]:
        defined = [node for node, is_public in _definitions(path) if is_public]
        return [
            getattr(node, "name", "the file itself")
            for node in (_tree(path), *defined)
            if not ast.get_docstring(node)
        ]

    assert _found_in(OURS, silent) == {}


def test_rooms_are_entered_by_their_doors() -> None:
    def intruding(path: Path) -> list[str]:
        own = path.relative_to(HOUSE).parts[0]
        return [
            ".".join(name)
            for name in _imported(path)
            if name[0] != own and len(name) > 1 and not _may_enter(path, name)
        ]

    assert _found_in(FILES, intruding) == {}


def test_a_file_imports_absolutely_and_at_its_top() -> None:
    def astray(path: Path) -> list[str]:
        tree = _tree(path)
        return [
            ast.unparse(each)
            for each in ast.walk(tree)
            if isinstance(each, ast.Import | ast.ImportFrom)
            and (each not in tree.body or getattr(each, "level", False))
        ]

    assert _found_in(OURS, astray) == {}


def _found_in(paths: Iterable[Path], look: Callable[[Path], object]) -> dict[str, object]:
    """Return what a look finds in files, by their names; nothing of those that are right."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := look(path))}


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _may_enter(path: Path, name: tuple[str, ...]) -> bool:
    """Tell whether a file may import a module of another room past its door."""
    if path == HOUSE / "app.py":
        return name[1] in EDGES or name[1].endswith(("_pages", "_api")) or name in OUTSIDE
    if path == HOUSE / "__main__.py":
        return name[0] == "commands"
    is_start = path.parent.name == "commands" or path in (HOUSE / "serve.py", HOUSE / "asgi.py")
    return is_start and name in OUTSIDE


def _definitions(path: Path) -> Iterator[tuple[Defined, bool]]:
    """Yield classes and functions, those in classes too, and whether they are public."""

    def within(body: list[ast.stmt], is_public: bool) -> Iterator[tuple[Defined, bool]]:
        for node in body:
            if isinstance(node, Defined):
                own = is_public and not node.name.startswith("_")
                yield node, own
                inner = own and isinstance(node, ast.ClassDef)
                yield from within(node.body, inner)

    return within(_tree(path).body, True)


def _imported(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the modules of our own that a file imports: a room, or a room and a module in it."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "miniback":
            base = tuple((node.module or "").split("."))
            for alias in node.names:
                name = (*base, alias.name)[1:3]
                yield name if _is_module(name) and not _is_at_the_door(name) else name[:1]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
            yield from (tuple(name[1:3]) for name in names if name[0] == "miniback")


def _is_at_the_door(name: tuple[str, ...]) -> bool:
    """Tell whether a room hands a name out itself: a function may be called as its module is."""
    door = HOUSE.joinpath(name[0], "__init__.py")
    return len(name) > 1 and door.exists() and f'"{name[-1]}"' in door.read_text()


def _is_module(name: tuple[str, ...]) -> bool:
    return HOUSE.joinpath(*name).with_suffix(".py").exists()
