"""The screenshots: each scene with its milestone off and on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.cache import cache
from django.db.models import Max

from clients.models import Client, MonthlyReport, Order
from stages.catalog import Milestone, catalog
from stages.switches import turn_off, turn_on
from tests.browser.camera import Camera, picture, save
from tests.browser.scenes import EXTRAS, SCENES, Scene

THEMES = ("light", "dark")


def milestones(camera: Camera, wanted: Sequence[str] = ()) -> dict[str, int]:
    """The size of each file, by its name. `wanted`: only these slugs."""
    sizes = {}
    for milestone in catalog():
        if milestone.slug in SCENES and (not wanted or milestone.slug in wanted):
            sizes |= pair(camera, milestone, SCENES[milestone.slug])
    return sizes


def unknown(wanted: Sequence[str]) -> list[str]:
    return [name for name in wanted if name not in {*SCENES, *EXTRAS, "tour"}]


def pair(camera: Camera, milestone: Milestone, scene: Scene) -> dict[str, int]:
    name = f"{milestone.number:02d}-{milestone.slug}"
    turn_off([milestone.slug])
    try:
        sizes = shot(camera, scene, f"{name}-off")
    finally:
        turn_on([milestone.slug])
    sizes |= shot(camera, scene, f"{name}-on")
    if scene.is_main:
        sizes |= shot(camera, scene, f"{name}-on-dark", theme="dark")
    return sizes


def extras(camera: Camera, wanted: Sequence[str] = ()) -> dict[str, int]:
    sizes = {}
    for name, scene in EXTRAS.items():
        for theme in THEMES if not wanted or name in wanted else ():
            sizes |= shot(camera, scene, name if theme == "light" else f"{name}-{theme}", theme=theme)
    return sizes


def shot(camera: Camera, scene: Scene, name: str, *, theme: str = "light") -> dict[str, int]:
    with nothing_left_behind():
        page = camera.page(scene.username, theme=theme, window=scene.window)
        scene.steps(page)
        size = save(picture(page), name)
        page.context.close()
    return {f"{name}.png": size}


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """What a scene adds is taken away, so that every scene begins with the same office."""
    newest = {model: model.objects.aggregate(pk=Max("pk"))["pk"] or 0 for model in (Order, Client)}
    cache.clear()
    yield
    for model, pk in newest.items():
        model.objects.filter(pk__gt=pk).delete()
    for report in MonthlyReport.objects.all():
        report.file.delete(save=False)
        report.delete()
