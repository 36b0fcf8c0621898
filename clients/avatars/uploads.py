"""Milestone 6: what happens to an uploaded picture, and to the file when nobody needs it any more."""

import re
import secrets
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File

from clients.avatars.apart import drawn_apart
from clients.avatars.drawing import RefusedPictureError

AVATAR_MAX_BYTES: Final = 5 * 1024 * 1024
MEGABYTE: Final = 1024 * 1024
MEDIA_TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif")
UNGUESSABLE: Final = re.compile(r"[0-9a-f]{32}")

MESSAGES: Final = {
    "too_many_bytes": "This file has {megabytes:.1f} MB, and {most:.0f} MB is the most. "
    "Please choose a smaller picture.",
    "too_many_pixels": "This picture has too many pixels: {millions:.0f} million is the most. Please shrink it first.",
    "too_many_for_kind": "A {kind} picture of this size takes too much memory to open. "
    "Please shrink it to {millions:.0f} million pixels, or save it as a plain JPEG.",
    "too_long": "An edge of this picture has more than {edge:,} pixels. Please shrink or crop it first.",
    "too_demanding": "This picture takes too long to open, or too much memory. "
    "Please save it as a plain JPEG or PNG, and upload that.",
    "busy": "Many pictures are being uploaded just now, and yours had to wait too long. "
    "Please choose it again and save once more.",
    "svg": "An SVG drawing cannot be used here. Please choose a JPEG, PNG, WebP or GIF picture.",
    "not_a_picture": "This file is not a picture we can read. Please choose a JPEG, PNG, WebP or GIF picture.",
    "damaged": "This picture is damaged or incomplete. Please upload it again, or choose another one.",
}


def clean_avatar(upload: File) -> ContentFile:
    """The uploaded picture drawn again: a square WebP of at most 512 × 512 pixels, named `<32 hex digits>.webp`.

    Takes JPEG, PNG, WebP and GIF, told apart by content and never by name; of an animation the first frame.
    Nothing of the upload survives but its visible pixels, turned upright as its EXIF orientation says: no metadata,
    no colour profile, no name. The longer side is cropped around the middle, and a small picture is not blown up.

    The limits are asked before any pixel is decoded, and decoding has a process of its own with bounded time and
    memory (`clients/avatars/`). Raises ValidationError with one of the codes of MESSAGES.
    """
    if (upload.size or 0) > AVATAR_MAX_BYTES:
        raise refused("too_many_bytes", megabytes=upload.size / MEGABYTE, most=AVATAR_MAX_BYTES / MEGABYTE)
    try:
        picture = drawn_apart(upload)
    except RefusedPictureError as refusal:
        raise refused(refusal.code, **refusal.details) from refusal
    return ContentFile(picture, name=unguessable_name(".webp"))


def refused(code: str, **details: float | str) -> ValidationError:
    return ValidationError(MESSAGES[code].format(**details), code=code)


def unguessable_name(suffix: str) -> str:
    return f"{secrets.token_hex(16)}{suffix}"


def is_unguessable(stem: str) -> bool:
    return UNGUESSABLE.fullmatch(stem) is not None
