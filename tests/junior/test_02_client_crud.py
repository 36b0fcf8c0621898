"""Milestone 2: clients are listed, added, corrected and removed, and each time somebody is told that it worked.

Everybody is signed in here, so that the same checks hold with milestone 5 on.
"""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client as Browser
from django.urls import reverse
from model_bakery import baker
from model_bakery.recipe import seq

from clients.forms import PlainClientForm
from clients.models import Client
from tests.fixtures import (
    assert_gone,
    assert_not_switched_off,
    assert_saved,
    assert_switched_off,
    browser_of,
    field_errors,
    form_data,
    listed_ids,
    page,
    text_of,
)
from tests.sentences import answer, people

ADA = {"name": "Ada Lovelace", "email": "ada@mail.com", "phone": "+44 20 7946 0000"}
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


def assert_stored(*expected: dict[str, str]) -> None:
    stored = list(Client.objects.order_by("name").values("name", "email", "phone"))
    assert stored == list(expected), f"Stored are {stored}; {list(expected)} was expected."


def assert_says_so(browser, done: str) -> None:
    """The list, opened after something was done, shows a message."""
    said = text_of(browser.get("/clients/"), "#messages")
    assert said, f"After {done}, the list shows no message in #messages; one that it worked was expected."


def pages_of(client: Client) -> list[str]:
    return [
        "/clients/",
        "/clients/add/",
        f"/clients/{client.pk}/",
        f"/clients/{client.pk}/edit/",
        f"/clients/{client.pk}/edit/delete/",
    ]


# --- Adding -----------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_adding_a_client_leads_to_the_list_and_says_so_there(learner_client):
    said = text_of(learner_client.get("/clients/"), "#messages")
    assert said == "", f"The list says {said!r} before anything was done."

    assert_saved(learner_client.post("/clients/add/", ADA))
    assert_stored(ADA)
    assert_says_so(learner_client, "adding a client")


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


@pytest.mark.beyond("hostile")
def test_a_name_of_ten_thousand_characters_is_refused_kindly(learner_client):
    response = learner_client.post("/clients/add/", {**ADA, "name": "x" * 10_000})

    assert "at most 200 characters" in field_errors(response, "name")
    assert not Client.objects.exists()


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("field", ["name", "email", "phone"])
def test_a_nul_byte_is_refused_kindly(learner_client, field):
    response = learner_client.post("/clients/add/", {**ADA, field: ADA[field] + "\x00"})

    assert field_errors(response, field)
    assert not Client.objects.exists()


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


@pytest.mark.beyond("races")
def test_the_slower_of_two_requests_for_one_address_gets_a_field_error(learner_client, monkeypatch):
    """The rival's client is stored after our form has been found valid, and before it is saved."""
    rival_comes_after_validation(monkeypatch, lambda: baker.make(Client, email="ada@mail.com"))
    response = learner_client.post("/clients/add/", {**ADA, "email": "Ada@mail.com"})

    assert field_errors(response, "email") == "There is already a client with this e-mail address."
    assert Client.objects.count() == 1


def rival_comes_after_validation(monkeypatch, act) -> None:
    """Lets `act` happen once the form has been found valid, before anything is saved."""
    is_valid = PlainClientForm.is_valid

    def valid_but_late(self) -> bool:
        found_valid = is_valid(self)
        act()
        return found_valid

    monkeypatch.setattr(PlainClientForm, "is_valid", valid_but_late)


# --- The list ---------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_list_shows_every_client_with_a_link_to_edit_it(learner_client):
    made = baker.make(Client, name=seq("Client "), _quantity=3)
    shown = listed_ids(learner_client.get("/clients/"))

    assert sorted(shown) == sorted(client.pk for client in made), (
        f"The rows of #client-list lead to the edit pages of {people(shown)}; of {people(made)} was expected."
    )


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


@pytest.mark.beyond("hostile")
def test_the_page_names_who_is_signed_in(learner_client):
    assert text_of(learner_client.get("/clients/"), "#current-user") == "learner"


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_page_of_a_client_shows_what_is_known(learner_client, ada):
    shown = text_of(learner_client.get(f"/clients/{ada.pk}/"), "main")

    assert all(value in shown for value in ADA.values())


# --- Editing ----------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_saving_an_edited_client_leads_to_the_list_and_says_so_there(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/"

    assert_saved(learner_client.post(address, form_data(learner_client.get(address), name="Ada King")))
    assert_stored({**ADA, "name": "Ada King"})
    assert_says_so(learner_client, "saving a client")


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


@pytest.mark.beyond("races")
def test_an_address_taken_while_saving_is_a_field_error_too(learner_client, ada, monkeypatch):
    address = f"/clients/{ada.pk}/edit/"
    sent = form_data(learner_client.get(address), email="grace@mail.com")
    rival_comes_after_validation(monkeypatch, lambda: baker.make(Client, email="grace@mail.com"))
    response = learner_client.post(address, sent)

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


