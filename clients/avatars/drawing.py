"""An uploaded picture drawn again: what the process of `child.py` does.

Pillow and no Django, so that it starts quickly.

Memory is the reason for most of what is odd here: at 25 million pixels every copy of the whole picture costs 100 MB.
So nothing but the decoded picture exists at full size; it is shrunk in bands, then turned, then encoded.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, PngImagePlugin

MAX_PIXELS: Final = 25_000_000
# Pillow keeps a pointer for each row, so a picture of one pixel by 25 million would cost far more than its pixels.
MAX_EDGE: Final = 65_535
# What decoding may take, the interpreter's own 20 MB aside: four bytes a pixel.
MAX_DECODING: Final = 4 * MAX_PIXELS
# Each scan of a JPEG goes over the whole picture again. Ten are usual; nothing but an attack has thousands.
MAX_SCANS: Final = 100
START_OF_SCAN: Final = b"\xff\xda"
# Bytes a pixel: a WebP is decoded on two canvases and handed over as a third, each with four bytes.
WEBP_BUFFERS: Final = 12

SIDE: Final = 512
BAND: Final = 16
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")

# A PNG's compressed text counts against memory too, and nobody reads it.
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024


class RefusedPictureError(Exception):
    """Why a picture is not taken: the code of a message, and the values that go into it."""

    def __init__(self, code: str, **details: float | str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def drawn_anew(content: bytes) -> bytes:
    """The picture as a square WebP of at most SIDE × SIDE pixels.

    Raises RefusedPictureError; see `avatars.MESSAGES`.
    """
    refuse_scans(content)
    picture = opened(content)
    try:
        refuse_size(picture)
        return encoded(square(picture))
    except RefusedPictureError:
        raise
    except MemoryError as error:
        raise RefusedPictureError("too_demanding") from error
    except Exception as error:
        # What a broken stream raises depends on the decoder and on where it is broken.
        raise RefusedPictureError("damaged") from error


# --- Before a pixel is decoded ----------------------------------------------------------------------------------------
def refuse_scans(content: bytes) -> None:
    """Counts a few too many, such as those of a thumbnail; that does no harm with a bound so far from what is usual."""
    if content.startswith(b"\xff\xd8") and content.count(START_OF_SCAN) > MAX_SCANS:
        raise RefusedPictureError("too_demanding")


def opened(content: bytes) -> Image.Image:
    """The picture with only its header read. Raises RefusedPictureError when it is none of FORMATS."""
    try:
        return Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusedPictureError("too_many_pixels", millions=MAX_PIXELS / 1e6) from error
    except MemoryError as error:
        raise RefusedPictureError("too_demanding") from error
    except Exception as error:
        # Decoders raise whatever a crafted header makes them stumble over; each of them means the same to the user.
        raise RefusedPictureError(reason(content)) from error


def reason(content: bytes) -> str:
    """Why Pillow could not open it: the code of the message that helps most."""
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or content[8:12] == b"WEBP":
        return "damaged"
    return "svg" if b"<svg" in content[:4096].lower() else "not_a_picture"


def refuse_size(picture: Image.Image) -> None:
    """Raises RefusedPictureError for more pixels than anybody needs.

    And for fewer that cost too much in this format.
    """
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise RefusedPictureError("too_many_pixels", millions=MAX_PIXELS / 1e6)
    if max(picture.size) > MAX_EDGE:
        raise RefusedPictureError("too_long", edge=MAX_EDGE)
    kind, buffers = buffers_beside(picture)
    picture.draft(None, (2 * SIDE, 2 * SIDE))  # JPEG only: decodes at a fraction of the size
    if buffers + 4 * picture.width * picture.height > MAX_DECODING:
        enough = pixels * MAX_DECODING / (buffers + 4 * pixels)  # of the same shape, taken for certain
        raise RefusedPictureError("too_many_for_kind", kind=kind, millions=enough // 1e6)


def buffers_beside(picture: Image.Image) -> tuple[str, float]:
    """How this kind of picture is called, and the bytes that its decoder holds besides the picture itself."""
    pixels = picture.width * picture.height
    if picture.format == "WEBP":
        return "WebP", WEBP_BUFFERS * pixels
    if (
        "progressive" in picture.info
    ):  # every coefficient waits in two bytes until the last scan has been read
        return "progressive JPEG", 2 * samples_a_pixel(picture) * pixels
    return str(picture.format), 0


def samples_a_pixel(jpeg: Image.Image) -> float:
    """1 for grey, 1.5 for the usual colours at a quarter of the sharpness, 3 for full ones, 4 for CMYK."""
    factors = [(across, down) for _, across, down, _ in getattr(jpeg, "layer", [])]
    whole = max(across for across, _ in factors) * max(down for _, down in factors)
    return sum(across * down for across, down in factors) / whole


# --- Drawing ----------------------------------------------------------------------------------------------------------
def square(picture: Image.Image) -> Image.Image:
    """The middle of the first frame, upright and shrunk, without anything but its pixels."""
    small = shrunk(picture)
    picture.close()  # gives its memory back
    # The orientation is among what was copied from the picture. The middle is the middle whichever way it is turned.
    ImageOps.exif_transpose(small, in_place=True)
    side = min(SIDE, small.width)
    result = small.resize((side, side), Image.Resampling.LANCZOS)
    result.info = {}  # the encoder would take the colour profile from here
    return result.convert("RGBA") if result.mode == "RGBa" else result


def shrunk(picture: Image.Image) -> Image.Image:
    """The middle square at one to four times SIDE, made band by band: only a band is ever converted at full size."""
    picture.load()
    mode = "RGBa" if picture.has_transparency_data else "RGB"
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    factor = max(1, side // (2 * SIDE))
    small = Image.new(mode, (-(-side // factor),) * 2)
    small.info = picture.info
    for row in range(0, side, BAND * factor):
        height = min(BAND * factor, side - row)
        band = picture.crop((left, top + row, left + side, top + row + height))
        small.paste(plain(band, mode).reduce(factor), (0, row // factor))
    return small


def plain(band: Image.Image, mode: str) -> Image.Image:
    """In RGB, or in RGBa where anything is transparent: premultiplied, so that invisible colours do not bleed."""
    if band.mode.startswith("I"):  # 16 bits of grey; Pillow would turn all but the darkest 255 shades white
        band = band.point(lambda shade: shade / 256).convert("L")
    return band.convert("RGBA").convert("RGBa") if mode == "RGBa" else band.convert("RGB")


def encoded(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, format="WEBP", quality=82, method=4)
    return target.getvalue()
