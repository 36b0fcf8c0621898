"""Milestone 6, beyond: how a picture is drawn and shown."""

import pytest
from django.core.files.base import ContentFile
from model_bakery import baker
from PIL import Image

from clients.avatars import uploads as avatars
from clients.fields import AvatarFormField
from clients.models import Client
from tests.avatars import add_ada, cleaned, encoded, files_in, picture, upload
from tests.fixtures import form_data, page

RED, BLUE = (220, 30, 30), (30, 30, 220)


def left_red_right_blue(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def is_close(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(one - two) < 20 for one, two in zip(colour[:3], other, strict=True))


@pytest.fixture
def client_with_avatar(milestones) -> Client:
    client = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    client.avatar = avatars.clean_avatar(ContentFile(picture(), name="me.png"))
    client.save()
    return client


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


# --- What is served ---------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_a_served_picture_is_kept_by_browsers_and_never_taken_for_a_page(learner_client, client_with_avatar):
    response = learner_client.get(client_with_avatar.avatar.url)
    response.close()

    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


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


@pytest.mark.beyond("comfort")
def test_a_bad_upload_leaves_the_present_picture_alone(learner_client, client_with_avatar, media_root):
    address = f"/clients/{client_with_avatar.pk}/edit/"
    sent = form_data(learner_client.get(address), avatar=upload(b"text"))
    sent.pop("avatar-clear", None)
    learner_client.post(address, sent)

    assert files_in(media_root) == [client_with_avatar.avatar.name]
    assert Client.objects.get().avatar == client_with_avatar.avatar


@pytest.mark.beyond("comfort")
def test_the_form_field_asks_the_browser_for_pictures_only():
    assert AvatarFormField().widget.attrs["accept"] == "image/jpeg,image/png,image/webp,image/gif"


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


@pytest.mark.beyond("comfort")
def test_deleting_many_takes_all_their_pictures_along(
    client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        Client.objects.all().delete()

    assert files_in(media_root) == []


@pytest.mark.beyond("comfort")
def test_a_save_of_other_fields_keeps_the_stored_picture(
    client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    client = Client.objects.get()
    client.avatar = avatars.clean_avatar(ContentFile(picture(), name="me.png"))
    with django_capture_on_commit_callbacks(execute=True):
        client.save(update_fields=["name"])

    assert files_in(media_root) == [client_with_avatar.avatar.name]