# --- Two people edit the same client ----------------------------------------------------------------------------------
@pytest.fixture
def stale_form(learner_client, ada) -> dict[str, object]:
    """A form opened before somebody else has saved another name and phone."""
    opened = form_data(learner_client.get(f"/clients/{ada.pk}/edit/"), name="Ada Mine")
    ada.name, ada.phone = "Ada Theirs", "999"
    ada.save()
    return opened


@pytest.mark.beyond("races")
def test_a_stale_form_overwrites_nothing(learner_client, ada, stale_form):
    response = learner_client.post(f"/clients/{ada.pk}/edit/", stale_form)

    assert response.status_code == 200
    ada.refresh_from_db()
    assert (ada.name, ada.phone) == ("Ada Theirs", "999")


@pytest.mark.beyond("races")
def test_a_stale_form_comes_back_with_both_values(learner_client, ada, stale_form):
    response = learner_client.post(f"/clients/{ada.pk}/edit/", stale_form)

    conflict = text_of(response, ".conflict")
    for value in ("Ada Mine", "Ada Theirs", ADA["phone"], "999"):
        assert value in conflict
    assert ADA["email"] not in conflict
    assert page(response).select_one("input[name=name]")["value"] == "Ada Mine"


@pytest.mark.beyond("races")
def test_whoever_has_seen_both_values_may_overwrite(learner_client, ada, stale_form):
    seen = form_data(learner_client.post(f"/clients/{ada.pk}/edit/", stale_form))
    response = learner_client.post(f"/clients/{ada.pk}/edit/", seen)

    assert response.status_code == 302
    ada.refresh_from_db()
    assert (ada.name, ada.phone) == ("Ada Mine", ADA["phone"])


@pytest.mark.beyond("races")
def test_a_change_after_both_values_were_shown_is_a_conflict_again(learner_client, ada, stale_form):
    seen = form_data(learner_client.post(f"/clients/{ada.pk}/edit/", stale_form))
    ada.name = "Ada Third"
    ada.save()
    response = learner_client.post(f"/clients/{ada.pk}/edit/", seen)

    assert response.status_code == 200
    assert "Ada Third" in text_of(response, ".conflict")
    ada.refresh_from_db()
    assert ada.name == "Ada Third"


@pytest.mark.beyond("races")
@pytest.mark.parametrize("token", ["garbage", "2024-13-45T99:99", "\x00", "9" * 5000, "2020-01-01T00:00:00"])
def test_a_tampered_time_of_opening_overwrites_nothing(learner_client, ada, token):
    sent = form_data(learner_client.get(f"/clients/{ada.pk}/edit/"), name="Ada Mine", updated_at=token)
    response = learner_client.post(f"/clients/{ada.pk}/edit/", sent)

    assert response.status_code == 200
    ada.refresh_from_db()
    assert ada.name == ADA["name"]


@pytest.mark.beyond("races")
def test_a_save_between_validating_and_saving_is_a_conflict_too(learner_client, ada, monkeypatch):
    address = f"/clients/{ada.pk}/edit/"
    sent = form_data(learner_client.get(address), name="Ada Mine")

    def rival() -> None:
        theirs = Client.objects.get()
        theirs.name = "Ada Theirs"
        theirs.save()

    rival_comes_after_validation(monkeypatch, rival)
    response = learner_client.post(address, sent)

    assert response.status_code == 200
    conflict = text_of(response, ".conflict")
    assert "Ada Mine" in conflict
    assert "Ada Theirs" in conflict
    ada.refresh_from_db()
    assert ada.name == "Ada Theirs"


@pytest.mark.beyond("races")
def test_a_client_deleted_between_validating_and_saving_is_gone(learner_client, ada, monkeypatch):
    address = f"/clients/{ada.pk}/edit/"
    sent = form_data(learner_client.get(address), name="Ada Mine")
    rival_comes_after_validation(monkeypatch, lambda: Client.objects.all().delete())

    assert_gone(learner_client.post(address, sent))
    assert not Client.objects.exists()


