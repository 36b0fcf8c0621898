"""Milestone 6: what happens to an uploaded picture, and to the file when nobody needs it any more."""

import logging
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps

logger = logging.getLogger(__name__)

AVATAR_MAX_BYTES: Final = 5 * 1024 * 1024
# Four bytes a pixel while decoding: at most 100 MB for one upload.
AVATAR_MAX_PIXELS: Final = 25_000_000
AVATAR_SIDE: Final = 512
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
MEDIA_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")
UNGUESSABLE: Final = re.compile(r"[0-9a-f]{32}")

MESSAGES: Final = {
    "too_many_bytes": "This file has {megabytes:.1f} MB, and 5 MB is the most. Please choose a smaller picture.",
    "too_many_pixels": "This picture has too many pixels: 25 million is the most. Please shrink it first.",
    "svg": "An SVG drawing cannot be used here. Please choose a JPEG, PNG, WebP or GIF picture.",
    "not_a_picture": "This file is not a picture we can read. Please choose a JPEG, PNG, WebP or GIF picture.",
    "damaged": "This picture is damaged or incomplete. Please upload it again, or choose another one.",
}


def clean_avatar(upload: File) -> ContentFile:
    """The uploaded picture drawn anew: a square WebP of at most 512 × 512 pixels, named `<32 hex digits>.webp`.

    Takes JPEG, PNG, WebP and GIF, told apart by content and never by name; of an animation the first frame.
    Nothing of the upload survives but its visible pixels, turned upright as its EXIF orientation says: no metadata,
    no colour profile, no name. The longer side is cropped around the middle, and a small picture is not blown up.

    The limits are asked before any pixel is decoded. Raises ValidationError with one of these codes:
    `too_many_bytes` (over AVATAR_MAX_BYTES), `too_many_pixels` (the header promises more than AVATAR_MAX_PIXELS),
    `svg`, `not_a_picture` (no picture in one of the four formats) and `damaged` (begins like one, cannot be decoded).
    """
    if (upload.size or 0) > AVATAR_MAX_BYTES:
        raise refused("too_many_bytes", megabytes=upload.size / 1024 / 1024)
    upload.seek(0)
    picture = drawn_anew(opened(upload.read()))
    return ContentFile(encoded(picture), name=unguessable_name(".webp"))


def refused(code: str, **details: float) -> ValidationError:
    return ValidationError(MESSAGES[code].format(**details), code=code)


def opened(content: bytes) -> Image.Image:
    """The picture with only its header read, once its size is known to be bearable."""
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise refused("too_many_pixels") from error
    except Exception as error:
        # Decoders raise whatever a crafted header makes them stumble over; each of them means the same to the user.
        raise refused(reason(content)) from error
    if picture.width * picture.height > AVATAR_MAX_PIXELS:
        raise refused("too_many_pixels")
    return picture


def reason(content: bytes) -> str:
    """Why Pillow could not open it: the code of the message that helps most."""
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or content[8:12] == b"WEBP":
        return "damaged"
    return "svg" if b"<svg" in content[:4096].lower() else "not_a_picture"


def drawn_anew(picture: Image.Image) -> Image.Image:
    """The first frame, upright, cropped to a square and shrunk, without anything but its pixels."""
    try:
        picture.draft(
            "RGB", (2 * AVATAR_SIDE, 2 * AVATAR_SIDE)
        )  # JPEG only: decodes at a fraction of the cost
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except Exception as error:
        # As in opened(): what a broken stream raises depends on where it is broken.
        raise refused("damaged") from error
    side = min(AVATAR_SIDE, plain.width, plain.height)
    square = ImageOps.fit(plain, (side, side), Image.Resampling.LANCZOS)
    square.info = {}  # the encoder would take the colour profile from here
    return square


def encoded(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, format="WEBP", quality=82, method=4)
    return target.getvalue()


def unguessable_name(suffix: str) -> str:
    return f"{secrets.token_hex(16)}{suffix}"


def is_unguessable(stem: str) -> bool:
    return UNGUESSABLE.fullmatch(stem) is not None


def discard(names: Iterable[str]) -> None:
    """Delete these stored files once the transaction around is committed, and not at all if it is rolled back.

    A file that cannot be deleted is logged; it never breaks the write that has already happened.
    """
    wanted = sorted({name for name in names if name})
    if wanted:
        transaction.on_commit(partial(delete_files, wanted), robust=True)


def delete_files(names: Iterable[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:  # whatever the storage raises: the next file has its turn all the same
            logger.exception("The avatar file %s could not be deleted.", name)


@contextmanager
def undone_on_error(avatar: FieldFile) -> Iterator[None]:
    """Around a save: a file that the save stored is deleted again when the save fails, as a duplicate e-mail makes it.

    The database forgets a failed write by itself, the storage does not.
    """
    before = avatar.name
    try:
        yield
    except BaseException:
        if avatar.name and avatar.name != before:  # storing turns "x.webp" into "avatars/x.webp"
            delete_files([avatar.name])
        raise
