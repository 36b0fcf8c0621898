"""The map's drawing: where the lines between the stops run.

The stops themselves are HTML in a grid of COLUMNS equal columns, whose first holds the stage's name. The drawing lies
behind them and is stretched to the grid's width; its height is fixed: a unit of y is a sixteenth of a rem (stages.css).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stages.catalog import Milestone, Stage
from stages.states import MilestoneState

COLUMNS = 9
COLUMN_WIDTH = 100
TRACK_HEIGHT = 168
# The middle of a stop's circle below the top of its track, and its radius.
MIDDLE, RADIUS = 56, 20
# The column of each stage's first stop: the later stages begin further right.
FIRST_COLUMN = {Stage.JUNIOR: 1, Stage.MIDDLE: 2, Stage.ADVANCED: 3}


@dataclass(frozen=True)
class Track:
    """The line that a stage's stops lie on."""

    stage: Stage
    left: int
    right: int
    y: int


@dataclass(frozen=True)
class Edge:
    """From a milestone to one that requires it. `path` is the drawing's "d"; lit when both are active."""

    source: str
    target: str
    stage: Stage
    path: str
    is_lit: bool


@dataclass(frozen=True)
class Picture:
    tracks: Sequence[Track]
    edges: Sequence[Edge]
    width: int = COLUMNS * COLUMN_WIDTH
    height: int = len(Stage) * TRACK_HEIGHT


def picture_of(states: Sequence[MilestoneState]) -> Picture:
    """The drawing of these states, which are in the order of the curriculum."""
    places = places_of([state.milestone for state in states])
    active = {state.milestone.slug: state.active for state in states}
    edges = [
        Edge(
            source=needed.slug,
            target=state.milestone.slug,
            stage=state.milestone.stage,
            path=path(places[needed.slug], places[state.milestone.slug]),
            is_lit=active[needed.slug] and state.active,
        )
        for state in states
        for needed in state.requires
    ]
    return Picture(tracks_of(places, [state.milestone for state in states]), edges)


def places_of(milestones: Sequence[Milestone]) -> dict[str, tuple[int, int]]:
    """The middle (x, y) of each stop, by slug."""
    places = {}
    for stage in Stage:
        of_stage = [milestone for milestone in milestones if milestone.stage is stage]
        for column, milestone in enumerate(of_stage, start=FIRST_COLUMN[stage]):
            x = COLUMN_WIDTH * column + COLUMN_WIDTH // 2
            places[milestone.slug] = (x, TRACK_HEIGHT * stage.order + MIDDLE)
    return places


def tracks_of(places: dict[str, tuple[int, int]], milestones: Sequence[Milestone]) -> list[Track]:
    tracks = []
    for stage in Stage:
        stops = [places[milestone.slug] for milestone in milestones if milestone.stage is stage]
        if stops:
            tracks.append(Track(stage, min(stops)[0], max(stops)[0], stops[0][1]))
    return tracks


def path(source: tuple[int, int], target: tuple[int, int]) -> str:
    """A bow over the track within it; from the bottom of one stop to the top of the other between two."""
    (x1, y1), (x2, y2) = source, target
    if y1 == y2:
        top = y1 - RADIUS
        bow = top - min(44, 12 + abs(x2 - x1) // 12)
        return f"M{x1} {top}C{x1} {bow} {x2} {bow} {x2} {top}"
    start, end = y1 + RADIUS, y2 - RADIUS
    return f"M{x1} {start}C{x1} {start + 76} {x2} {end - 76} {x2} {end}"
