"""`python manage.py stages COMMAND`: each command is a module in stages/commands/ of the same name."""

import pkgutil
import sys
from argparse import ArgumentParser
from importlib import import_module
from typing import Any, Protocol, cast

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import OperationalError, ProgrammingError

from stages import commands
from stages.catalog import UnknownMilestoneError
from stages.entries import CurriculumError
from stages.practice.errors import PracticeError
from stages.switches import RefusedError


class Subcommand(Protocol):
    """What a module in stages/commands/ offers."""

    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, out: OutputWrapper, options: dict[str, Any]) -> int:
        """Does it and returns the exit status."""
        ...


def subcommands() -> dict[str, Subcommand]:
    names = sorted(
        module.name for module in pkgutil.iter_modules(commands.__path__) if not module.name.startswith("_")
    )
    return {name: cast(Subcommand, import_module(f"{commands.__name__}.{name}")) for name in names}


class Command(BaseCommand):
    help = "The curriculum: list, switch and check its milestones. A milestone is named by its number or its slug."
    # `check` is for a project that may be broken right now.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        choices = parser.add_subparsers(dest="subcommand", metavar="COMMAND", required=True)
        for name, module in subcommands().items():
            module.add_arguments(choices.add_parser(name, help=module.HELP, description=module.HELP))

    def handle(self, *args: str, subcommand: str, **options: Any) -> None:
        try:
            status = subcommands()[subcommand].run(self.stdout, options)
        except (UnknownMilestoneError, RefusedError, CurriculumError, PracticeError) as error:
            raise CommandError(str(error), returncode=2) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The flags cannot be read ({error}). Run: python manage.py migrate"
            ) from error
        if status:
            sys.exit(status)
