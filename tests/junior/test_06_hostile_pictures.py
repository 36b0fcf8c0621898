"""Pictures that are made to hurt: each is refused or bounded, and the form comes back with what was typed in."""

import struct
import subprocess
import sys
import zlib
from contextlib import ExitStack, suppress
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.avatars import apart, child, drawing
from clients.models import Client
from tests.fixtures import field_errors, form_data

pytestmark = pytest.mark.beyond("hostile")

ADD = "/clients/add/"
PNG = b"\x89PNG\r\n\x1a\n"
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")


# --- Pictures ---------------------------------------------------------------------------------------------------------
def encoded(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options) -> bytes:
    target = BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(target, kind, **options)
    return target.getvalue()


def jpeg_with_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    whole = encoded("JPEG", progressive=True)
    last = whole.rindex(drawing.START_OF_SCAN)
    begun = whole[:last].count(drawing.START_OF_SCAN)
    return whole[:last] + whole[last:-2] * (count - begun) + whole[-2:]


def jpeg_claiming(width: int, height: int, **options) -> bytes:
    """A progressive JPEG whose header promises this size."""
    whole = encoded("JPEG", progressive=True, **options)
    place = whole.index(b"\xff\xc2") + 5  # after the marker, the length and the depth
    return whole[:place] + struct.pack(">HH", height, width) + whole[place + 4 :]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(*chunks: bytes, size: tuple[int, int] = (40, 30)) -> bytes:
    """A grey PNG with these chunks between its header and its pixels."""
    width, height = size
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes((width + 1) * height)))
    return PNG + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def refusal_of(content: bytes) -> drawing.RefusedPictureError:
    with pytest.raises(drawing.RefusedPictureError) as caught:
        drawing.drawn_anew(content)
    return caught.value


def add_ada(browser, content: bytes | None = None):
    upload = SimpleUploadedFile("me.png", content or encoded("PNG"), "image/png")
    return browser.post(ADD, {"name": "Ada", "email": "ada@mail.com", "phone": "+49 30 1", "avatar": upload})


def assert_asked_again(response, why: str) -> None:
    """The form is back with the reason, and with what was typed in."""
    assert why in field_errors(response, "avatar")
    sent = form_data(response)
    assert (sent["name"], sent["email"], sent["phone"]) == ("Ada", "ada@mail.com", "+49 30 1")
    assert not Client.objects.exists()


# --- Refused before decoding ------------------------------------------------------------------------------------------
@pytest.mark.contrast
def test_a_jpeg_with_thousands_of_scans_is_refused(learner_client):
    assert_asked_again(add_ada(learner_client, jpeg_with_scans(4808)), "takes too long to open")


def test_scans_are_counted_before_the_picture_is_opened(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *args, **options: pytest.fail("it was opened"))

    assert refusal_of(jpeg_with_scans(drawing.MAX_SCANS + 1)).code == "too_demanding"


def test_an_ordinary_progressive_jpeg_is_taken():
    assert drawing.drawn_anew(jpeg_with_scans(10))[8:12] == b"WEBP"
    assert drawing.drawn_anew(jpeg_with_scans(drawing.MAX_SCANS))[8:12] == b"WEBP"


@pytest.mark.parametrize("options", [{"subsampling": 2}, {"mode": "L"}])
def test_an_ordinary_progressive_jpeg_may_have_all_the_pixels(options):
    picture = drawing.opened(jpeg_claiming(5000, 5000, **options))
    drawing.refuse_size(picture)
    assert picture.format == "JPEG"


@pytest.mark.parametrize(
    "options, millions", [({"subsampling": 1}, 12), ({"subsampling": 0}, 10), ({"mode": "CMYK"}, 8)]
)
def test_a_progressive_jpeg_with_sharp_colours_is_told_what_is_small_enough(options, millions):
    """All its coefficients are held until the last scan: 100, 150 and 200 MB at 25 million pixels."""
    refusal = refusal_of(jpeg_claiming(5000, 5000, **options))
    assert (refusal.code, refusal.details) == (
        "too_many_for_kind",
        {"kind": "progressive JPEG", "millions": millions},
    )
    drawing.refuse_size(drawing.opened(jpeg_claiming(1000, millions * 1000, **options)))


def test_a_webp_may_have_a_quarter_of_the_pixels(learner_client):
    """Pillow holds a WebP four times over while it decodes it."""
    drawing.refuse_size(drawing.opened(encoded("WEBP", (2500, 2500), method=0)))

    response = add_ada(learner_client, encoded("WEBP", (2501, 2500), method=0))
    assert_asked_again(response, "Please shrink it to 6 million pixels, or save it as a plain JPEG.")


