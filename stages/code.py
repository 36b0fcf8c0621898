"""The few lines that make a milestone, found in the source files without importing them.

A name is "package.module:Qualified.name" (a definition, down to a field or a `Meta.ordering`),
"template:app/file.html", "file:path" or "file:path#mark": the paragraph of that file, up to the next empty line, whose
first line is `mark:` or begins with the mark.

So the code of a later stage can be read in a profile that has not installed what it needs, and what is shown is what
stands in the file now.
"""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import dedent

from stages.catalog import ROOT
from stages.checking.files import template_folders

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class MissingCodeError(LookupError):
    """The manifest names code that is not there; the message says what and where it was looked for."""


@dataclass(frozen=True)
class Excerpt:
    name: str
    # Relative to the repository.
    path: str
    first: int
    text: str

    @property
    def last(self) -> int:
        return self.first + len(self.text.splitlines()) - 1

    @property
    def numbers(self) -> str:
        """The line numbers, one on each line, to stand beside the text."""
        return "\n".join(str(number) for number in range(self.first, self.last + 1))


def excerpt(name: str, root: Path = ROOT) -> Excerpt:
    """The lines behind one entry of `code` in the manifest. Raises MissingCodeError."""
    kind, _, target = name.partition(":")
    if kind == "template":
        return _whole(name, template_file(target, root), root)
    if kind == "file":
        path, _, mark = target.partition("#")
        whole = _whole(name, root / path, root)
        return _paragraph(whole, mark) if mark else whole
    return _symbol(name, kind, target, root)


def template_file(target: str, root: Path = ROOT) -> Path:
    """The file of a template of the project, wanted as `clients/client_list.html`. Raises MissingCodeError."""
    for folder in template_folders(root):
        if (folder / target).is_file():
            return folder / target
    raise MissingCodeError(f"There is no template {target}.")


def _whole(name: str, path: Path, root: Path) -> Excerpt:
    path = path.resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise MissingCodeError(f"There is no file {name.partition(':')[2].partition('#')[0]}.")
    return Excerpt(name, path.relative_to(root).as_posix(), 1, path.read_text(encoding="utf-8").rstrip("\n"))


def _paragraph(whole: Excerpt, mark: str) -> Excerpt:
    """The marked lines of a file, without their common indentation."""
    lines = whole.text.splitlines()
    # A key that opens a block, such as `web:`, before any other line that names the same thing.
    for pattern in (rf"\s*{re.escape(mark)}:\s*", rf"\s*{re.escape(mark)}(?!\w).*"):
        for first, text in enumerate(lines):
            if re.fullmatch(pattern, text):
                last = next((end for end in range(first, len(lines)) if not lines[end].strip()), len(lines))
                return Excerpt(whole.name, whole.path, first + 1, dedent("\n".join(lines[first:last])))
    raise MissingCodeError(f"{whole.path} has no {mark}.")


def _symbol(name: str, module: str, qualified: str, root: Path) -> Excerpt:
    path = module_file(module, root)
    written = path.stat()
    return _found(name, qualified, path, root, written.st_mtime_ns, written.st_size)


@lru_cache(maxsize=1024)
def _found(name: str, qualified: str, path: Path, root: Path, written: int, size: int) -> Excerpt:
    """Remembered for as long as nobody has written to the file: whose an error is asks for every name there is."""
    source = path.read_text(encoding="utf-8")
    try:
        body: list[ast.stmt] = ast.parse(source).body
    except SyntaxError as error:
        raise MissingCodeError(
            f"{path.relative_to(root)} has a syntax error in line {error.lineno}."
        ) from error
    node: ast.stmt | None = None
    for part in qualified.split("."):
        node = next((statement for statement in body if part in _names(statement)), None)
        if node is None:
            raise MissingCodeError(f"{path.relative_to(root)} has no {qualified}.")
        body = node.body if isinstance(node, Definition) else []
    return _lines(name, path.relative_to(root).as_posix(), source, node)


def module_file(module: str, root: Path = ROOT) -> Path:
    base = root.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    raise MissingCodeError(f"There is no module {module}.")


def _names(statement: ast.stmt) -> list[str]:
    """What a statement defines."""
    if isinstance(statement, Definition):
        return [statement.name]
    if isinstance(statement, ast.AnnAssign):
        return [statement.target.id] if isinstance(statement.target, ast.Name) else []
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return []


def _lines(name: str, path: str, source: str, node: ast.stmt | None) -> Excerpt:
    """A definition with its decorators, without the indentation of its class."""
    assert node is not None  # a qualified name has at least one part
    decorators = node.decorator_list if isinstance(node, Definition) else []
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    lines = source.splitlines()[first - 1 : node.end_lineno]
    indent = " " * node.col_offset
    return Excerpt(name, path, first, "\n".join(line.removeprefix(indent) for line in lines))
