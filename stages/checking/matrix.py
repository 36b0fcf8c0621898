"""What CI runs for a stage, as the matrices of its jobs."""

from typing import NamedTuple

from stages.catalog import Stage, catalog
from stages.checking.running import checked


class Versions(NamedTuple):
    """A Python and a Django that go together; 6.1 needs Python 3.12."""

    python: str
    django: str


OLDEST, NEWEST = Versions("3.11", "5.2"), Versions("3.13", "6.1")
# Milestones are checked at both ends; the whole suite also where only Python is new.
MILESTONES_ON = (OLDEST, NEWEST)
SUITE_ON = (OLDEST, Versions("3.13", "5.2"), NEWEST)


def matrix(stage: Stage) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Two matrices in GitHub's form: each milestone by itself, and the stage's whole suite."""
    milestones = checked(catalog().of_stage(stage))
    return {
        "milestones": {
            "include": [
                {"milestone": one.slug, "number": f"{one.number:02d}", **entry(versions)}
                for one in milestones
                for versions in MILESTONES_ON
            ]
        },
        "suite": {"include": [{"stage": str(stage), **entry(versions)} for versions in SUITE_ON]},
    }


def entry(versions: Versions) -> dict[str, str]:
    """`env` begins the names of the tox environments: py311-django52."""
    env = f"py{versions.python}-django{versions.django}".replace(".", "")
    return {"python": versions.python, "django": versions.django, "env": env}
