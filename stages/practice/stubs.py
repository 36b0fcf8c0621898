"""What stands in the place of code that was taken out: its signature and docstring, and whose turn it is.

No stub raises when it is imported. A function raises when it is called, a class when an object of it is made, a
template when it is rendered; an assignment and a paragraph of a file leave a comment.
"""

import ast

from stages.catalog import Milestone
from stages.code import Definition
from stages.practice.regions import Lines, Region

RAISES = """\
# Yours to write: milestone {milestone}. A hint: python manage.py stages hint {milestone.number}
from stages.features import NotWrittenYet

raise NotWrittenYet({milestone.number})
"""
OF_A_CLASS = "def __init__(self, *args: object, **kwargs: object) -> None:\n"
OF_A_TEMPLATE = """\
{{# Yours to write: milestone {milestone}. A hint: python manage.py stages hint {milestone.number} #}}
{{% load stages %}}{{% not_written_yet {milestone.number} "{path}" %}}
"""
COMMENT = "# Yours to write: {label} (milestone {milestone}).\n"


def stub(original: Lines, region: Region, milestone: Milestone) -> Lines:
    """The lines that take the region's place, with the line ends of the file."""
    text = _text(original, region, milestone)
    end = b"\r\n" if original[0].endswith(b"\r\n") else b"\n"
    return [line.encode() + end for line in text.splitlines()]


def _text(original: Lines, region: Region, milestone: Milestone) -> str:
    if region.name.startswith("template:"):
        return OF_A_TEMPLATE.format(milestone=milestone, path=region.path)
    lines = [line.decode() for line in original[region.slice]]
    if not region.name.startswith("file:"):
        node = _statement(original, region)
        if isinstance(node, Definition):
            return _definition(lines, node, region, milestone)
    return _indented(COMMENT.format(label=region.label, milestone=milestone), _indent(lines[0]))


def _statement(original: Lines, region: Region) -> ast.stmt:
    """The statement that fills the region."""
    for node in ast.walk(ast.parse(b"".join(original))):
        if isinstance(node, ast.stmt) and (_first(node), node.end_lineno) == (region.first, region.last):
            return node
    raise LookupError(f"{region.path}:{region.first}: there is no statement {region.name}")


def _first(node: ast.stmt) -> int:
    decorators = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _definition(lines: list[str], node: Definition, region: Region, milestone: Milestone) -> str:
    """Decorators, signature and docstring stay; comments before the first statement tell too much."""
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is not None:
        kept = lines[: (first.end_lineno or first.lineno) - region.first + 1]
    else:
        kept = lines[: _first(first) - region.first]
        while not kept[-1].strip() or kept[-1].lstrip().startswith("#"):
            kept.pop()
    inside = " " * (node.col_offset + 4)
    body = RAISES.format(milestone=milestone)
    if isinstance(node, ast.ClassDef):
        gap = "\n" if ast.get_docstring(node) else ""
        return "".join(kept) + gap + _indented(OF_A_CLASS + _indented(body, "    "), inside)
    return "".join(kept) + _indented(body, inside)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}" if line.strip() else line for line in text.splitlines(keepends=True))