@pytest.mark.beyond("races")
def test_two_saves_one_after_the_other_by_the_same_person_do_not_conflict(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/"
    for name in ("Ada First", "Ada Second"):
        assert (
            learner_client.post(address, form_data(learner_client.get(address), name=name)).status_code == 302
        )
    ada.refresh_from_db()
    assert ada.name == "Ada Second"


@pytest.mark.beyond("races")
def test_hostile_text_in_a_conflict_is_escaped(learner_client, ada, stale_form):
    stale_form["name"] = "<img id=evil src=x>"
    response = learner_client.post(f"/clients/{ada.pk}/edit/", stale_form)

    assert "<img id=evil src=x>" in text_of(response, ".conflict")
    assert not page(response).select("#evil")


# --- Deleting ---------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_deleting_asks_first(learner_client, ada):
    asked = learner_client.get(f"/clients/{ada.pk}/edit/delete/")

    assert Client.objects.exists(), "Merely opening the delete page deletes the client; only its form may."
    assert page(asked).select('main form[method="post"]'), (
        f"{answer(asked)}, without a form to confirm it with; one was expected."
    )


@pytest.mark.required
@pytest.mark.contrast
def test_deleting_leads_to_the_list_and_says_so_there(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/delete/"

    assert_saved(learner_client.post(address, form_data(learner_client.get(address))))
    assert_stored()
    assert_says_so(learner_client, "deleting a client")


@pytest.mark.beyond("races")
def test_deleting_twice_says_that_it_is_gone(learner_client, ada):
    learner_client.post(f"/clients/{ada.pk}/edit/delete/")

    assert_gone(learner_client.post(f"/clients/{ada.pk}/edit/delete/"))


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


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("pk", ["9" * 19, "9" * 30, "-1", "0", "abc", "1%00", "٣"])
def test_an_impossible_id_is_gone_too(learner_client, ada, pk):
    assert_gone(learner_client.get(f"/clients/{pk}/edit/"))


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "number, refused",
    [
        (0, ["post", "put", "patch", "delete"]),
        (1, ["put", "patch", "delete"]),
        (3, ["put", "patch", "delete"]),
        (4, ["put", "patch", "delete"]),
    ],
)
def test_the_wrong_method_is_refused_and_changes_nothing(learner_client, ada, number, refused):
    for method in refused:
        assert getattr(learner_client, method)(pages_of(ada)[number]).status_code == 405
    assert Client.objects.count() == 1


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_post_without_the_csrf_token_is_refused_and_changes_nothing(learner, ada, number):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    response = strict.post(pages_of(ada)[number], {**ADA, "email": "new@mail.com"})

    assert response.status_code == 403
    assert Client.objects.get().email == "ada@mail.com"


@pytest.mark.beyond("hostile")
def test_a_post_with_a_forged_csrf_token_is_refused(learner, ada):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    strict.get("/clients/add/")
    response = strict.post("/clients/add/", {**ADA, "email": "new@mail.com", "csrfmiddlewaretoken": "x" * 64})

    assert response.status_code == 403
    assert Client.objects.count() == 1


@pytest.mark.beyond("hostile")
def test_a_post_with_the_pages_own_csrf_token_is_accepted(learner, milestones):
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    sent = form_data(strict.get("/clients/add/"), **ADA)

    assert strict.post("/clients/add/", sent).status_code == 302
    assert Client.objects.count() == 1


@pytest.mark.beyond("hostile")
def test_a_form_too_large_to_read_is_refused_with_a_page_of_our_own(learner_client):
    response = learner_client.post("/clients/add/", {**ADA, "name": "x" * 3_000_000})

    assert page(response, status=400).select_one("main")
    assert not Client.objects.exists()


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("number", range(5))
def test_every_page_forbids_foreign_scripts_and_frames(learner_client, ada, number):
    response = learner_client.get(pages_of(ada)[number])
    policy = response["Content-Security-Policy"]

    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    shown = page(response)
    assert not shown.select("[style], style, [onclick], [onload], [onerror]")
    assert not [
        script for script in shown.select("script") if not script.get("src", "").startswith("/static/")
    ]


# --- Off --------------------------------------------------------------------------------------------------------------
@pytest.mark.switch
@pytest.mark.parametrize("number", range(5))
def test_off_every_page_is_the_switched_off_page(learner_client, ada, milestones, number):
    milestones.off("client-crud")

    assert_switched_off(learner_client.get(pages_of(ada)[number]), "client-crud")


@pytest.mark.switch
def test_off_nothing_can_be_written(learner_client, ada, milestones):
    milestones.off("client-crud")
    for address in pages_of(ada):
        assert_switched_off(learner_client.post(address, {**ADA, "email": "new@mail.com"}), "client-crud")

    assert Client.objects.get().email == "ada@mail.com"


@pytest.mark.switch
def test_off_and_on_again_nothing_is_lost(learner_client, ada, milestones):
    milestones.off("client-crud")
    learner_client.get("/clients/")
    milestones.on("client-crud")

    assert listed_ids(learner_client.get("/clients/")) == [ada.pk]


@pytest.mark.switch
def test_off_the_header_has_no_link_to_the_list(learner_client, milestones):
    milestones.off("client-crud")

    assert not page(learner_client.get("/")).select('header nav a[href="/clients/"]')


@pytest.mark.switch
def test_on_no_page_is_the_switched_off_page(learner_client, ada):
    for address in pages_of(ada):
        assert_not_switched_off(learner_client.get(address))


@pytest.mark.switch
def test_the_switched_off_page_of_one_group_is_a_page_for_another(learner, manager, milestones, ada):
    """A roll-out to one group, as waffle does it: with `everyone` open, the group decides."""
    milestones.only()
    flag = milestones.row("client-crud")
    flag.everyone = None
    flag.save()
    group = baker.make("auth.Group")
    flag.groups.add(group)
    learner.groups.add(group)

    assert listed_ids(browser_of(learner).get("/clients/")) == [ada.pk]
    assert_switched_off(browser_of(manager).get("/clients/"), "client-crud")


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
