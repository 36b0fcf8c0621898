"""Where a project is, and how it is started: told from its files, without running any of it."""

import re
from dataclasses import dataclass
from pathlib import Path

from grading.verdicts import CannotStartError

SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE["'\s,=:\])]+["']([\w.]+)["']""")
REQUIREMENTS = ("requirements.txt", "requirements/base.txt", "requirements-dev.txt", "requirements/dev.txt")


@dataclass(frozen=True)
class Project:
    """`root` has manage.py; `settings` is the module it names; `requirements` are its own files, perhaps none."""

    root: Path
    settings: str
    requirements: tuple[Path, ...]

    @classmethod
    def found_in(cls, path: Path) -> "Project":
        """At the top or one folder below. Raises CannotStartError."""
        if not path.is_dir():
            raise CannotStartError(f"{path} is no folder.")
        places = [
            path,
            *sorted(one for one in path.iterdir() if one.is_dir() and not one.name.startswith(".")),
        ]
        roots = [one for one in places if (one / "manage.py").is_file()]
        if not roots:
            raise CannotStartError(f"There is no manage.py in {path.name}, nor one folder below.")
        if len(roots) > 1 and roots[0] != path:
            names = ", ".join(one.name for one in roots)
            raise CannotStartError(
                f"There is more than one manage.py: in {names}. Name the folder that is meant."
            )
        named = (one for base in {roots[0], path} for name in REQUIREMENTS if (one := base / name).is_file())
        return cls(roots[0], settings_of(roots[0]), tuple(dict.fromkeys(named)))


def settings_of(root: Path) -> str:
    """The settings module that manage.py names, or wsgi.py where it does not. Raises CannotStartError."""
    for file in (root / "manage.py", *sorted(root.glob("*/wsgi.py"))):
        if match := SETTINGS.search(file.read_text(encoding="utf-8", errors="replace")):
            return match[1]
    raise CannotStartError("manage.py names no settings module (DJANGO_SETTINGS_MODULE).")
