"""What a learner can do next, below the verdict of a check."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from stages.catalog import Milestone
from stages.practice.asked import can_be_practised, suggestion
from stages.practice.errors import PracticeError
from stages.practice.state import State


def advice(asked: Sequence[Milestone], root: Path, *, holds: bool) -> Iterator[str]:
    """Nothing for several milestones at once, nor for what cannot be written again."""
    if len(asked) != 1 or not can_be_practised(asked[0]):
        return
    milestone = asked[0]
    if not holds:
        yield f"A hint: python manage.py stages hint {milestone.number}"
    elif state := _state_with(milestone, root):
        yield f"You have written milestone {milestone}."
        if milestone.practised:
            yield f"Compare it with a solution: python manage.py stages compare {milestone.number}"
        yield f"Put the original back: python manage.py stages restore {milestone.number}"
        yield suggestion(state)


def _state_with(milestone: Milestone, root: Path) -> State | None:
    """The state, if the milestone is taken out."""
    try:
        state = State.read(root)
    except (PracticeError, OSError):
        return None
    return state if milestone in state.milestones else None
