"""How the map's lines run: as streets, never through a stop or its words.

All lines of one milestone are a *net*. Above each track lies a channel; in it every net has a lane of its own. From one
channel to another a net goes down a gutter, the free space between two columns. So a line leaves a stop at its top,
follows lanes and gutters, and comes to the other stop from above.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

RADIUS = 20
# The first lane above a stop, the distance of the next one, and the most that all of them take.
LOWEST_LANE, LANE, CHANNEL = 12, 9, 42
# Lines that share a gutter, or the top of a stop, stand so far apart; at a stop they take TOP at most.
GUTTER, PORT, TOP = 7, 11, 30
CORNER = 6
# A stop's circle is round, the drawing is stretched to 1.0 to 1.4 times its width: so the tips are made for the middle.
STRETCH = 1.2


@dataclass(frozen=True)
class Place:
    """The middle of a stop, and its track: 0 is the highest."""

    x: int
    y: int
    track: int


@dataclass(frozen=True)
class Net:
    """A milestone and those that require it, by slug."""

    source: str
    targets: tuple[str, ...]


Point = tuple[float, float]


def routes(nets: Sequence[Net], places: dict[str, Place]) -> dict[tuple[str, str], str]:
    """The path of each line, as SVG's "d", by its source and target."""
    gutters = gutters_of(nets, places)
    ports = ports_of(nets, places, gutters)
    lanes = lanes_of(nets, places, ports, gutters)
    found = {}
    for net in nets:
        for target in net.targets:
            points = line(net.source, target, places, ports, lanes, gutters)
            found[net.source, target] = rounded(points) + tip(points)
    return found


def gutters_of(nets: Sequence[Net], places: dict[str, Place]) -> dict[str, float]:
    """For each net that leaves its track, where it goes down: the gutter with the shortest ways."""
    middles = sorted({place.x for place in places.values()})
    between = [(left + right) / 2 for left, right in pairwise(middles)]
    chosen: dict[float, list[str]] = defaultdict(list)
    for net in nets:
        away = [places[slug].x for slug in net.targets if places[slug].track != places[net.source].track]
        if away:
            ends = [places[net.source].x, *away]
            best = min(between, key=lambda x: sum(abs(end - x) for end in ends))
            chosen[best].append(net.source)
    return {
        source: x + GUTTER * (number - (len(sources) - 1) / 2)
        for x, sources in chosen.items()
        for number, source in enumerate(sources)
    }


def ports_of(
    nets: Sequence[Net], places: dict[str, Place], gutters: dict[str, float]
) -> dict[tuple[str, str], float]:
    """The x at which a net touches the top of a stop, by net and stop: in the order the lines come from."""
    touching: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for net in nets:
        start = places[net.source]
        ends = [gutters.get(net.source, start.x), *(places[slug].x for slug in net.targets)]
        touching[net.source].append((sum(ends) / len(ends), net.source))
        for slug in net.targets:
            near = start.track == places[slug].track
            touching[slug].append((start.x if near else gutters[net.source], net.source))
    return {
        (source, slug): places[slug].x + min(PORT, TOP / len(found)) * (number - (len(found) - 1) / 2)
        for slug, found in touching.items()
        for number, (_, source) in enumerate(sorted(found))
    }


def lanes_of(
    nets: Sequence[Net],
    places: dict[str, Place],
    ports: dict[tuple[str, str], float],
    gutters: dict[str, float],
) -> dict[tuple[str, int], float]:
    """The y of each net's lane, by net and track: the short ones lie lowest, and none lies on another."""
    spans: dict[int, list[tuple[float, float, str]]] = defaultdict(list)
    for net in nets:
        for track in {places[slug].track for slug in (net.source, *net.targets)}:
            stops = [slug for slug in (net.source, *net.targets) if places[slug].track == track]
            ends = [ports[net.source, slug] for slug in stops]
            ends += [gutters[net.source]] if net.source in gutters else []
            spans[track].append((min(ends), max(ends), net.source))
    lanes: dict[tuple[str, int], float] = {}
    for track, found in spans.items():
        numbers = numbered(found)
        top = next(place.y for place in places.values() if place.track == track) - RADIUS - LOWEST_LANE
        apart = min(LANE, CHANNEL / (max(numbers.values()) or 1))
        lanes |= {(source, track): top - apart * number for source, number in numbers.items()}
    return lanes


def numbered(spans: Sequence[tuple[float, float, str]]) -> dict[str, int]:
    """The number of the lane of each span, counted from below."""
    taken: list[list[tuple[float, float]]] = []
    numbers = {}
    for left, right, source in sorted(spans, key=lambda span: (span[1] - span[0], span)):
        free = (
            number
            for number, lane in enumerate(taken)
            if all(right + CORNER < other[0] or left - CORNER > other[1] for other in lane)
        )
        numbers[source] = next(free, len(taken))
        if numbers[source] == len(taken):
            taken.append([])
        taken[numbers[source]].append((left, right))
    return numbers


def line(
    source: str,
    target: str,
    places: dict[str, Place],
    ports: dict[tuple[str, str], float],
    lanes: dict[tuple[str, int], float],
    gutters: dict[str, float],
) -> list[Point]:
    """The corners of one line, from the top of a stop to the top of the other."""
    start, end = places[source], places[target]
    out, into = ports[source, source], ports[source, target]
    first, last = lanes[source, start.track], lanes[source, end.track]
    between = [(gutters[source], first), (gutters[source], last)] if start.track != end.track else []
    return [(out, border(start, out)), (out, first), *between, (into, last), (into, border(end, into))]


def border(place: Place, x: float) -> float:
    """The y of a stop's border above it at this x."""
    return place.y - sqrt(RADIUS**2 - (STRETCH * (x - place.x)) ** 2)


def rounded(points: Sequence[Point]) -> str:
    """The line with its corners rounded."""
    said = [f"M{at(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        said.append(f"L{at(towards(corner, before))}Q{at(corner)} {at(towards(corner, after))}")
    return "".join([*said, f"L{at(points[-1])}"])


def tip(points: Sequence[Point]) -> str:
    """The head of the arrow: it points down."""
    x, y = points[-1]
    return f"M{at((x - 4, y - 6))}L{at((x, y - 1))}L{at((x + 4, y - 6))}"


def towards(corner: Point, other: Point) -> Point:
    """A little way from the corner to the other point, at most the half of it."""
    (x, y), (other_x, other_y) = corner, other
    length = abs(other_x - x) + abs(other_y - y)
    share = min(CORNER / length, 0.5) if length else 0
    return x + (other_x - x) * share, y + (other_y - y) * share


def at(point: Point) -> str:
    """Numbers without a needless ".0"."""
    return " ".join(f"{round(value, 1):g}" for value in point)
