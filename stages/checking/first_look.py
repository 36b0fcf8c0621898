"""What is looked at before the first check runs: whether Django starts, each template parses, `manage.py check` holds.

A project that is broken there makes every check fail for one and the same reason; one line with it says more.
"""

import inspect
import os
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.core.checks import CheckMessage, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Field
from django.template import TemplateSyntaxError
from django.template.engine import Engine

from stages.catalog import ROOT
from stages.checking.blame import innermost
from stages.checking.files import template_folders


class UnsoundProjectError(Exception):
    """The project cannot be checked; the message is one line with file and line."""


def start_django() -> None:
    """Raises ImproperlyConfigured for an environment variable that cannot be used, else UnsoundProjectError."""
    if apps.ready:
        return
    try:
        django.setup()
    except ImproperlyConfigured:
        raise
    except Exception as error:
        raise UnsoundProjectError(located(error)) from error


def look(root: Path = ROOT) -> None:
    """Raises UnsoundProjectError."""
    for line in broken_templates(template_folders(root), root):
        raise UnsoundProjectError(line)
    try:
        messages = run_checks()
    except Exception as error:
        raise UnsoundProjectError(located(error)) from error
    for message in messages:
        if message.is_serious() and not message.is_silenced():
            raise UnsoundProjectError(said_by_check(message, root))


def located(error: BaseException, root: Path = ROOT) -> str:
    place = innermost(error.__traceback__, root)
    said = " ".join(f"{type(error).__name__}: {error}".replace(f"{root}{os.sep}", "").split())
    return f"{place}: {said}" if place else said


def broken_templates(folders: tuple[Path, ...], root: Path) -> Iterator[str]:
    """Django keeps what it has parsed, so the checks do not parse it again."""
    engine = Engine.get_default()
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            try:
                engine.get_template(file.relative_to(folder).as_posix())
            except (TemplateSyntaxError, UnicodeDecodeError) as error:
                line = getattr(getattr(error, "token", None), "lineno", None) or 1
                yield f"{file.relative_to(root).as_posix()}:{line}: {error}"


def said_by_check(message: CheckMessage, root: Path) -> str:
    said = " ".join(f"{message.msg} ({message.id})".split())
    place = _place_of(message.obj, root)
    return f"{place}: {said}" if place else f"manage.py check: {said}"


def _place_of(thing: object, root: Path) -> str:
    """Where the model, field, admin or view stands that a check complains about; empty where it has no place."""
    owner = thing.model if isinstance(thing, Field) else thing
    described = owner if inspect.isclass(owner) or inspect.isfunction(owner) else type(owner)
    try:
        file = Path(inspect.getsourcefile(described) or "")
        lines, first = inspect.getsourcelines(described)
    except (TypeError, OSError):
        return ""
    if not file.is_relative_to(root):
        return ""
    if isinstance(thing, Field):
        named = (number for number, line in enumerate(lines) if line.strip().startswith(f"{thing.name} ="))
        first += next(named, 0)
    return f"{file.relative_to(root).as_posix()}:{first}"
