"""Which settings profile a pytest run gets, told from the paths that were asked for."""

from collections.abc import Iterable
from pathlib import Path

from stages.catalog import Stage

STAGES = ("junior", "middle", "advanced")
PROFILE = "mini_crm.settings.{stage}"


def profile_for(paths: Iterable[Path], tests: Path) -> str:
    """The settings module for these paths: a stage's own when all of them lie in its folder, else the advanced one.

    `tests` is the folder that holds junior/, middle/ and advanced/; all paths are absolute.
    """
    asked = {stage_of(path, tests) for path in paths}
    stage = asked.pop() if len(asked) == 1 else "advanced"
    return PROFILE.format(stage=stage)


def stage_of(path: Path, tests: Path) -> str:
    """The stage whose folder holds this path; everything outside of the three folders needs all of the CRM."""
    folder = path.relative_to(tests).parts[:1] if path.is_relative_to(tests) else ()
    return folder[0] if folder and folder[0] in STAGES else "advanced"


def asked_paths(args: Iterable[str], invoked_from: Path) -> list[Path]:
    """pytest's positional arguments as absolute paths, without the `::test_name` behind them."""
    return [(invoked_from / arg.split("::", 1)[0]).resolve() for arg in args]


def ceiling_of(module: str) -> Stage:
    """How far a settings profile reaches, told from its name: to ask its settings would start half of Django."""
    name = module.rpartition(".")[2]
    return Stage(name) if name in STAGES else Stage.ADVANCED
