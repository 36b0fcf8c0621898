"""Where a project of a list comes from: a folder of this machine, or a Git repository that is fetched."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from grading.commands import last_line, output_of
from grading.verdicts import CannotStartError

ADDRESS = re.compile(r"(https?|ssh|git|file)://|[\w.-]+@[\w.-]+:")
FETCHING = 300  # seconds
# Nobody is there to answer a question, and nothing but what a repository holds may run or be followed.
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes", "GIT_LFS_SKIP_SMUDGE": "1"}
CLONE = ["git", "-c", "core.hooksPath=/dev/null", "clone", "--quiet", "--depth", "1", "--no-tags"]


def is_address(source: str) -> bool:
    """Whether it is a repository's address: `https://…`, `ssh://…`, `git@host:…`, `file://…`."""
    return bool(ADDRESS.match(source))


def name_of(source: str) -> str:
    """The project's, as the last part of its path or address says it."""
    return re.split(r"[/:]", source.rstrip("/"))[-1].removesuffix(".git") or "project"


def without_password(text: str) -> str:
    """An address may hold a token; what is written down and shown must not."""
    return re.sub(r"://[^/@\s]*@", "://", text)


@contextmanager
def fetched(source: str) -> Iterator[Path]:
    """The folder; a repository's last commit is gone again when the block ends. Raises CannotStartError."""
    if not is_address(source):
        yield Path(source)
        return
    with TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / name_of(source)
        # The person's own keys and helpers are needed for this one step, so it keeps their environment.
        env = {**os.environ, **QUIET, "TMPDIR": name}
        status, said = output_of(
            [*CLONE, "--", source, str(folder)], cwd=Path(name), env=env, seconds=FETCHING
        )
        if status != 0:
            raise CannotStartError(
                without_password(f"It could not be fetched from {source}: {last_line(said)}")
            )
        yield folder
