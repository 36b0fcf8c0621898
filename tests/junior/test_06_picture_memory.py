"""What the largest pictures that are taken cost: measured in the very process that decodes them."""

import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from clients.avatars import child, drawing
from clients.avatars.uploads import AVATAR_MAX_BYTES
from tests.junior.test_06_hostile_pictures import PNG, chunk

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows measures memory in another way"),
    pytest.mark.beyond("hostile"),
]

# A process in between: the kernel counts what a process was before it became the decoder, and pytest is large.
MEASURE = """
import resource, subprocess, sys
ended = subprocess.run([sys.executable, "-m", sys.argv[1]], stdin=sys.stdin, stdout=subprocess.DEVNULL)
print(ended.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
# The upload twice while it is read, and the few rows that are converted at full size.
UPLOAD_AND_BANDS = 3 * AVATAR_MAX_BYTES
SIDE = 5000
COLOUR_TYPES = {
    "grey": (0, 1),
    "colours": (2, 3),
    "a palette": (3, 1),
    "grey with opacity": (4, 2),
    "colours with opacity": (6, 4),
}
TURNED = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"  # EXIF: lies on its side


def png(colour_type: int, samples: int, *, depth: int = 8, filling: int = 0) -> bytes:
    """25 million pixels of one colour, lying on their side, and as many bytes behind them as an upload may have."""
    row = bytes(1 + SIDE * samples * depth // 8)
    header = SIDE.to_bytes(4) * 2 + bytes([depth, colour_type, 0, 0, 0])
    palette = chunk(b"PLTE", bytes(3)) + chunk(b"tRNS", bytes(1)) if colour_type == 3 else b""
    pixels = chunk(b"IDAT", zlib.compress(row * SIDE, 1))
    whole = PNG + chunk(b"IHDR", header) + palette + chunk(b"eXIf", TURNED) + pixels + chunk(b"IEND", b"")
    return whole + bytes(filling - len(whole) if filling else 0)


def encoded(kind: str, size: tuple[int, int], mode: str = "RGB", **options) -> bytes:
    target = BytesIO()
    exif = {} if kind == "GIF" else {"exif": b"Exif\0\0" + TURNED}
    Image.new(mode, size, 0).save(target, kind, **exif, **options)
    return target.getvalue()


LARGEST = {
    **{f"a PNG in {name}": lambda kind=kind: png(*kind) for name, kind in COLOUR_TYPES.items()},
    "a PNG with 16 bits a sample": lambda: png(6, 4, depth=16),
    "a PNG of 5 MB": lambda: png(6, 4, filling=AVATAR_MAX_BYTES),
    "a JPEG": lambda: encoded("JPEG", (SIDE, SIDE)),
    "a JPEG that is too narrow for a draft": lambda: encoded("JPEG", (1000, 25_000)),
    "a progressive JPEG": lambda: encoded("JPEG", (SIDE, SIDE), progressive=True),
    "a progressive JPEG with sharp colours": lambda: encoded(
        "JPEG", (4000, 3000), progressive=True, subsampling=0
    ),
    "a GIF": lambda: encoded("GIF", (SIDE, SIDE), "P", transparency=0),
    "a WebP": lambda: encoded("WEBP", (2500, 2500), "RGBA", method=0),
    "a lossless WebP": lambda: encoded("WEBP", (2500, 2500), "RGBA", lossless=True, method=0),
}


def peak(content: bytes) -> int:
    """The memory in bytes that the decoder had at most; it must have taken the picture."""
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, child.__name__],
        input=content,
        capture_output=True,
        check=True,
        cwd=settings.BASE_DIR,
    )
    status, memory = map(int, measured.stdout.split())
    assert status == 0, "the picture was refused"
    return memory * UNIT


@pytest.fixture(scope="module")
def idle() -> int:
    """Python and Pillow, with next to no picture."""
    return peak(encoded("PNG", (1, 1)))


@pytest.mark.parametrize("make", LARGEST.values(), ids=LARGEST)
def test_the_largest_picture_costs_four_bytes_a_pixel_and_little_more(make, idle):
    assert peak(make()) - idle < drawing.MAX_DECODING + UPLOAD_AND_BANDS
