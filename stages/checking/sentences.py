"""From a failed check to one sentence in plain words, without pytest's own explanation.

A message that stands in the check (`assert a == b, "…"`, `pytest.fail("…")`) is the sentence. A comparison without one
is put into words from its two values (comparing.py).
"""

import ast
import re
import traceback
from pathlib import Path

LONGEST_SOURCE = 80
# What pytest itself says, where the check cannot have a message of its own.
NOTHING_RAISED = re.compile(r"DID NOT RAISE (?:any of )?\(?(.+?)\)?")
OTHER_MESSAGE = re.compile(
    r"Regex pattern did not match.*?\n +Expected regex: (.+)\n +Actual message: (.+)", re.DOTALL
)


def assertion_sentence(error: BaseException, comparison: str = "") -> str:
    """What the check has to say; `comparison` is what was last compared, in words."""
    text = str(error).strip()
    statement = failed_assert(error)
    if statement is None:
        return plain(text)
    if statement.msg is not None:
        return text.partition("\nassert ")[0]
    if comparison and text.startswith("assert") and isinstance(statement.test, ast.Compare):
        return f"{subject(statement.test)}{comparison}"
    return f"this does not hold: {ast.unparse(statement.test)}"


def failed_assert(error: BaseException) -> ast.Assert | None:
    """The `assert` that raised this; None where something else did, like pytest.fail."""
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return None
    frame, line = frames[-1]
    found = [
        node for node in asserts_of(frame.f_code.co_filename) if node.lineno <= line <= (node.end_lineno or 0)
    ]
    return min(found, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def asserts_of(path: str) -> list[ast.Assert]:
    try:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def subject(comparison: ast.Compare) -> str:
    """What was looked at, as it is written in the check: what came, or what it was looked for in."""
    inside = isinstance(comparison.ops[0], ast.In | ast.NotIn)
    looked_at = ast.unparse(comparison.comparators[0] if inside else comparison.left)
    if len(looked_at) > LONGEST_SOURCE or not looked_at[0].isalpha():
        return ""
    return f"{looked_at}: "


def plain(text: str) -> str:
    if found := NOTHING_RAISED.fullmatch(text):
        return f"expected {found[1].replace(', ', ' or ')}, but nothing was raised"
    if found := OTHER_MESSAGE.match(text):
        return f"expected an error that says {found[1]}, got {found[2]}"
    return text
