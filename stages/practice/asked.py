"""Which milestones a command of the practice is asked for."""

from collections.abc import Iterable, Sequence

from stages.catalog import Milestone, Stage, catalog
from stages.practice.errors import PracticeError
from stages.practice.state import State


def can_be_practised(milestone: Milestone) -> bool:
    return bool(milestone.practised or milestone.own_tests_catch)


def to_begin(names: Sequence[str], state: State) -> list[Milestone]:
    """Those that are named; of a stage what is not begun yet. Raises PracticeError and UnknownMilestoneError."""
    if not names:
        raise PracticeError(f"Which milestone, or which stage? {suggestion(state)}")
    found = [milestone for name in names for milestone in _named(name, state)]
    return list(dict.fromkeys(found))


def _named(name: str, state: State) -> list[Milestone]:
    if name.lower() in list(Stage):
        all_ = [one for one in catalog().of_stage(name.lower()) if one.practised]
        left = [one for one in all_ if one not in state.milestones]
        if not left:
            raise PracticeError(f"All of the {name.lower()} stage is taken out already.")
        return left
    return [one_of(name)]


def one_of(name: str) -> Milestone:
    """Raises PracticeError for a milestone that nobody can write again."""
    milestone = catalog().get(name)
    if not can_be_practised(milestone):
        raise PracticeError(f"Milestone {milestone} has nothing that can be taken out.")
    return milestone


def suggestion(state: State, done: Iterable[Milestone] = ()) -> str:
    """What to begin next: the first milestone that is neither begun nor done."""
    begun = {*state.milestones, *done}
    left = (milestone for milestone in catalog() if can_be_practised(milestone) and milestone not in begun)
    following = next(left, None)
    if following is None:
        return "Nothing is left to begin."
    return f"Next could be {following}: python manage.py stages start {following.number}"
