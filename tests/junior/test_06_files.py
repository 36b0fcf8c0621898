"""Milestone 6, beyond: the files of pictures come and go with their rows."""

import errno
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from model_bakery import baker

from clients.avatars import files
from clients.avatars import uploads as avatars
from clients.forms import NOT_STORED
from clients.models import Client
from tests.avatars import add_ada, files_in, picture, upload
from tests.fixtures import form_data, page


@pytest.fixture
def client_with_avatar(milestones) -> Client:
    client = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    client.avatar = avatars.clean_avatar(ContentFile(picture(), name="me.png"))
    client.save()
    return client


# --- No room ----------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("outages")
@pytest.mark.parametrize("class_views", [True, False])
def test_a_picture_without_room_on_the_disk_loses_nothing_that_was_typed_in(
    learner_client, milestones, monkeypatch, caplog, class_views
):
    if not class_views:
        milestones.off("class-based-views")

    def no_room(name, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(default_storage, "_save", no_room)
    answer = add_ada(learner_client, avatar=upload())

    assert answer.context["form"].errors == {"avatar": [NOT_STORED]}
    assert page(answer).select_one('[name="email"]')["value"] == "ada@mail.com"
    assert not Client.objects.exists()
    assert "No space left" in caplog.text


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


@pytest.mark.beyond("scale")
def test_a_deleted_client_takes_its_picture_along(
    learner_client, client_with_avatar, media_root, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        learner_client.post(f"/clients/{client_with_avatar.pk}/edit/delete/")

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
    files.delete_files(["avatars/locked.webp", "avatars/free.webp"])

    assert files_in(media_root) == ["avatars/locked.webp"]
    assert "The avatar file avatars/locked.webp could not be deleted." in caplog.text
