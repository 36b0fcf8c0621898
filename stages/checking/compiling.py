"""Whether every Python file of the project compiles: asked before anything of the project is imported.

The standard library alone, and nothing of ours: it has to answer just when something of ours is broken.
"""

import importlib.util
import py_compile
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("clients", "mini_crm", "stages", "tests")


def first_that_does_not_compile(root: Path) -> str:
    """`clients/crud/listing.py:12: invalid syntax: …` for the first such file, or nothing."""
    for file in sources(root):
        if not _is_compiled(file) and (said := _error(file, root)):
            return said
    return ""


def sources(root: Path) -> Iterator[Path]:
    yield from sorted(root.glob("*.py"))
    for folder in FOLDERS:
        yield from sorted((root / folder).rglob("*.py"))


def _is_compiled(file: Path) -> bool:
    """Whether Python itself has compiled it as it stands: then there is no need to do it again."""
    try:
        header = Path(importlib.util.cache_from_source(str(file))).read_bytes()[:16]
        source = file.stat()
    except OSError:
        return False
    flags, time, size = (int.from_bytes(header[at : at + 4], "little") for at in (4, 8, 12))
    same_python = header[:4] == importlib.util.MAGIC_NUMBER
    return same_python and flags == 0 and (time, size) == (int(source.st_mtime), source.st_size)


def _error(file: Path, root: Path) -> str:
    """What it is compiled to is kept beside it, as Python does: the next time there is nothing to do."""
    try:
        py_compile.compile(str(file), doraise=True)
    except py_compile.PyCompileError as error:
        cause = error.exc_value
        if isinstance(cause, SyntaxError):
            return where_and_what(cause, file, root)
        return f"{_path(file, root)}:1: {cause}"
    except OSError:
        return ""  # a folder that cannot be written to, or a file that has just gone: Python will say so
    return ""


def where_and_what(error: SyntaxError, file: Path, root: Path) -> str:
    said = f"{_path(file, root)}:{error.lineno or 1}: {error.msg}"
    return f"{said}: {error.text.strip()}" if error.text else said


def _path(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
