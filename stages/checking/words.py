"""From an exception to a message in plain words: what was expected, what came instead, where to look."""

import linecache
import re
import traceback
from collections.abc import Iterable
from pathlib import Path

from stages.catalog import ROOT, Milestone
from stages.checking.sentences import assertion_sentence
from stages.code import MissingCodeError, excerpt
from stages.not_written_yet import NotWrittenYet

LONGEST = 400
ESCAPED = re.compile(r"\\\\|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")
CODE_LINE = re.compile(r"[^\s:]+:\d+")
# Where the code under test lives; the deepest line of a traceback there is the best hint.
NOT_THE_PROJECT = ("tests", "stages", ".venv")


def sentence(test: str) -> str:
    """`tests/…::test_a_guest_is_sent_to_login[x]` as “a guest is sent to login [x]”."""
    name, bracket, parameters = test.rpartition("::")[2].partition("[")
    words = name.removeprefix("test_").replace("_", " ")
    return f"{words} [{readable(parameters)}" if bracket else words


def readable(parameters: str) -> str:
    """A test's parameters in their own letters again: pytest writes `\\u0430` for “а”. What cannot be shown stays."""
    return ESCAPED.sub(_letter, parameters)


def _letter(found: re.Match[str]) -> str:
    if found[0] == "\\\\":
        return "\\"
    letter = chr(int(found[1] or found[2] or found[3], 16))
    return letter if letter.isprintable() else found[0]


def got(error: BaseException, *, is_assertion: bool, comparison: str = "") -> str:
    """What came instead: what the check says, or the exception, with what was noted about it."""
    if is_assertion:
        return in_one_line(assertion_sentence(error, comparison)) or "a failed assertion"
    text = str(error).strip()
    if isinstance(error, NotWrittenYet):
        return in_one_line(text)
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return in_one_line(" ".join([*getattr(error, "__notes__", []), said, where_it_broke_off(error)]))


def where_it_broke_off(error: BaseException) -> str:
    """The check's own line, where the error came through none of the project's."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    tests = [place for place in frames if Path(place[0]).name.startswith("test_")]
    if not tests or code_line(((Path(path), line) for path, line in frames), ROOT):
        return ""
    return f"(the check broke off at: {linecache.getline(*tests[-1]).strip()})"


def in_one_line(text: str) -> str:
    return shortened(" ".join(text.split()))


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def code_line(lines: Iterable[tuple[Path, int]], root: Path) -> str:
    """Of the lines an error came through, the deepest of the project's own code, as `path:line`; empty for none."""
    for path, number in reversed(list(lines)):
        if path.is_relative_to(root) and path.relative_to(root).parts[0] not in NOT_THE_PROJECT:
            return f"{path.relative_to(root).as_posix()}:{number}"
    return ""


def is_code_line(place: str) -> bool:
    """Whether this place is what `code_line` makes, and not one of `places`."""
    return CODE_LINE.fullmatch(place) is not None


def places(milestone: Milestone, root: Path) -> list[str]:
    """Where the milestone is made: its code, file and line, then its page."""
    found = [*(_place(name, root) for name in milestone.core), milestone.path_doc.as_posix()]
    return list(dict.fromkeys(place for place in found if place))


def _place(name: str, root: Path) -> str:
    try:
        entry = excerpt(name, root)
    except MissingCodeError:
        return name
    return (
        f"{entry.path}:{entry.first} ({name.rpartition(':')[2]})"
        if entry.path.endswith(".py")
        else entry.path
    )
