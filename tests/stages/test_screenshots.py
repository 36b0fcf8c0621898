"""Every milestone that can be seen has its pictures, and they are small enough to be cloned by everybody."""

from pathlib import Path

import pytest
from PIL import Image

from stages.catalog import ROOT, catalog
from stages.screenshots import FOLDER, pair_of

WITH_A_PAGE = [milestone for milestone in catalog() if milestone.page]
MOST_BYTES = 80_000
MOST_BYTES_OF_THE_TOUR = 1_500_000
AGAIN = "take it by: make screenshots"


@pytest.mark.parametrize("milestone", WITH_A_PAGE, ids=str)
def test_a_milestone_with_a_page_has_a_picture_off_and_on(milestone):
    assert len(pair_of(milestone)) == 2, f"a screenshot of {milestone} is missing; {AGAIN}"


def test_every_switched_milestone_has_a_page_or_nothing_to_see():
    unseen = [step.slug for step in catalog().switchable if not step.page and not step.planned]
    assert unseen == ["class-based-views", "api-permissions", "list-cache"]


@pytest.mark.parametrize("name", ["dashboard", "stages"])
def test_the_main_pages_are_there_in_light_and_dark(name):
    for file in (FOLDER / f"{name}.png", FOLDER / f"{name}-dark.png"):
        assert file.exists(), f"{file.name} is missing; {AGAIN}"


def test_no_picture_is_left_over_or_large():
    names = {f"{milestone.number:02d}-{milestone.slug}" for milestone in WITH_A_PAGE} | {
        "dashboard",
        "stages",
    }
    for file in FOLDER.glob("*.png"):
        assert belongs_to(file, names), f"{file.name} belongs to no milestone with a page"
        assert file.stat().st_size < MOST_BYTES, f"{file.name} is too large"


def belongs_to(file: Path, names: set[str]) -> bool:
    return any(
        file.stem in {name, f"{name}-off", f"{name}-on", f"{name}-on-dark", f"{name}-dark"} for name in names
    )


def test_the_tour_moves_and_is_small():
    path = FOLDER / "tour.webp"
    with Image.open(path) as tour:
        assert tour.n_frames > 10
    assert path.stat().st_size < MOST_BYTES_OF_THE_TOUR


def test_the_readme_shows_it():
    assert (FOLDER / "tour.webp").relative_to(ROOT).as_posix() in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )
