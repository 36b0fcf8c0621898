"""Milestone 6: pictures of clients, the first thing the CRM takes from a stranger as a file."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from model_bakery import baker
from PIL import Image

from clients.avatars import uploads as avatars
from clients.models import Client
from tests.avatars import ADD, ADMIN_ADD, add_ada, files_in, picture, upload
from tests.fixtures import assert_saved, form_data, page
from tests.sentences import answer, listed


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
