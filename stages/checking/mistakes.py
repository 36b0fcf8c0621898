"""Known-wrong implementations: small patches, each of which one required check must catch.

They live in tests/stages/mistakes/, a module a milestone, `mNN_….py`, with a list MISTAKES. `pytest --mistakes` runs
the named check once for each mistake, with the patch in force while the check itself runs; `--mistake SLUG:NAME` puts
one mistake into force for a whole run, to see what it turns red.
"""

import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module

from stages.catalog import Milestone, catalog

PACKAGE = "tests.stages.mistakes"
MODULE = re.compile(r"m(\d\d)_\w+")


class NotAppliedError(Exception):
    """The patch of a mistake does not fit the code any more: the checker's fault, not a caught mistake."""


@dataclass(frozen=True)
class Mistake:
    """`apply()` makes the mistake for as long as its context lasts; `caught_by` names the check that has to fail."""

    name: str
    says: str
    caught_by: str
    apply: Callable[[], AbstractContextManager[object]]
    milestone: str = ""

    @property
    def id(self) -> str:
        return f"{self.milestone}:{self.name}"


class UnknownMistakeError(LookupError):
    """No mistake has that name."""


def mistakes_of(milestone: Milestone, package: str = PACKAGE) -> list[Mistake]:
    """Those of a milestone. Only its own module is imported: others may need what a profile has not installed."""
    found = []
    for module in pkgutil.iter_modules(import_module(package).__path__):
        match = MODULE.fullmatch(module.name)
        if match and int(match.group(1)) == milestone.number:
            found += import_module(f"{package}.{module.name}").MISTAKES
    return [replace(mistake, milestone=milestone.slug) for mistake in found]


def mistake_named(name: str) -> Mistake:
    """The mistake `SLUG:NAME`. Raises UnknownMistakeError and UnknownMilestoneError."""
    slug, _, wanted = name.partition(":")
    known = mistakes_of(catalog().get(slug))
    for mistake in known:
        if mistake.name == wanted:
            return mistake
    raise UnknownMistakeError(
        f"There is no mistake {name!r}; there are {', '.join(one.id for one in known)}."
    )


@contextmanager
def applied(mistake: Mistake | None) -> Iterator[None]:
    """The mistake in force. Raises NotAppliedError when it cannot be made."""
    if mistake is None:
        yield
        return
    patch = mistake.apply()
    try:
        patch.__enter__()
    except Exception as error:
        raise NotAppliedError(
            f"The mistake {mistake.id} cannot be made: {type(error).__name__}: {error}"
        ) from error
    try:
        yield
    finally:
        patch.__exit__(None, None, None)
