"""Milestone 6: files that other code stores through the field itself leave no orphan either."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from model_bakery import baker

from clients.models import Client

pytestmark = pytest.mark.beyond("scale")


@pytest.mark.parametrize(
    "reload", [lambda client: Client.objects.get(), lambda client: client.refresh_from_db() or client]
)
def test_a_file_saved_over_another_one_replaces_it(
    milestones, media_root: Path, django_capture_on_commit_callbacks, reload
):
    client = baker.make(Client)
    client.avatar.save("first.webp", ContentFile(b"first"))
    client = reload(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.avatar.save("second.webp", ContentFile(b"second"))

    assert [path.read_bytes() for path in media_root.rglob("*.webp")] == [b"second"]
