"""Where lines of a file are by now, after somebody has edited it: what belongs to a region moves with the edits."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from stages.catalog import catalog
from stages.practice.regions import Lines, Region
from stages.practice.stubs import stub

Span = tuple[int, int]


def spans(original: Lines, regions: Iterable[Region]) -> dict[Region, Span]:
    """The lines, counted from 0, of each region's stub in the file as `start` leaves it."""
    found, moved = {}, 0
    for region in sorted(regions):
        length = len(stub(original, region, catalog().get(region.milestone)))
        first = region.first - 1 + moved
        found[region] = first, first + length
        moved += length - (region.last - region.first + 1)
    return found


def unmoved(original: Lines, region: Region, regions: Iterable[Region]) -> Span:
    """The lines of a region that is still whole, in the file with stubs for the other regions."""
    before = [other for other in regions if other.first < region.first]
    moved = sum(end - start for start, end in spans(original, before).values())
    moved -= sum(other.last - other.first + 1 for other in before)
    return region.first - 1 + moved, region.last + moved


def followed(before: Lines, after: Lines, wanted: Iterable[Span]) -> list[Span]:
    """Where the lines of each span in `before` stand in `after`. What was added inside or right below belongs to it.

    Spans that lie apart in `before` stay apart.
    """
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found, end_of_last = [], 0
    for start, end in sorted(wanted):
        first = max(_start(codes, start), end_of_last)
        last = max(_end(codes, end), first)
        found.append((first, last))
        end_of_last = last
    return found


def _start(codes: Sequence[tuple[str, int, int, int, int]], line: int) -> int:
    """What was added right above a span is not part of it."""
    for _, i1, i2, j1, j2 in codes:
        if i1 <= line < i2:
            return min(j1 + line - i1, j2)
    return codes[-1][4] if codes else 0


def _end(codes: Sequence[tuple[str, int, int, int, int]], line: int) -> int:
    """The end is where the last line of the span ends; what was added below it belongs to it."""
    for position, (kind, i1, i2, j1, j2) in enumerate(codes):
        if i1 < line <= i2:
            if line < i2:
                return min(j1 + line - i1, j2) if kind == "equal" else j2
            added = codes[position + 1] if position + 1 < len(codes) else None
            return added[4] if added and added[0] == "insert" else j2
    return 0
