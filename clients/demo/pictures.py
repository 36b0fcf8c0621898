"""Avatars for some demo clients: simple faces, drawn, so that no real person's picture has to be shipped."""

from collections.abc import Iterable
from io import BytesIO
from random import Random
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

# The newest clients are what the list shows first: every third of the newest 120 has a picture.
NEWEST: Final = 120
EVERY: Final = 3
SIDE: Final = 256
# Drawn three times as large and shrunk, which smooths the edges.
CANVAS: Final = 3 * SIDE
BACKGROUNDS: Final = ("#cfe3f5", "#f6d9c4", "#d8ecd0", "#e6d9f2", "#f8e7b8", "#c9e8e4", "#f4cfd6", "#dcdfe6")
SKINS: Final = ("#f7d7bf", "#eebf9b", "#d9a074", "#b97a4e", "#8a5632", "#5e3a22")
HAIRS: Final = ("#2b1d16", "#4a2f20", "#7a4a25", "#b8803a", "#d9b36a", "#8d8d92", "#a63d25", "#1b1b24")
CLOTHES: Final = ("#2f5d8a", "#8a3b4a", "#3d7a5a", "#6b4c8a", "#c2702e", "#37474f", "#b03a6b", "#1f6f78")


def picture_names(clients: int, seed: int) -> dict[int, str]:
    """The stored name of each avatar, by the number of its client (0 is the oldest)."""
    chance = Random(f"pictures {seed}")
    numbers = range(clients - 1, max(-1, clients - 1 - NEWEST), -EVERY)
    return {number: f"avatars/{chance.getrandbits(128):032x}.webp" for number in numbers}


def missing(names: Iterable[str]) -> list[str]:
    """Those of the names that nothing is stored under."""
    return [name for name in names if not default_storage.exists(name)]


def store(names: Iterable[str]) -> None:
    for name in names:
        default_storage.save(name, ContentFile(drawn(name)))


def drawn(name: str) -> bytes:
    """A face as a WebP file; the same name always gives the same one."""
    chance = Random(name)
    image = Image.new("RGB", (CANVAS, CANVAS), chance.choice(BACKGROUNDS))
    face(ImageDraw.Draw(image), chance)
    target = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(target, "WEBP", quality=82)
    return target.getvalue()


def face(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    """Shoulders, neck, head, hair, eyes and a smile, from back to front."""
    skin, hair, cloth = chance.choice(SKINS), chance.choice(HAIRS), chance.choice(CLOTHES)
    wide, long_hair = chance.uniform(0.18, 0.21), chance.random() < 0.5
    if long_hair:
        pen.rounded_rectangle(box(0.5 - wide - 0.05, 0.2, 0.5 + wide + 0.05, 0.8), CANVAS // 6, fill=hair)
    pen.ellipse(box(0.12, 0.74, 0.88, 1.4), fill=cloth)
    pen.rounded_rectangle(box(0.42, 0.6, 0.58, 0.82), CANVAS // 16, fill=skin)
    pen.ellipse(box(0.5 - wide, 0.22, 0.5 + wide, 0.7), fill=skin)
    pen.chord(
        box(0.5 - wide - 0.03, 0.16, 0.5 + wide + 0.03, 0.62), 180 + chance.uniform(-8, 22), 360, fill=hair
    )
    for eye in (0.43, 0.57):
        pen.ellipse(box(eye - 0.018, 0.455, eye + 0.018, 0.491), fill="#2a2320")
    pen.arc(box(0.43, 0.5, 0.57, 0.6), 20, 160, fill="#7a3b34", width=CANVAS // 80)


def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    """Shares of the picture's side as pixels."""
    return left * CANVAS, top * CANVAS, right * CANVAS, bottom * CANVAS
