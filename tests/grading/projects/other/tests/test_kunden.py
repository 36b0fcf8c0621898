import pytest

from clients.models import Client

pytestmark = pytest.mark.django_db


def test_kleinbuchstaben():
    assert Client.objects.create(name="Ada", email="ADA@MAIL.COM").email == "ada@mail.com"


def test_neu(admin_client):
    assert admin_client.post("/clients/add/", {"name": "Ada", "email": "ada@mail.com"}).status_code == 302


@pytest.mark.parametrize("path", ["/clients/", "/api/clients/", "/clients/export.csv"])
def test_seiten(admin_client, path):
    assert admin_client.get(path).status_code == 200
