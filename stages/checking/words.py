"""From an exception to a message in plain words: what was expected, what came instead, where to look."""

from collections.abc import Iterable
from pathlib import Path

from stages.catalog import Milestone
from stages.code import MissingCode, excerpt

LONGEST = 400
# Where the code under test lives; the deepest line of a traceback there is the best hint.
NOT_THE_PROJECT = ("tests", "stages", ".venv")


def sentence(test: str) -> str:
    """`tests/…::test_a_guest_is_sent_to_login[x]` as “a guest is sent to login [x]”."""
    name, bracket, parameters = test.rpartition("::")[2].partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    return f"{words} [{parameters}" if bracket else words


def got(error: BaseException, *, is_assertion: bool) -> str:
    """What came instead: the assertion's own first lines, or the exception."""
    text = str(error).strip()
    if not is_assertion:
        text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return shortened(" ".join(lines[:3])) or "a failed assertion"


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def code_line(lines: Iterable[tuple[Path, int]], root: Path) -> str:
    """Of the lines an error came through, the deepest of the project's own code, as `path:line`; empty for none."""
    for path, number in reversed(list(lines)):
        if path.is_relative_to(root) and path.relative_to(root).parts[0] not in NOT_THE_PROJECT:
            return f"{path.relative_to(root).as_posix()}:{number}"
    return ""


def places(milestone: Milestone, root: Path) -> list[str]:
    """Where the milestone is made: its code, file and line, then its page."""
    found = [*(_place(name, root) for name in milestone.code), milestone.path_doc.as_posix()]
    return list(dict.fromkeys(place for place in found if place))


def _place(name: str, root: Path) -> str:
    try:
        entry = excerpt(name, root)
    except MissingCode:
        return name
    return (
        f"{entry.path}:{entry.first} ({name.rpartition(':')[2]})"
        if entry.path.endswith(".py")
        else entry.path
    )
