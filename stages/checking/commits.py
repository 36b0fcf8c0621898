"""Which commit the working tree stands on."""

import shutil
import subprocess
from pathlib import Path


def commit_of(root: Path) -> str:
    """Its short name and subject, and whether files differ from it; empty without git, as in an image."""
    said = git(root, "log", "-1", "--format=%h %s")
    changed = said and git(root, "status", "--porcelain", "--untracked-files=no")
    return f"{said} (and changes that are not committed)" if changed else said


def git(root: Path, *arguments: str) -> str:
    """What git answers; empty where it is not installed or this is no repository."""
    program = shutil.which("git")
    if program is None:
        return ""
    ended = subprocess.run(  # noqa: S603  # our own arguments
        [program, *arguments], cwd=root, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return ended.stdout.strip() if ended.returncode == 0 else ""
