"""What is transparent in an upload is transparent in what is shown, however the picture says so."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.avatars import drawing
from clients.models import Client

SIZE = (40, 40)
INSIDE, OUTSIDE = (20, 20), (2, 2)
RED = (220, 30, 30)


def palette() -> Image.Image:
    """A red square on a ground whose colour is a nasty green that nobody is to see."""
    image = Image.new("P", SIZE, 0)
    image.putpalette([0, 255, 0, *RED, 0, 0, 255])
    image.paste(1, (10, 10, 30, 30))
    return image


def two_shades(mode: str, ground: object, figure: object) -> Image.Image:
    image = Image.new(mode, SIZE, ground)
    image.paste(figure, (10, 10, 30, 30))
    return image


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


PICTURES = {
    "a palette with one transparent colour": (palette(), "PNG", {"transparency": 0}),
    "a palette with an opacity for each colour": (palette(), "PNG", {"transparency": b"\x00\xff"}),
    "a GIF with a transparent colour": (palette(), "GIF", {"transparency": 0}),
    "grey with opacity": (two_shades("LA", (255, 0), (99, 255)), "PNG", {}),
    "grey with one transparent shade": (two_shades("L", 255, 99), "PNG", {"transparency": 255}),
    "colours with one transparent colour": (
        two_shades("RGB", (0, 255, 0), RED),
        "PNG",
        {"transparency": (0, 255, 0)},
    ),
    "black and white with white transparent": (two_shades("1", 1, 0), "PNG", {"transparency": 1}),
    "colours with opacity": (two_shades("RGBA", (0, 255, 0, 0), (*RED, 255)), "PNG", {}),
    "a WebP": (two_shades("RGBA", (0, 255, 0, 0), (*RED, 255)), "WEBP", {"lossless": True}),
}


def opacity(image: Image.Image) -> list[int]:
    """Of the ground and of the figure, from 0 to 255."""
    whole = image.convert("RGBA")
    return [whole.getpixel(spot)[3] for spot in (OUTSIDE, INSIDE)]


@pytest.mark.required
@pytest.mark.contrast
def test_a_transparent_palette_picture_is_shown_transparent(learner_client):
    upload = SimpleUploadedFile("logo.png", encoded(palette(), "PNG", transparency=0), "image/png")
    learner_client.post("/clients/add/", {"name": "Ada", "email": "ada@mail.com", "avatar": upload})
    client = Client.objects.get()
    assert client.avatar, "the upload was not stored"

    shown = Image.open(BytesIO(learner_client.get(client.avatar.url).getvalue()))
    assert opacity(shown) == [0, 255], "a square on a transparent ground: opacity outside and inside"


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("image, kind, options", PICTURES.values(), ids=PICTURES)
def test_transparency_is_kept_however_the_picture_says_it(image, kind, options):
    shown = Image.open(BytesIO(drawing.drawn_anew(encoded(image, kind, **options))))

    assert opacity(shown) == [0, 255]


@pytest.mark.beyond("comfort")
def test_half_transparent_stays_half_transparent():
    image = palette()
    shown = Image.open(BytesIO(drawing.drawn_anew(encoded(image, "PNG", transparency=b"\x40\xff"))))

    assert abs(opacity(shown)[0] - 0x40) <= 2


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("side", [40, 1500, 4000])
def test_the_colour_of_what_is_invisible_does_not_bleed_into_the_rest(side):
    """As it does where a picture is shrunk before its colours are multiplied by their opacity."""
    image = Image.new("RGBA", (side, side), (0, 255, 0, 0))
    image.paste((*RED, 255), (side // 4, side // 4, 3 * side // 4, 3 * side // 4))
    shown = Image.open(BytesIO(drawing.drawn_anew(encoded(image, "PNG"))))

    seen = [colour for count, colour in shown.getcolors(2**20) if colour[3] > 128]
    assert seen
    assert max(green for red, green, blue, opacity in seen) < 90


@pytest.mark.beyond("comfort")
def test_a_picture_without_transparency_has_none():
    shown = Image.open(BytesIO(drawing.drawn_anew(encoded(palette(), "PNG"))))

    assert shown.mode == "RGB"


@pytest.mark.beyond("comfort")
def test_sixteen_bits_of_grey_keep_their_shades():
    """Pillow's own conversion makes everything white but the darkest 255 of 65,536 shades."""
    shown = Image.open(BytesIO(drawing.drawn_anew(encoded(Image.new("I;16", SIZE, 0x6300), "PNG"))))

    assert all(abs(value - 0x63) < 4 for value in shown.convert("RGB").getpixel(INSIDE))
