"""Milestone 6, beyond: no upload is believed."""

import re
import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import given, settings
from hypothesis import strategies as st
from model_bakery import baker
from PIL import Image

from clients.avatars import drawing
from clients.avatars import uploads as avatars
from clients.models import Client
from tests.avatars import ADD, ADMIN_ADD, add_ada, cleaned, files_in, picture, upload
from tests.fixtures import assert_gone, assert_sent_to_login, field_errors, form_data, page

STORED_NAME = re.compile(r"avatars/[0-9a-f]{32}\.webp")


NO_ORDERS = {"orders-TOTAL_FORMS": 0, "orders-INITIAL_FORMS": 0}


def png_claiming(width: int, height: int) -> bytes:
    """A few hundred bytes whose header promises that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + chunk(b"IEND", b"")
    )


SVG = b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


BAD = {
    "a renamed text file": (b"not a picture at all", "not a picture we can read"),
    "a renamed page": (b"<html><script>alert(1)</script>", "not a picture we can read"),
    "an SVG": (SVG, "SVG drawing cannot be used"),
    "an SVG called svg.png": (b"\xef\xbb\xbf" + SVG.upper(), "SVG drawing cannot be used"),
    "a PNG that ends too soon": (picture()[:2000], "damaged or incomplete"),
    "a JPEG that ends too soon": (picture("JPEG")[:700], "damaged or incomplete"),
    "a GIF that ends too soon": (picture("GIF", mode="L")[:900], "damaged or incomplete"),
    "a PNG of which only the header is left": (picture()[:40], "damaged or incomplete"),
    "a WebP that ends too soon": (picture("WEBP")[:300], "damaged or incomplete"),
    "a BMP": (picture("BMP"), "not a picture we can read"),
    "a TIFF": (picture("TIFF"), "not a picture we can read"),
    "an EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture we can read"),
    "a bomb of 30,000 by 30,000 pixels": (png_claiming(30_000, 30_000), "too many pixels"),
    "a smaller bomb that only warns": (png_claiming(10_000, 10_000), "too many pixels"),
    "one column too many": (png_claiming(5001, 5000), "too many pixels"),
    "50 MB": (b"\0" * 50 * 1024 * 1024, "has 50.0 MB, and 5 MB is the most"),
    "nothing": (b"", "empty"),
}


def refusal_of(content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        avatars.clean_avatar(ContentFile(content, name="me.png"))
    return caught.value


@pytest.fixture
def client_with_avatar(milestones) -> Client:
    client = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    client.avatar = avatars.clean_avatar(ContentFile(picture(), name="me.png"))
    client.save()
    return client


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_the_stored_picture_is_one_of_our_own_making(learner_client):
    add_ada(learner_client, avatar=upload(picture("JPEG", size=(900, 700))))
    avatar = Client.objects.get().avatar
    assert STORED_NAME.fullmatch(avatar.name or "")
    response = learner_client.get(avatar.url)

    assert response["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(response.getvalue())).size == (512, 512)


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "address",
    [
        "/media/reports/2026-10.csv",
        "/media/avatars/../reports/2026-10.csv",
        "/media/avatars/..%2Freports%2F2026-10.csv",
        "/media/avatars/%2e%2e/reports/2026-10.csv",
        "/media/avatars/",
        "/media/avatars/gone.webp",
        "/media/",
    ],
)
def test_nothing_but_avatars_is_served_to_a_stranger(guest, media_root, address):
    default_storage.save("reports/2026-10.csv", ContentFile(b"secret"))

    assert_gone(guest.get(address))


@pytest.mark.beyond("hostile")
def test_files_are_only_read(learner_client, client_with_avatar):
    assert learner_client.post(client_with_avatar.avatar.url).status_code == 405


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_is_gone(kind):
    exif = Image.Exif()
    exif[0x010F] = "SECRET camera"
    exif.get_ifd(0x8825)[1] = "N"  # where the picture was taken
    options = {"exif": exif, "icc_profile": b"SECRET profile" * 20, "xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>"}
    source = picture(kind, **options)
    assert b"SECRET" in source
    result = avatars.clean_avatar(ContentFile(source, name="SECRET.png")).read()

    assert b"SECRET" not in result
    assert not {"exif", "icc_profile", "xmp"} & set(Image.open(BytesIO(result)).info)
    assert dict(Image.open(BytesIO(result)).getexif()) == {}


@pytest.mark.beyond("hostile")
def test_what_hides_behind_the_picture_is_gone():
    result = avatars.clean_avatar(ContentFile(picture() + b"<?php SECRET <script>", name="me.png")).read()

    assert b"SECRET" not in result


# --- Names ------------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize(
    "name",
    [
        "me.png",
        "../../evil.py",
        "portrait.svg",
        "bild.PHP",
        "x" * 300 + ".png",
        "анна.png",
        "a\\b.png",
        ".htaccess",
        "👩.gif",
    ],
)
def test_nothing_of_the_uploaded_name_is_kept(learner_client, media_root, name):
    add_ada(learner_client, avatar=upload(name=name, kind="text/html"))

    assert [bool(STORED_NAME.fullmatch(file)) for file in files_in(media_root)] == [True]


@pytest.mark.beyond("hostile")
def test_the_same_picture_never_gets_the_same_name():
    names = {avatars.clean_avatar(ContentFile(picture(), name="me.png")).name for _ in range(3)}

    assert len(names) == 3


@pytest.mark.beyond("hostile")
def test_a_file_that_other_code_stores_gets_an_unguessable_name_too(milestones, media_root):
    client = baker.make(Client)
    client.avatar.save("portrait.PNG", ContentFile(picture()))

    assert re.fullmatch(r"avatars/[0-9a-f]{32}\.png", client.avatar.name)


# --- Bad uploads: a clear message, nothing lost -----------------------------------------------------------------------
@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("content, message", BAD.values(), ids=BAD)
def test_a_bad_upload_is_refused_in_plain_words(learner_client, media_root, content, message):
    response = add_ada(learner_client, avatar=upload(content), phone="+49 30 1")

    assert message in field_errors(response, "avatar")
    assert form_data(response)["phone"] == "+49 30 1", "what was typed in is still there"
    assert not Client.objects.exists()
    assert files_in(media_root) == []


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "content, code",
    [
        (b"\0" * (avatars.AVATAR_MAX_BYTES + 1), "too_many_bytes"),
        (b"\0" * avatars.AVATAR_MAX_BYTES, "not_a_picture"),
        (png_claiming(30_000, 30_000), "too_many_pixels"),
        (png_claiming(5000, 5000), "damaged"),
        (SVG, "svg"),
        (b"text", "not_a_picture"),
        (picture()[:2000], "damaged"),
    ],
)
def test_each_refusal_has_its_code(content, code):
    assert refusal_of(content).code == code


@pytest.mark.beyond("hostile")
def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("a pixel was decoded"))

    with pytest.raises(drawing.RefusedPictureError) as refusal:
        drawing.drawn_anew(png_claiming(6000, 6000))
    assert refusal.value.code == "too_many_pixels"


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_an_edit_that_is_refused_shows_the_stored_picture(learner_client, client_with_avatar):
    """Not the address of the new one, which was never stored."""
    address = f"/clients/{client_with_avatar.pk}/edit/"
    sent = form_data(learner_client.get(address), avatar=upload(), name="")
    sent.pop("avatar-clear", None)
    main = page(learner_client.post(address, sent)).main

    assert [image["src"] for image in main.select("img")] == [client_with_avatar.avatar.url]


@pytest.mark.beyond("hostile")
@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=12
    ),
)
def test_no_damage_leads_to_anything_but_a_picture_or_a_refusal(kind, changes):
    content = bytearray(picture(kind, mode="L" if kind == "GIF" else "RGB"))
    for place, value in changes:
        content[int(place * len(content))] = value
    try:
        result = cleaned(bytes(content))
    except drawing.RefusedPictureError as refusal:
        outcome = refusal.code
    else:
        outcome = result.format

    assert outcome in {"WEBP", *avatars.MESSAGES}


# --- The admin --------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_an_upload_in_the_admin_is_drawn_anew_too(admin_client, media_root):
    sent = {"name": "Ada", "email": "ada@mail.com", **NO_ORDERS}
    admin_client.post(ADMIN_ADD, {**sent, "avatar": upload(picture("JPEG", size=(900, 700)), "me.exe")})

    client = Client.objects.get()
    assert STORED_NAME.fullmatch(client.avatar.name)
    with client.avatar.open() as file:
        assert (Image.open(file).format, Image.open(file).size) == ("WEBP", (512, 512))


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_a_bad_upload_in_the_admin_is_refused(admin_client, media_root):
    sent = {"name": "Ada", "email": "ada@mail.com", **NO_ORDERS}
    response = admin_client.post(ADMIN_ADD, {**sent, "avatar": upload(SVG, "me.svg", "image/svg+xml")})

    assert "SVG drawing cannot be used" in page(response).select_one(".field-avatar .errorlist").get_text()
    assert (Client.objects.count(), files_in(media_root)) == (0, [])


# --- Strangers, and the other side of the flag ------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
def test_a_stranger_uploads_nothing(guest, milestones, media_root):
    milestones.on("login-required")

    assert_sent_to_login(add_ada(guest, avatar=upload()), back_to=ADD)
    assert files_in(media_root) == []
