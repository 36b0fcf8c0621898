"""The part of the pytest plugin that makes known mistakes: `--mistakes` and `--mistake SLUG:NAME`."""

from collections.abc import Callable, Iterator

import pytest

from stages.checking.files import milestone_of
from stages.checking.mistakes import Mistake, NotAppliedError, applied, mistake_named, mistakes_of

PARAMETER = "known_mistake"
CAUGHT = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("curriculum")
    group.addoption(
        "--mistakes", action="store_true", help="run known-wrong implementations: each must be caught"
    )
    group.addoption("--mistake", metavar="SLUG:NAME", help="make one known mistake for the whole run")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run of a check for each mistake it must catch."""
    if not metafunc.config.getoption("mistakes"):
        return
    milestone = milestone_of(metafunc.definition.path)
    mistakes = mistakes_of(milestone) if milestone else []
    found = [mistake for mistake in mistakes if mistake.caught_by == metafunc.function.__name__]
    if found:
        metafunc.fixturenames.append(PARAMETER)
        metafunc.parametrize(PARAMETER, found, ids=[mistake.name for mistake in found])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("mistakes"):
        keep_only(config, items, lambda item: mistake_of(item) is not None)


def keep_only(config: pytest.Config, items: list[pytest.Item], wanted: Callable[[pytest.Item], bool]) -> None:
    left_out = [item for item in items if not wanted(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if wanted(item)]


def mistake_of(item: pytest.Item) -> Mistake | None:
    """The mistake that this very test is run for."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    found: Mistake | None = parameters.get(PARAMETER)
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Once one parameter of its check has caught a mistake, the others need not."""
    mistake = mistake_of(item)
    if mistake and mistake.id in item.config.stash.setdefault(CAUGHT, set()):
        pytest.skip("caught already")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Only the check itself meets the mistake: what prepares it stays whole, so a red check is red for its reason."""
    everywhere = item.config.getoption("mistake")
    mistake = mistake_of(item)
    try:
        with applied(mistake or (mistake_named(everywhere) if everywhere else None)):
            return (yield)
    except NotAppliedError:
        raise
    except (Exception, pytest.fail.Exception):
        if mistake:
            item.config.stash.setdefault(CAUGHT, set()).add(mistake.id)
        raise
