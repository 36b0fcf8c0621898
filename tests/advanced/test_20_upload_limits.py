"""Milestone 20: the form, the proxy, its page and the lesson name one and the same limit for an upload."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.avatars import drawing
from clients.avatars.uploads import AVATAR_MAX_BYTES, clean_avatar

pytestmark = pytest.mark.beyond("comfort")

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024
MEGABYTES = AVATAR_MAX_BYTES // MIB
MILLIONS = drawing.MAX_PIXELS // 1_000_000


def text_of(path: str) -> str:
    return " ".join((ROOT / path).read_text(encoding="utf-8").split())


def megabytes_named(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"(\d+) Mi?B", text)]


def test_the_form_names_the_limit():
    with pytest.raises(ValidationError) as refusal:
        clean_avatar(SimpleUploadedFile("me.png", bytes(AVATAR_MAX_BYTES + 1)))

    assert f"and {MEGABYTES} MB is the most" in refusal.value.message


def test_the_page_of_the_proxy_names_the_limit():
    assert megabytes_named(text_of("deploy/proxy/pages/too-large.html")) == [MEGABYTES]


def test_the_proxy_lets_through_the_largest_picture_with_its_form_and_says_so():
    nginx = text_of("deploy/proxy/nginx.conf")
    (allowed,) = re.findall(r"client_max_body_size (\d+)m;", nginx)

    assert int(allowed) == MEGABYTES + 1
    assert f"AVATAR_MAX_BYTES of clients/avatars/uploads.py ({MEGABYTES} MiB)" in nginx


def test_the_lesson_names_both_limits():
    lesson = text_of("docs/milestones/06-avatars.md")

    assert f"more than {MEGABYTES} MB is refused" in lesson
    assert f"more than {MILLIONS} million is refused" in lesson
