"""Milestone 1, beyond: what neither strangers nor many rows may do to the table and the admin."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from model_bakery import baker

from clients.models import Client
from tests.clients import ADD, LIST, admin_names
from tests.fixtures import form_data


@pytest.mark.beyond("scale")
def test_bulk_create_lower_cases_too(milestones):
    Client.objects.bulk_create([Client(name="A", email="A@MAIL.COM"), Client(name="B", email="b@Mail.Com")])

    assert set(Client.objects.values_list("email", flat=True)) == {"a@mail.com", "b@mail.com"}


@pytest.mark.beyond("scale")
def test_a_queryset_update_lower_cases_too(milestones):
    baker.make(Client)
    Client.objects.update(email="UPDATED@MAIL.COM")

    assert Client.objects.get().email == "updated@mail.com"


@pytest.mark.beyond("hostile")
def test_validation_refuses_the_same_address_in_another_case(milestones):
    baker.make(Client, email="ada@mail.com")

    with pytest.raises(ValidationError) as refused:
        Client(name="Second", email="Ada@Mail.com").full_clean()
    assert list(refused.value.message_dict) == ["email"]


@pytest.mark.beyond("hostile")
def test_the_database_refuses_capitals_that_bypass_the_field(milestones):
    client = baker.make(Client, email="ada@mail.com")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE clients_client SET email = 'ADA@mail.com' WHERE id = %s", [client.pk])
    client.refresh_from_db()
    assert client.email == "ada@mail.com"


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "address", ["no-at-sign", "two@@mail.com", "space in@mail.com", "@mail.com", "ada@", "a@b"]
)
def test_what_is_no_address_is_refused(milestones, address):
    with pytest.raises(ValidationError) as refused:
        Client(name="Ada", email=address).full_clean()
    assert list(refused.value.message_dict) == ["email"]


@pytest.mark.beyond("scale")
def test_the_admin_finds_nobody_for_thousands_of_words(admin_client):
    assert admin_client.get(LIST, {"q": "a " * 5_000}).status_code == 200


@pytest.mark.beyond("hostile")
def test_the_admin_refuses_an_empty_name(admin_client):
    response = admin_client.post(ADD, form_data(admin_client.get(ADD), name="", email="ada@mail.com"))

    assert list(response.context["adminform"].form.errors) == ["name"]
    assert not Client.objects.exists()


@pytest.mark.beyond("hostile")
def test_the_admin_shows_markup_in_a_name_as_text(admin_client):
    baker.make(Client, name="<b id=evil>Bold</b>")
    response = admin_client.get(LIST)

    assert not BeautifulSoup(response.content, "html.parser").select("#evil")
    assert admin_names(response) == ["<b id=evil>Bold</b>"]


@pytest.mark.beyond("hostile")
def test_a_learner_is_refused_by_the_admin(learner_client):
    response = learner_client.post(ADD, {"name": "Ada", "email": "ada@mail.com"})

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
    assert not Client.objects.exists()


@pytest.mark.beyond("hostile")
def test_staff_without_a_permission_is_refused_by_the_admin(manager_client):
    assert manager_client.get(LIST).status_code == 403
