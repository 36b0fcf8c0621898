import pytest

from clients.models import Client


@pytest.mark.django_db
def test_a_client_is_saved():
    assert Client.objects.create(name="Ada", email="ada@mail.com").pk


@pytest.mark.django_db
def test_adding_redirects(client):
    assert client.post("/clients/add/", {"name": "Ada", "email": "ada@mail.com"}).status_code == 302
