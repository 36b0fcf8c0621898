"""Milestone 6: pictures of clients, the first thing the CRM takes from a stranger as a file."""

import re
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from hypothesis import given, settings
from hypothesis import strategies as st
from model_bakery import baker
from PIL import Image

from clients.avatars import drawing
from clients.avatars import uploads as avatars
from clients.fields import AvatarFormField
from clients.models import Client
from tests.fixtures import assert_gone, assert_saved, assert_sent_to_login, field_errors, form_data, page
from tests.sentences import answer, listed

ADD, ADMIN_ADD = "/clients/add/", "/admin/clients/client/add/"
STORED_NAME = re.compile(r"avatars/[0-9a-f]{32}\.webp")
RED, BLUE = (220, 30, 30), (30, 30, 220)
NO_ORDERS = {"orders-TOTAL_FORMS": 0, "orders-INITIAL_FORMS": 0}


# --- Pictures, good and bad -------------------------------------------------------------------------------------------
def picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 40), mode: str = "RGB", **options) -> bytes:
    """Noise, so that it compresses badly and a cut is sure to hurt."""
    return encoded(Image.effect_noise(size, 80).convert(mode), kind, **options)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def left_red_right_blue(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


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


# --- Sending and looking ----------------------------------------------------------------------------------------------
def upload(content: bytes | None = None, name: str = "me.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content, kind)


def add_ada(browser: Browser, **fields):
    return browser.post(ADD, {"name": "Ada Lovelace", "email": "ada@mail.com", **fields})


def cleaned(content: bytes) -> Image.Image:
    """As `clean_avatar` does it, without the process around: the tests of what a picture becomes are many."""
    return Image.open(BytesIO(drawing.drawn_anew(content)))


def refusal_of(content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        avatars.clean_avatar(ContentFile(content, name="me.png"))
    return caught.value


def is_close(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(one - two) < 20 for one, two in zip(colour[:3], other, strict=True))


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def client_with_avatar(milestones) -> Client:
    client = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    client.avatar = avatars.clean_avatar(ContentFile(picture(), name="me.png"))
    client.save()
    return client


# --- The check of the course ------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_an_upload_is_stored_with_the_client(learner_client, media_root):
    assert_saved(add_ada(learner_client, avatar=upload()))

    name, files = Client.objects.get().avatar.name, files_in(media_root)
    assert name.startswith("avatars/"), f"The client's avatar is {name!r}; a file in avatars/ was expected."
    assert files == [name], f"MEDIA_ROOT holds {listed(files, 'nothing')}; {name} was expected."


@pytest.mark.required
@pytest.mark.contrast
def test_the_stored_picture_is_served_from_media(learner_client):
    add_ada(learner_client, avatar=upload(picture("JPEG", size=(900, 700))))
    client = Client.objects.get()
    assert client.avatar, "A client was added with a picture, and none is stored with it."

    assert client.avatar.url == f"/media/{client.avatar.name}", (
        f"The picture's address is {client.avatar.url}; /media/{client.avatar.name} was expected."
    )
    response = learner_client.get(client.avatar.url)
    kind, content = response.headers.get("Content-Type", ""), response.getvalue()
    response.close()
    assert (response.status_code, kind.partition("/")[0]) == (200, "image"), (
        f"{answer(response)} with {kind or 'nothing'}; the picture was expected."
    )
    Image.open(BytesIO(content)).verify()


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_the_stored_picture_is_one_of_our_own_making(learner_client):
    add_ada(learner_client, avatar=upload(picture("JPEG", size=(900, 700))))
    avatar = Client.objects.get().avatar
    assert STORED_NAME.fullmatch(avatar.name or "")
    response = learner_client.get(avatar.url)

    assert response["Content-Type"] == "image/webp"
    assert Image.open(BytesIO(response.getvalue())).size == (512, 512)


@pytest.mark.required
@pytest.mark.contrast
def test_the_list_shows_the_avatar(learner_client, client_with_avatar):
    row = page(learner_client.get("/clients/")).select_one("#client-list tbody tr")

    shown, url = [image["src"] for image in row.select("img")], client_with_avatar.avatar.url
    assert url in shown, f"The client's row shows {listed(shown, 'no picture')}; {url} was expected."


@pytest.mark.required
@pytest.mark.contrast
def test_the_list_shows_something_else_where_there_is_no_avatar(learner_client):
    """A picture for everybody or an element of class “avatar…”, such as initials."""
    baker.make(Client, name="Ada Lovelace")
    row = page(learner_client.get("/clients/")).select_one("#client-list tbody tr")

    fallback = row.select('img, span[class*="avatar"]')
    assert fallback, (
        "The row of a client without a picture shows nothing in its place; a fallback was expected."
    )
    assert all(image.get("src") for image in row.select("img")), (
        "The row of a client without a picture has an <img> without a src; a fallback was expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_list_shows_initials_where_there_is_no_avatar(learner_client):
    baker.make(Client, name="Ada Lovelace")
    row = page(learner_client.get("/clients/")).select_one("#client-list tbody tr")

    assert [fallback.get_text(strip=True) for fallback in row.select(".avatar")] == ["AL"]
    assert row.select("img") == []


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "name, initials",
    [
        ("Ada", "A"),
        ("ada lovelace", "AL"),
        ("Ada King Countess Lovelace", "AL"),
        ("Анна Каренина", "АК"),
        ("王芳", "王"),
        ("محمد علي", "مع"),
        ("   ", "?"),
        ("<b>", "<"),
    ],
)
def test_initials_are_the_first_and_the_last_word_s(milestones, name, initials):
    assert Client(name=name).initials == initials


@pytest.mark.beyond("comfort")
def test_a_client_needs_no_avatar(learner_client):
    assert add_ada(learner_client).status_code == 302
    assert Client.objects.get().avatar.name == ""


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_client_s_own_page_shows_the_avatar(learner_client, client_with_avatar):
    main = page(learner_client.get(f"/clients/{client_with_avatar.pk}/")).main

    assert [image["src"] for image in main.select("img")] == [client_with_avatar.avatar.url]


@pytest.mark.required
@pytest.mark.contrast
def test_the_form_has_a_file_field_and_can_carry_it(learner_client):
    form = page(learner_client.get(ADD)).select_one('main form[method="post"]')

    enctype, fields = form.get("enctype"), form.select('input[name="avatar"][type="file"]')
    assert enctype == "multipart/form-data", (
        f"The form of {ADD} has the enctype {enctype!r}; multipart/form-data was expected, or no file is sent."
    )
    assert len(fields) == 1, (
        f"The form of {ADD} has {len(fields)} file inputs called avatar; one was expected."
    )


# --- What is served ---------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_a_served_picture_is_kept_by_browsers_and_never_taken_for_a_page(learner_client, client_with_avatar):
    response = learner_client.get(client_with_avatar.avatar.url)
    response.close()

    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


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


# --- Drawn anew -------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "kind, mode",
    [
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("PNG", "LA"),
        ("PNG", "I;16"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
    ],
)
def test_every_kind_of_picture_becomes_a_webp(kind, mode):
    result = cleaned(picture(kind, mode=mode))

    assert (result.format, result.size) == ("WEBP", (40, 40))


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "size, expected",
    [((1600, 1200), (512, 512)), ((513, 2000), (512, 512)), ((300, 200), (200, 200)), ((1, 4000), (1, 1))],
)
def test_a_picture_is_cut_to_a_square_and_never_blown_up(size, expected):
    assert cleaned(encoded(Image.new("RGB", size), "PNG")).size == expected


@pytest.mark.beyond("comfort")
def test_a_picture_at_the_limit_of_pixels_is_taken():
    assert cleaned(encoded(Image.new("1", (5000, 5000)), "PNG")).size == (512, 512)


@pytest.mark.beyond("comfort")
def test_the_middle_is_kept():
    image = Image.new("RGB", (300, 100), BLUE)
    image.paste(RED, (100, 0, 200, 100))
    result = cleaned(encoded(image, "PNG"))

    assert all(is_close(result.getpixel(spot), RED) for spot in [(10, 50), (50, 50), (90, 50)])


@pytest.mark.beyond("comfort")
def test_a_photograph_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn it clockwise to look at it
    result = cleaned(encoded(left_red_right_blue(200, 100), "JPEG", exif=exif))

    assert is_close(result.getpixel((50, 10)), RED)
    assert is_close(result.getpixel((50, 90)), BLUE)


@pytest.mark.beyond("comfort")
def test_transparency_is_kept():
    result = cleaned(encoded(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))

    assert (result.mode, result.getpixel((5, 5))[3]) == ("RGBA", 0)


@pytest.mark.beyond("comfort")
def test_an_animation_is_stored_as_its_first_frame():
    red, blue = Image.new("RGB", (30, 30), RED), Image.new("RGB", (30, 30), BLUE)
    result = cleaned(encoded(red, "GIF", save_all=True, append_images=[blue, blue], duration=100))

    assert is_close(result.convert("RGB").getpixel((15, 15)), RED)
    assert getattr(result, "n_frames", 1) == 1


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

    with pytest.raises(drawing.Refused) as refusal:
        drawing.drawn_anew(png_claiming(6000, 6000))
    assert refusal.value.code == "too_many_pixels"


@pytest.mark.beyond("comfort")
def test_a_bad_upload_leaves_the_present_picture_alone(learner_client, client_with_avatar, media_root):
    address = f"/clients/{client_with_avatar.pk}/edit/"
    sent = form_data(learner_client.get(address), avatar=upload(b"text"))
    sent.pop("avatar-clear", None)
    learner_client.post(address, sent)

    assert files_in(media_root) == [client_with_avatar.avatar.name]
    assert Client.objects.get().avatar == client_with_avatar.avatar


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
    except drawing.Refused as refusal:
        outcome = refusal.code
    else:
        outcome = result.format

    assert outcome in {"WEBP", *avatars.MESSAGES}


@pytest.mark.beyond("comfort")
def test_the_form_field_asks_the_browser_for_pictures_only():
    assert AvatarFormField().widget.attrs["accept"] == "image/jpeg,image/png,image/webp,image/gif"


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


# --- No orphans -------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("scale")
@pytest.mark.contrast
def test_a_replaced_picture_is_deleted(
    learner_client, client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    address = f"/clients/{client_with_avatar.pk}/edit/"
    sent = form_data(learner_client.get(address))
    sent.pop("avatar-clear", None)
    with django_capture_on_commit_callbacks(execute=True):
        learner_client.post(address, {**sent, "avatar": upload()})

    new = Client.objects.get().avatar.name
    assert new != client_with_avatar.avatar.name
    assert files_in(media_root) == [new]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_removed_picture_is_deleted(
    learner_client, client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    address = f"/clients/{client_with_avatar.pk}/edit/"
    with django_capture_on_commit_callbacks(execute=True):
        learner_client.post(address, form_data(learner_client.get(address), **{"avatar-clear": "on"}))

    assert Client.objects.get().avatar.name == ""
    assert files_in(media_root) == []


@pytest.mark.beyond("comfort")
def test_saving_without_a_new_picture_keeps_the_old_one(
    learner_client, client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    address = f"/clients/{client_with_avatar.pk}/edit/"
    sent = form_data(learner_client.get(address), name="Ada King")
    sent.pop("avatar-clear", None)
    with django_capture_on_commit_callbacks(execute=True):
        learner_client.post(address, sent)

    client = Client.objects.get()
    assert (client.name, client.avatar.name) == ("Ada King", client_with_avatar.avatar.name)
    assert files_in(media_root) == [client.avatar.name]


@pytest.mark.beyond("scale")
def test_a_deleted_client_takes_its_picture_along(
    learner_client, client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        learner_client.post(f"/clients/{client_with_avatar.pk}/edit/delete/")

    assert files_in(media_root) == []


@pytest.mark.beyond("comfort")
def test_deleting_many_takes_all_their_pictures_along(
    client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        Client.objects.all().delete()

    assert files_in(media_root) == []


@pytest.mark.beyond("outages")
@pytest.mark.parametrize(
    "delete", [lambda client: client.delete(), lambda client: Client.objects.all().delete()]
)
def test_a_deletion_that_is_rolled_back_keeps_the_picture(
    client_with_avatar, media_root, django_capture_on_commit_callbacks, delete
):
    name = client_with_avatar.avatar.name
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        delete(client_with_avatar)
        transaction.set_rollback(True)

    assert Client.objects.count() == 1
    assert files_in(media_root) == [name]


@pytest.mark.beyond("comfort")
def test_a_save_of_other_fields_keeps_the_stored_picture(
    client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    client = Client.objects.get()
    client.avatar = avatars.clean_avatar(ContentFile(picture(), name="me.png"))
    with django_capture_on_commit_callbacks(execute=True):
        client.save(update_fields=["name"])

    assert files_in(media_root) == [client_with_avatar.avatar.name]


@pytest.mark.beyond("races")
def test_a_picture_that_somebody_else_has_stored_meanwhile_is_deleted_when_it_is_replaced(
    client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    ours, theirs = Client.objects.get(), Client.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        for client in (theirs, ours):
            client.refresh_from_db()
            client.avatar = avatars.clean_avatar(ContentFile(picture(), name="me.png"))
            client.save()

    assert files_in(media_root) == [ours.avatar.name]


@pytest.mark.beyond("outages")
def test_a_save_that_fails_leaves_no_file_behind(client_with_avatar, media_root):
    """As when two people add the same e-mail at the same moment, past the form's own look."""
    double = Client(
        name="Ada", email="ada@mail.com", avatar=avatars.clean_avatar(ContentFile(picture(), name="me.png"))
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save()

    assert files_in(media_root) == [client_with_avatar.avatar.name]


@pytest.mark.beyond("outages")
def test_a_save_that_fails_keeps_the_picture_that_was_there(client_with_avatar, media_root):
    baker.make(Client, email="taken@mail.com")
    client_with_avatar.email = "taken@mail.com"
    with pytest.raises(IntegrityError), transaction.atomic():
        client_with_avatar.save()

    assert files_in(media_root) == [client_with_avatar.avatar.name]


@pytest.mark.beyond("outages")
def test_a_file_that_cannot_be_deleted_is_logged_and_the_next_one_goes(media_root, monkeypatch, caplog):
    for name in ("avatars/locked.webp", "avatars/free.webp"):
        default_storage.save(name, ContentFile(b"x"))
    delete = default_storage.delete

    def refuse_the_locked(name: str) -> None:
        if "locked" in name:
            raise PermissionError(name)
        delete(name)

    monkeypatch.setattr(default_storage, "delete", refuse_the_locked)
    avatars.delete_files(["avatars/locked.webp", "avatars/free.webp"])

    assert files_in(media_root) == ["avatars/locked.webp"]
    assert "The avatar file avatars/locked.webp could not be deleted." in caplog.text


# --- Strangers, and the other side of the flag ------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
def test_a_stranger_uploads_nothing(guest, milestones, media_root):
    milestones.on("login-required")

    assert_sent_to_login(add_ada(guest, avatar=upload()), back_to=ADD)
    assert files_in(media_root) == []


@pytest.mark.switch
def test_off_the_form_has_no_field_and_an_upload_is_left_aside(learner_client, milestones, media_root):
    milestones.off("avatars")
    assert page(learner_client.get(ADD)).select('input[name="avatar"]') == []

    assert add_ada(learner_client, avatar=upload()).status_code == 302
    assert Client.objects.get().avatar.name == ""
    assert files_in(media_root) == []


@pytest.mark.switch
def test_off_the_admin_has_no_field(admin_client, milestones):
    milestones.off("avatars")

    assert page(admin_client.get(ADMIN_ADD)).select('[name="avatar"]') == []


@pytest.mark.switch
def test_off_and_on_again_loses_no_picture(learner_client, client_with_avatar, milestones, media_root):
    address = f"/clients/{client_with_avatar.pk}/edit/"
    milestones.off("avatars")
    assert page(learner_client.get("/clients/")).select("#client-list img, #client-list .avatar") == []
    learner_client.post(address, form_data(learner_client.get(address), name="Ada King"))
    milestones.on("avatars")

    row = page(learner_client.get("/clients/")).select_one("#client-list tbody tr")
    assert [image["src"] for image in row.select("img")] == [client_with_avatar.avatar.url]
    assert files_in(media_root) == [client_with_avatar.avatar.name]
