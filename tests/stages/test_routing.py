"""The lines of the map keep clear of stops and words, and another milestone finds its place by itself."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest

from stages.catalog import Milestone, Stage, catalog
from stages.picture import COLUMN_WIDTH, MIDDLE, TRACK_HEIGHT, Picture, picture_of, places_of
from stages.routing import RADIUS, Net, routes
from stages.states import states
from tests.stages.conftest import entry

pytestmark = pytest.mark.django_db
# What a stop's words leave free at each side of their column.
FREE = 8

Point = tuple[float, float]


def drawing() -> Picture:
    return picture_of(states())


def corners(path: str) -> list[Point]:
    """Of the line itself; the arrow's head is a second "M"."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.split("M")[1])]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def crossed(path: str, ends: tuple[str, str]) -> Iterator[str]:
    """The stops, with their words below, that a line runs through; not the two it belongs to."""
    for slug, place in places_of(catalog().milestones).items():
        left, right = place.x - COLUMN_WIDTH / 2 + FREE, place.x + COLUMN_WIDTH / 2 - FREE
        top, bottom = place.y - RADIUS, place.y - MIDDLE + TRACK_HEIGHT
        for (x1, y1), (x2, y2) in pairwise(corners(path)):
            beside = max(x1, x2) < left or min(x1, x2) > right
            outside = max(y1, y2) < top or min(y1, y2) > bottom
            touches = slug in ends and max(y1, y2) < place.y
            if not (beside or outside or touches):
                yield slug


def lanes(picture: Picture) -> dict[str, set[tuple[float, float, float]]]:
    """The level pieces of each milestone's lines: height, from, to."""
    found: dict[str, set[tuple[float, float, float]]] = {}
    for edge in picture.edges:
        for (x1, y1), (x2, y2) in pairwise(corners(edge.path)):
            if y1 == y2 and x1 != x2:
                found.setdefault(edge.source, set()).add((y1, min(x1, x2), max(x1, x2)))
    return found


def assert_is_clear(picture: Picture) -> None:
    for edge in picture.edges:
        assert list(crossed(edge.path, (edge.source, edge.target))) == [], f"{edge.source} to {edge.target}"
    for (one, own), (other, theirs) in combinations(lanes(picture).items(), 2):
        shared = [(a, b) for a in own for b in theirs if a[0] == b[0] and a[1] < b[2] and b[1] < a[2]]
        assert shared == [], f"the lines of {one} lie on those of {other}"


def test_no_line_runs_through_a_stop_or_its_words(milestones):
    assert_is_clear(drawing())


def test_the_check_itself_sees_a_line_through_a_stop():
    x = places_of(catalog().milestones)["orders"].x
    assert "orders" in set(crossed(f"M{x} 60L{x} 400", ("client-crud", "caching")))


@pytest.mark.parametrize("stage", Stage)
def test_more_milestones_fit_in_every_stage(milestones, curriculum, stage):
    curriculum(
        entry(90, "extra", stage=f'"{stage}"', requires='["avatars", "orders"]'),
        entry(91, "further", stage=f'"{stage}"', requires='["extra", "start"]'),
        real=True,
    )
    picture = drawing()
    assert len(picture.edges) == sum(len(milestone.requires) for milestone in catalog())
    assert picture.width == COLUMN_WIDTH * (1 + max(len(catalog().of_stage(each)) for each in Stage))
    assert_is_clear(picture)


def test_every_stage_ends_in_the_last_column(milestones):
    picture = drawing()
    assert {track.right + RADIUS for track in picture.tracks if is_last(track, picture)} == {
        picture.width - 50
    }
    lengths = {stage: picture.gaps[stage] + len(catalog().of_stage(stage)) for stage in Stage}
    assert set(lengths.values()) == {max(len(catalog().of_stage(stage)) for stage in Stage)}


def is_last(track, picture: Picture) -> bool:
    return track.right == max(other.right for other in picture.tracks if other.stage is track.stage)


def test_the_page_has_as_many_cells_in_every_row(guest):
    html = guest.get("/stages/").content.decode()
    rows = re.findall(r"<ol>(.*?)</ol>", html.split('class="picture"')[1].split("legend meta")[0], re.S)
    assert {row.count("<li") for row in rows} == {max(len(catalog().of_stage(stage)) for stage in Stage)}


def test_a_line_starts_and_ends_above_its_stops():
    two: list[Milestone] = [catalog().get("orders"), catalog().get("order-totals")]
    places = places_of(two)
    [path] = routes([Net("orders", ("order-totals",))], places).values()
    start, *_, end = corners(path)
    assert start[0] == places["orders"].x
    assert end[0] == places["order-totals"].x
    assert start[1] == end[1] == places["orders"].y - RADIUS
