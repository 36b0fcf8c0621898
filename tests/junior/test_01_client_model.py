"""Milestone 1: one trustworthy record per client, and the admin to look after it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from model_bakery import baker

from clients.models import Client
from tests.clients import ADD, LIST, admin_names
from tests.fixtures import form_data, page
from tests.sentences import answer, complaints, listed

NAMES = [
    "O'Brien & Søns",
    "Анна Каренина",
    "株式会社ミニ",
    "محمد علي",
    "דָּוִד",
    "👩‍🚀 Zoë 🚀",
    "<script>alert('x')</script>",
    "Robert'); DROP TABLE clients_client;--",
    "{{ 7 }} {% now 'Y' %}",
    "x" * 200,
]


# --- The model --------------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_an_address_in_capitals_is_stored_lower_case(milestones):
    client = Client.objects.create(name="Ada", email="ADA@Mail.COM")

    assert client.email == "ada@mail.com"
    client.refresh_from_db()
    assert client.email == "ada@mail.com"


@pytest.mark.beyond("comfort")
def test_saving_again_lower_cases_a_changed_address(milestones):
    client = baker.make(Client)
    client.email = "New.Address@Mail.Com"
    client.save()

    assert client.email == "new.address@mail.com"
    assert Client.objects.values_list("email", flat=True).get() == "new.address@mail.com"


@pytest.mark.beyond("comfort")
def test_get_or_create_finds_the_client_in_another_case(milestones):
    client = baker.make(Client, email="ada@mail.com")
    found, created = Client.objects.get_or_create(email="Ada@MAIL.com", defaults={"name": "Another"})

    assert (found, created) == (client, False)


@pytest.mark.beyond("comfort")
def test_looking_for_an_address_ignores_its_case(milestones):
    client = baker.make(Client, email="ada@mail.com")

    assert Client.objects.get(email="ADA@mail.COM") == client


@pytest.mark.beyond("comfort")
def test_an_international_domain_is_lower_cased_in_its_own_alphabet(milestones):
    assert Client.objects.create(name="Ä", email="Info@BÜCHER.DE").email == "info@bücher.de"
    assert Client.objects.create(name="М", email="INFO@МОСКВА.РФ").email == "info@москва.рф"


@pytest.mark.beyond("comfort")
def test_a_sharp_s_is_no_double_s(milestones):
    """Folding case further than to small letters would make another address of it."""
    assert Client.objects.create(name="S", email="Info@Straße.DE").email == "info@straße.de"


@pytest.mark.beyond("comfort")
def test_a_client_that_was_validated_has_its_address_in_lower_case(milestones):
    client = Client(name="Ada", email="ADA@mail.com")
    client.full_clean()

    assert client.email == "ada@mail.com"


@pytest.mark.required
def test_the_database_refuses_a_second_client_with_the_same_address(milestones):
    baker.make(Client, email="ada@mail.com")

    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.create(name="Second", email="ADA@MAIL.COM")
    assert Client.objects.count() == 1


@pytest.mark.required
def test_a_client_needs_a_name_and_an_address_but_no_phone(milestones):
    with pytest.raises(ValidationError) as refused:
        Client(name="", email="", phone="").full_clean()

    assert set(refused.value.message_dict) == {"name", "email"}


@pytest.mark.beyond("comfort")
def test_a_name_of_two_hundred_characters_fits_and_one_more_does_not(milestones):
    Client(name="x" * 200, email="a@mail.com").full_clean()

    with pytest.raises(ValidationError) as refused:
        Client(name="x" * 201, email="b@mail.com").full_clean()
    assert list(refused.value.message_dict) == ["name"]


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_exactly_as_it_is_written(milestones, name):
    client = baker.make(Client, name=name)
    client.refresh_from_db()

    assert client.name == name
    assert str(client) == name


@pytest.mark.beyond("comfort")
def test_the_phone_is_empty_and_vip_is_off_unless_given(milestones):
    client = Client.objects.create(name="Ada", email="ada@mail.com")

    assert client.phone == ""
    assert client.vip is False
    assert client.avatar.name in ("", None)


@pytest.mark.beyond("comfort")
def test_created_at_is_set_once_and_updated_at_each_time(milestones):
    with time_machine.travel(datetime(2024, 2, 29, 12, 0, tzinfo=UTC), tick=False):
        client = baker.make(Client)
    with time_machine.travel(datetime(2024, 3, 1, 12, 0, tzinfo=UTC), tick=False):
        client.save()
    client.refresh_from_db()

    assert client.created_at == datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
    assert client.updated_at == datetime(2024, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.beyond("comfort")
def test_clients_come_newest_first(milestones):
    for day, name in ((1, "old"), (3, "new"), (2, "middle")):
        with time_machine.travel(datetime(2024, 1, day, tzinfo=UTC), tick=False):
            baker.make(Client, name=name)

    assert [client.name for client in Client.objects.all()] == ["new", "middle", "old"]


# --- The admin --------------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_a_client_is_created_in_the_admin(admin_client):
    typed = {"name": "Ada Lovelace", "email": "ada@mail.com", "phone": "+44 20 7946 0000"}
    response = admin_client.post(ADD, form_data(admin_client.get(ADD), **typed))

    assert response.status_code == 302, (
        f"{answer(response)} {complaints(response)}; a client that is complete was expected to be saved."
    )
    stored = list(Client.objects.values("name", "email", "phone"))
    assert stored == [typed], (
        f"The admin was given {typed} and stored {stored}; just this client was expected."
    )


@pytest.fixture
def middle_new_and_old(milestones) -> None:
    for day, name in ((2, "middle"), (3, "new"), (1, "old")):
        with time_machine.travel(datetime(2024, 1, day, tzinfo=UTC), tick=False):
            baker.make(Client, name=name)


@pytest.mark.required
def test_the_admin_list_is_sorted_by_date(admin_client, middle_new_and_old):
    """In one direction or the other: the course does not say which."""
    names = admin_names(admin_client.get(LIST))
    assert names in (["new", "middle", "old"], ["old", "middle", "new"]), (
        f"The admin's list of three clients, made as middle, new and old, shows {listed(names)}; the order of their "
        "dates was expected."
    )


@pytest.mark.beyond("comfort")
def test_the_admin_list_begins_with_the_newest(admin_client, middle_new_and_old):
    assert admin_names(admin_client.get(LIST)) == ["new", "middle", "old"]


@pytest.mark.required
def test_the_admin_list_shows_name_address_and_date(admin_client):
    with time_machine.travel(datetime(2024, 2, 29, tzinfo=UTC), tick=False):
        baker.make(Client, name="Ada", email="ada@mail.com")
    row = page(admin_client.get(LIST)).select_one("#result_list tbody tr")

    assert row.select_one(".field-name").get_text() == "Ada"
    assert row.select_one(".field-email").get_text() == "ada@mail.com"
    assert "2024" in row.select_one(".field-created_at").get_text()


@pytest.mark.required
@pytest.mark.parametrize(
    "text, found", [("lovelace", ["Ada Lovelace"]), ("mail.org", ["Grace"]), ("nobody", [])]
)
def test_the_admin_searches_name_and_address(admin_client, text, found):
    baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    baker.make(Client, name="Grace", email="grace@mail.org")

    assert admin_names(admin_client.get(LIST, {"q": text})) == found


@pytest.mark.beyond("comfort")
def test_the_admin_lower_cases_the_address(admin_client):
    admin_client.post(ADD, form_data(admin_client.get(ADD), name="Ada", email="ADA@MAIL.COM"))

    assert Client.objects.get().email == "ada@mail.com"


@pytest.mark.beyond("comfort")
def test_the_admin_answers_a_duplicate_in_another_case_with_a_field_error(admin_client):
    baker.make(Client, email="ada@mail.com")
    response = admin_client.post(ADD, form_data(admin_client.get(ADD), name="Second", email="ADA@mail.com"))

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["email"]
    assert Client.objects.count() == 1


@pytest.mark.beyond("comfort")
def test_the_admin_says_when_a_client_was_added_and_saved(admin_client):
    with time_machine.travel(datetime(2024, 2, 29, 12, tzinfo=UTC), tick=False):
        client = baker.make(Client)
    shown = page(admin_client.get(f"{LIST}{client.pk}/change/"))

    for name in ("created_at", "updated_at"):
        assert "2024" in shown.select_one(f".field-{name} .readonly").get_text()


@pytest.mark.beyond("comfort")
def test_the_admin_deletes_a_client(admin_client):
    client = baker.make(Client)
    admin_client.post(f"{LIST}{client.pk}/delete/", {"post": "yes"})

    assert not Client.objects.exists()
