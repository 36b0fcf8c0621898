"""Pictures as the checks of milestone 6 make and upload them."""

from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from PIL import Image

from clients.avatars import drawing

ADD, ADMIN_ADD = "/clients/add/", "/admin/clients/client/add/"


# --- Pictures, good and bad -------------------------------------------------------------------------------------------
def picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 40), mode: str = "RGB", **options) -> bytes:
    """Noise, so that it compresses badly and a cut is sure to hurt."""
    return encoded(Image.effect_noise(size, 80).convert(mode), kind, **options)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


# --- Sending and looking ----------------------------------------------------------------------------------------------
def upload(content: bytes | None = None, name: str = "me.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content, kind)


def add_ada(browser: Browser, **fields):
    return browser.post(ADD, {"name": "Ada Lovelace", "email": "ada@mail.com", **fields})


def cleaned(content: bytes) -> Image.Image:
    """As `clean_avatar` does it, without the process around: the tests of what a picture becomes are many."""
    return Image.open(BytesIO(drawing.drawn_anew(content)))


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
