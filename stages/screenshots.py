"""The pictures of a milestone off and on: `docs/screenshots/NN-slug-off.png` and `-on.png`, served as static files."""

import struct
from dataclasses import dataclass

from stages.catalog import ROOT, Milestone

FOLDER = ROOT / "docs" / "screenshots"
PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Screenshot:
    """`static` is its name for the template tag; the size lets the page keep the room free."""

    title: str
    static: str
    width: int
    height: int


def pair_of(milestone: Milestone) -> list[Screenshot]:
    """Off, then on; nothing where one of them is missing."""
    found = [_screenshot(milestone, state) for state in ("off", "on")]
    return [shot for shot in found if shot] if all(found) else []


def _screenshot(milestone: Milestone, state: str) -> Screenshot | None:
    """None where there is no such picture, or it is no PNG."""
    file = FOLDER / f"{milestone.number:02d}-{milestone.slug}-{state}.png"
    try:
        with file.open("rb") as picture:
            head = picture.read(24)
    except OSError:
        return None
    if len(head) < 24 or not head.startswith(PNG):
        return None
    width, height = struct.unpack(">II", head[16:24])
    return Screenshot(state, f"screenshots/{file.name}", width, height)
