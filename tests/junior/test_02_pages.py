"""Milestone 2, beyond: what the pages do besides, for comfort."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from model_bakery import baker

from clients.models import Client
from tests.crud import ADA, pages_of
from tests.fixtures import (
    assert_gone,
    field_errors,
    form_data,
    listed_ids,
    page,
    text_of,
)

NAMES = [
    "O'Brien & Søns",
    "Анна Каренина",
    "株式会社ミニ",
    "محمد علي",
    "דָּוִד בֶּן־גּוּרְיוֹן",
    "👩‍🚀 Zoë 🚀",
    "<b id=evil>bold</b>",
    "<script id=evil>alert(1)</script>",
    '"><img id=evil src=x onerror=alert(1)>',
    "{{ settings.SECRET_KEY }} {% debug %}",
    "&lt;already escaped&gt;",
    "Robert'); DROP TABLE clients_client;--",
]


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, **ADA)


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_form_asks_for_name_address_and_phone(learner_client):
    form = page(learner_client.get("/clients/add/")).select_one('main form[method="post"]')

    assert {"name", "email", "phone"} <= {field["name"] for field in form.select("input[name]")}
    assert form.get("action", "") in ("", "/clients/add/")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_what_the_empty_form_holds_can_be_filled_in_and_sent(learner_client):
    sent = form_data(learner_client.get("/clients/add/"), **ADA)

    assert learner_client.post("/clients/add/", sent).status_code == 302
    assert Client.objects.get().name == "Ada Lovelace"


@pytest.mark.beyond("comfort")
def test_a_flash_message_is_shown_once(learner_client):
    learner_client.post("/clients/add/", ADA)

    assert text_of(learner_client.get("/clients/"), "#messages") == "Ada Lovelace was added."
    assert text_of(learner_client.get("/clients/"), "#messages") == ""


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("name", ["", "   ", "\t\n"])
def test_an_empty_name_comes_back_with_an_error_beside_it(learner_client, name):
    response = learner_client.post("/clients/add/", {**ADA, "name": name})

    assert field_errors(response, "name") == "This field is required."
    field = page(response).select_one(".field:has(input[name=name])")
    assert "This field is required." in field.get_text()
    assert not Client.objects.exists()


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("path", ["/clients/add/", "/clients/{pk}/edit/"])
def test_a_post_of_nothing_at_all_comes_back_with_the_errors(learner_client, ada, path):
    response = learner_client.post(path.format(pk=ada.pk), {})

    assert response.status_code == 200
    assert field_errors(response, "name") == "This field is required."


@pytest.mark.beyond("comfort")
def test_what_was_typed_comes_back_with_the_error(learner_client):
    response = learner_client.post("/clients/add/", {**ADA, "email": "nonsense"})

    assert field_errors(response, "email") == "Enter a valid email address."
    assert page(response).select_one("input[name=name]")["value"] == "Ada Lovelace"
    assert page(response).select_one("input[name=email]")["value"] == "nonsense"


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_and_shown_as_it_was_typed(learner_client, name):
    learner_client.post("/clients/add/", {**ADA, "name": name})
    client = Client.objects.get()
    assert client.name == name

    listed, detail, edit, delete = (
        page(learner_client.get(address))
        for address in ("/clients/", f"/clients/{client.pk}/", *pages_of(client)[3:])
    )
    assert listed.select_one("#client-list tbody a[href]").get_text() == name
    assert edit.select_one("input[name=name]")["value"] == name
    for shown in (detail, delete):
        assert name in shown.get_text()
    for shown in (listed, detail, edit, delete):
        assert not shown.select("#evil")


@pytest.mark.beyond("comfort")
def test_a_second_client_with_the_address_in_another_case_is_a_field_error(learner_client, ada):
    response = learner_client.post("/clients/add/", {**ADA, "email": "ADA@Mail.Com"})

    assert field_errors(response, "email") == "There is already a client with this e-mail address."
    assert Client.objects.count() == 1


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_list_begins_with_the_newest_client(learner_client):
    made = []
    for day in (2, 3, 1):
        with time_machine.travel(datetime(2024, 1, day, tzinfo=UTC), tick=False):
            made.append(baker.make(Client))
    second, third, first = made

    assert listed_ids(learner_client.get("/clients/")) == [third.pk, second.pk, first.pk]


@pytest.mark.beyond("comfort")
def test_the_list_shows_name_address_and_phone(learner_client, ada):
    row = text_of(learner_client.get("/clients/"), "#client-list tbody tr")

    assert all(value in row for value in ADA.values())


@pytest.mark.beyond("comfort")
def test_an_empty_list_says_how_to_begin(learner_client):
    response = learner_client.get("/clients/")

    assert listed_ids(response) == []
    assert page(response).select_one('main a[href="/clients/add/"]')


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_page_of_a_client_shows_what_is_known(learner_client, ada):
    shown = text_of(learner_client.get(f"/clients/{ada.pk}/"), "main")

    assert all(value in shown for value in ADA.values())


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_edit_form_holds_the_stored_values(learner_client, ada):
    sent = form_data(learner_client.get(f"/clients/{ada.pk}/edit/"))

    assert {field: sent[field] for field in ADA} == ADA


@pytest.mark.beyond("comfort")
def test_keeping_the_own_address_is_no_duplicate(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/"
    response = learner_client.post(address, form_data(learner_client.get(address), email="ADA@MAIL.COM"))

    assert response.status_code == 302
    ada.refresh_from_db()
    assert ada.email == "ada@mail.com"


@pytest.mark.beyond("comfort")
def test_taking_somebody_elses_address_is_a_field_error(learner_client, ada):
    baker.make(Client, email="grace@mail.com")
    address = f"/clients/{ada.pk}/edit/"
    response = learner_client.post(address, form_data(learner_client.get(address), email="Grace@mail.com"))

    assert field_errors(response, "email") == "There is already a client with this e-mail address."
    ada.refresh_from_db()
    assert ada.email == "ada@mail.com"


@pytest.mark.beyond("comfort")
def test_an_invalid_edit_changes_nothing(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/"
    response = learner_client.post(address, form_data(learner_client.get(address), name="", phone="0"))

    assert field_errors(response, "name") == "This field is required."
    ada.refresh_from_db()
    assert (ada.name, ada.phone) == (ADA["name"], ADA["phone"])


@pytest.mark.beyond("comfort")
def test_deleting_one_client_leaves_the_others(learner_client, ada):
    other = baker.make(Client)
    learner_client.post(f"/clients/{ada.pk}/edit/delete/")

    assert list(Client.objects.all()) == [other]


# --- Addresses and methods --------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "name, address",
    [
        ("client-list", "/clients/"),
        ("client-add", "/clients/add/"),
        ("client-detail", "/clients/7/"),
        ("client-edit", "/clients/7/edit/"),
        ("client-delete", "/clients/7/edit/delete/"),
    ],
)
def test_the_pages_are_where_the_curriculum_puts_them(name, address):
    assert reverse(name, args=[7] if "7" in address else []) == address


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("end", ["", "edit/", "edit/delete/"])
def test_a_client_that_does_not_exist_is_gone(learner_client, end):
    assert_gone(learner_client.get(f"/clients/4711/{end}"))


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("end", ["edit/", "edit/delete/"])
def test_writing_to_a_client_that_does_not_exist_makes_none(learner_client, end):
    assert_gone(learner_client.post(f"/clients/4711/{end}", ADA))
    assert not Client.objects.exists()


@pytest.mark.beyond("comfort")
def test_messages_wait_for_the_next_page(learner_client):
    response = learner_client.post("/clients/add/", ADA)

    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Ada Lovelace was added."]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_script_that_sends_no_time_of_opening_still_saves(learner_client, ada):
    response = learner_client.post(f"/clients/{ada.pk}/edit/", {**ADA, "name": "Ada King"})
    assert (response.status_code, response.headers.get("Location")) == (302, "/clients/")
    assert Client.objects.get().name == "Ada King"