@pytest.mark.parametrize("size", [(65_536, 1), (1, 65_536)])
def test_an_endless_edge_is_refused(size):
    assert refusal_of(png_with(size=size)).code == "too_long"


@pytest.mark.parametrize(
    "bomb",
    [
        chunk(b"zTXt", b"Title\0\0" + zlib.compress(bytes(50_000_000))),
        chunk(b"iTXt", b"Title\0\1\0\0\0" + zlib.compress(bytes(50_000_000))),
        chunk(b"zTXt", b"Title\0\0" + zlib.compress(bytes(1_000_000))) * 60,
        chunk(b"iTXt", b"Title\0\1\0\0\0" + zlib.compress("🖼".encode() * 200_000)) * 60,
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(50_000_000))),
    ],
    ids=["text", "Unicode text", "many texts", "many Unicode texts", "colour profile"],
)
def test_what_is_packed_beside_the_pixels_is_never_unpacked_without_end(bomb, monkeypatch):
    unpacked = 0
    real = zlib.decompressobj

    class Counting:
        def __init__(self):
            self.real = real()

        def decompress(self, data, most):
            nonlocal unpacked
            result = self.real.decompress(data, most)
            unpacked += len(result)
            return result

        def __getattr__(self, name):
            return getattr(self.real, name)

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    with suppress(drawing.RefusedPictureError):
        drawing.drawn_anew(png_with(bomb))

    assert unpacked < 20 * 1024 * 1024


# --- Bounded whatever it does -----------------------------------------------------------------------------------------
def child_that(does: str) -> subprocess.CompletedProcess[bytes]:
    """The process as it is, but for what it does with the picture."""
    script = f"""
import os, sys
from clients.avatars import child, drawing
def square(picture):
    {does}
drawing.square = square
child.CPU_SECONDS = 1
sys.exit(child.main())
"""
    command = [sys.executable, "-c", script]
    return subprocess.run(
        command, input=encoded("PNG"), capture_output=True, check=False, cwd=settings.BASE_DIR, timeout=30
    )


@posix_only
@pytest.mark.parametrize(
    "does", ["while True: pass", "bytearray(child.MEMORY)", "os.abort()"], ids=["time", "memory", "crash"]
)
def test_a_decoder_that_runs_away_is_ended_and_the_picture_refused(does):
    with pytest.raises(drawing.RefusedPictureError) as refusal:
        apart.answer_of(child_that(does))

    assert refusal.value.code == "too_demanding"


@posix_only
def test_the_limits_leave_room_for_what_is_promised():
    assert 3 <= child.CPU_SECONDS < apart.SECONDS
    assert child.MEMORY > drawing.MAX_DECODING + 20 * 1024 * 1024


def test_where_no_kernel_ends_it_the_clock_does(learner_client, monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 0.001)

    assert_asked_again(add_ada(learner_client), "takes too long to open")


def test_a_decoder_that_cannot_even_start_is_our_fault_and_not_the_picture_s(monkeypatch, caplog):
    ended = subprocess.CompletedProcess(
        [], apart.UNCAUGHT, b"", b"ModuleNotFoundError: No module named 'PIL'"
    )
    with pytest.raises(subprocess.CalledProcessError):
        apart.answer_of(ended)

    assert "No module named 'PIL'" in caplog.text


def test_the_decoder_starts_without_django():
    """Or every upload would wait for it, and hold its memory."""
    script = "import sys, clients.avatars.child; print('django' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=False, cwd=settings.BASE_DIR, text=True
    )

    assert found.stdout == "False\n"


# --- At once ----------------------------------------------------------------------------------------------------------
@pytest.mark.contrast
def test_a_picture_that_waits_too_long_is_asked_for_again(learner_client, monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    with apart.turn():
        assert_asked_again(add_ada(learner_client), "Many pictures are being uploaded just now")

    assert add_ada(learner_client).status_code == 302, "the turn is given back"


def test_no_more_than_a_few_wait_so_that_the_pages_keep_their_threads(learner_client):
    with ExitStack() as others:
        for _ in range(3):
            others.enter_context(apart.drawing_or_waiting)
        assert_asked_again(add_ada(learner_client), "Many pictures are being uploaded just now")


def test_a_refused_picture_gives_its_turn_back(learner_client):
    for _ in range(4):
        assert_asked_again(add_ada(learner_client, PNG), "damaged or incomplete")

    assert add_ada(learner_client).status_code == 302


def test_a_process_of_the_server_decodes_one_picture_at_a_time():
    """What several may take at once is more than its container has: see tests/services/test_memory_of_web.py."""
    with apart.turn():
        assert not apart.drawing_now.acquire(blocking=False)
