"""The map's drawing: where the stops stand and which lines lead from a milestone to those that require it.

The stops themselves are HTML in a grid of equal columns, whose first holds the stage's name. The drawing lies behind
them and is stretched to the grid's width; its height is fixed: a unit of y is a sixteenth of a rem (picture.css).
Columns are counted from the curriculum, so another milestone makes the grid wider by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stages.catalog import Milestone, Stage
from stages.routing import RADIUS, Net, Place, routes
from stages.states import MilestoneState

COLUMN_WIDTH = 100
TRACK_HEIGHT = 208
# The middle of a stop's circle below the top of its track.
MIDDLE = 80


@dataclass(frozen=True)
class Track:
    """A piece of a stage's line, between two stops that follow each other."""

    stage: Stage
    left: int
    right: int
    y: int


@dataclass(frozen=True)
class Edge:
    """From a milestone to one that requires it. `path` is the drawing's "d"; lit when both are active."""

    source: str
    target: str
    # That of the source: all its lines leave it as one.
    stage: Stage
    path: str
    is_lit: bool


@dataclass(frozen=True)
class Picture:
    tracks: Sequence[Track]
    edges: Sequence[Edge]
    # How many columns stay empty before a stage's first stop, so that all stages end in the last one.
    gaps: dict[Stage, int]
    width: int
    height: int = len(Stage) * TRACK_HEIGHT


def picture_of(states: Sequence[MilestoneState]) -> Picture:
    """The drawing of these states, which are in the order of the curriculum."""
    milestones = [state.milestone for state in states]
    gaps = gaps_of(milestones)
    places = places_of(milestones)
    columns = 1 + max(gaps[stage] + count for stage, count in counts_of(milestones).items())
    edges = sorted(edges_of(states, places), key=lambda edge: edge.is_lit)
    return Picture(tracks_of(places, milestones), edges, gaps, columns * COLUMN_WIDTH)


def counts_of(milestones: Sequence[Milestone]) -> dict[Stage, int]:
    return {stage: sum(step.stage is stage for step in milestones) for stage in Stage}


def gaps_of(milestones: Sequence[Milestone]) -> dict[Stage, int]:
    counts = counts_of(milestones)
    return {stage: max(counts.values()) - count for stage, count in counts.items()}


def places_of(milestones: Sequence[Milestone]) -> dict[str, Place]:
    """Where each stop stands, by slug."""
    places = {}
    gaps = gaps_of(milestones)
    for stage in Stage:
        of_stage = [milestone for milestone in milestones if milestone.stage is stage]
        for column, milestone in enumerate(of_stage, start=1 + gaps[stage]):
            x = COLUMN_WIDTH * column + COLUMN_WIDTH // 2
            places[milestone.slug] = Place(x, TRACK_HEIGHT * stage.order + MIDDLE, stage.order)
    return places


def tracks_of(places: dict[str, Place], milestones: Sequence[Milestone]) -> list[Track]:
    tracks = []
    for stage in Stage:
        stops = [places[milestone.slug] for milestone in milestones if milestone.stage is stage]
        tracks += [Track(stage, left.x + RADIUS, right.x - RADIUS, left.y) for left, right in pairwise(stops)]
    return tracks


def edges_of(states: Sequence[MilestoneState], places: dict[str, Place]) -> Iterator[Edge]:
    by_slug = {state.milestone.slug: state for state in states}
    nets = [
        Net(slug, tuple(step for step, other in by_slug.items() if slug in other.milestone.requires))
        for slug in by_slug
    ]
    for (source, target), path in routes([net for net in nets if net.targets], places).items():
        lit = by_slug[source].active and by_slug[target].active
        yield Edge(source, target, by_slug[source].milestone.stage, path, lit)
