"""A copy of the project, ready to be run: its interpreter, its settings with three overridden, a fresh database."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grading import postgres
from grading.commands import bounded, environment, last_line, output_of
from grading.project import Project
from grading.verdicts import CannotStartError

LEFT_OUT = shutil.ignore_patterns(
    ".git", "node_modules", "__pycache__", "*.sqlite3", "*.pyc", ".results", "media"
)
SETTINGS = "grading_settings"
INSTALLING, STARTING = 600, 180
OVERRIDDEN = """\
# Written by the grader: the project's own settings, with nothing but these overridden.
from {module} import *

DEBUG = True
ALLOWED_HOSTS = ["*"]
DATABASES = {{"default": {database!r}}}
"""


def left_out(folder: str, names: list[str]) -> set[str]:
    """What the copy does without; a virtual environment under any name."""
    environments = {name for name in names if (Path(folder) / name / "pyvenv.cfg").is_file()}
    return LEFT_OUT(folder, names) | environments


@dataclass(frozen=True)
class Workplace:
    """`code` is the copy; `home` is where it may write."""

    code: Path
    home: Path
    python: Path

    @property
    def env(self) -> dict[str, str]:
        return environment(self.home, self.python, DJANGO_SETTINGS_MODULE=SETTINGS)

    def run(self, *arguments: str, seconds: float = STARTING) -> tuple[int | None, str]:
        """With the project's own interpreter, in its own folder."""
        return output_of(
            bounded([str(self.python), *arguments]), cwd=self.code, env=self.env, seconds=seconds
        )

    def must(self, doing: str, *arguments: str, seconds: float = STARTING) -> str:
        """What it said. Raises CannotStartError."""
        status, said = self.run(*arguments, seconds=seconds)
        if status is None:
            raise CannotStartError(f"{doing} took more than {seconds:.0f} seconds.")
        if status:
            raise CannotStartError(f"{doing} failed: {last_line(said)}")
        return said


@contextmanager
def workplace(project: Project, python: Path | None) -> Iterator[Workplace]:
    """Gone when the block ends, whatever ends it. Raises CannotStartError."""
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as name:
        code, home = Path(name) / "code", Path(name) / "home"
        home.mkdir()
        shutil.copytree(project.root, code, ignore=left_out, symlinks=True, ignore_dangling_symlinks=True)
        if (code / ".env.example").is_file() and not (code / ".env").exists():
            shutil.copy(code / ".env.example", code / ".env")
        place = Workplace(code, home, python or own_interpreter(project, Path(name)))
        with fresh_database(code, home) as database:
            (code / f"{SETTINGS}.py").write_text(
                OVERRIDDEN.format(module=project.settings, database=database)
            )
            yield place


@contextmanager
def fresh_database(code: Path, home: Path) -> Iterator[dict[str, str]]:
    """Django's entry for it: SQLite, unless the project insists on PostgreSQL. Raises CannotStartError."""
    if postgres.is_wanted(code):
        with postgres.cluster(home.parent / "postgres") as database:
            yield database
    else:
        yield {"ENGINE": "django.db.backends.sqlite3", "NAME": str(home / "graded.sqlite3")}


def own_interpreter(project: Project, folder: Path) -> Path:
    """Of a new virtual environment with the project's requirements. The one step that may ask the network."""
    if not project.requirements:
        raise CannotStartError(
            "There is no requirements.txt. Name an interpreter that has what it needs: --python."
        )
    python = folder / "venv" / "bin" / "python"
    index = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    env = environment(folder / "home", Path(sys.executable), **index)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    files = [part for file in project.requirements for part in ("-r", str(file))]
    for doing, command in (
        ("Making a virtual environment", [sys.executable, "-m", "venv", str(folder / "venv")]),
        ("Installing its requirements", [*pip, *files]),
    ):
        status, said = output_of(command, cwd=project.root, env=env, seconds=INSTALLING)
        if status != 0:
            raise CannotStartError(f"{doing} failed: {last_line(said)}")
    return python
