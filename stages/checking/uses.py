"""What a milestone's code uses of other code, read from the source files: names only, nothing is imported or run."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from stages.code import MissingCodeError, module_file

# A view names its paginator's wrapper, which names the paginator: further away, everything uses everything.
STEPS = 3
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def used_by(entries: Iterable[str], root: Path) -> set[str]:
    """The symbols, as `module:name`, that these entries of `code` name, and those name in turn, up to STEPS away."""
    found: set[str] = set()
    edge = {entry for entry in entries if not entry.startswith(("template:", "file:"))}
    for _ in range(STEPS):
        edge = {name for entry in edge for name in named_in(entry, root)} - found
        found |= edge
    return found


def named_in(entry: str, root: Path) -> Iterator[str]:
    """The functions and classes of the project that one definition names; a constant is no cause of anything."""
    module, _, qualified = entry.partition(":")
    imported, defined = names_of(module, root)
    node = defined.get(qualified.partition(".")[0])
    for used in ast.walk(node) if node else ():
        if isinstance(used, ast.Name):
            if used.id in imported:
                if is_definition(home := at_home(imported[used.id], root), root):
                    yield home
            elif used.id in defined and defined[used.id] is not node:
                yield f"{module}:{used.id}"


def at_home(entry: str, root: Path) -> str:
    """Where a symbol is defined, for one that a package only hands on."""
    module, _, name = entry.partition(":")
    imported, defined = names_of(module, root)
    return imported[name] if name not in defined and name in imported else entry


def is_definition(entry: str, root: Path) -> bool:
    module, _, name = entry.partition(":")
    return name in names_of(module, root)[1]


@lru_cache(maxsize=256)
def names_of(module: str, root: Path) -> tuple[dict[str, str], dict[str, ast.stmt]]:
    """What a module imports by name, and what it defines; nothing for a module of another project."""
    try:
        body = ast.parse(module_file(module, root).read_text(encoding="utf-8")).body
    except (MissingCodeError, SyntaxError):
        return {}, {}
    imports = [node for node in body if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    imported = {
        name.asname or name.name: f"{node.module}:{name.name}" for node in imports for name in node.names
    }
    return imported, {node.name: node for node in body if isinstance(node, DEFINITIONS)}
