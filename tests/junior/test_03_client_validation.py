"""Milestone 3: `ClientForm.clean_email`, and errors where they are seen."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from model_bakery import baker

from clients.forms import ClientForm, PlainClientForm, client_form_class
from clients.models import Client
from tests.fixtures import assert_not_switched_off, field_errors, form_data, page
from tests.sentences import answer, complaints

ADA = {"name": "Ada", "email": "ada@mail.com", "phone": ""}

FORBIDDEN = [
    "ada@example.com",
    "Ada@Example.Com",
    "ADA@EXAMPLE.COM",
    " ada@example.com ",
    '"quoted"@example.com',
    '"with@inside"@example.com',
    "ada+tag@example.com",
]
SUBDOMAINS = ["ada@mail.example.com", "ada@a.b.c.EXAMPLE.com"]
ALLOWED = [
    "ada@notexample.com",
    "ada@example.com.org",
    "ada@example.org",
    "ada@my-example.com",
    "example.com@mail.com",
    "ada@example.co",
    "ada@xexample.com",
    "ada@examplexcom.net",
]


@pytest.fixture
def request_of_guest(milestones, rf: RequestFactory):
    request = rf.get("/clients/add/")
    request.user = AnonymousUser()
    return request


def assert_taken(browser, typed: str, *, stored: str) -> None:
    response = browser.post("/clients/add/", {**ADA, "email": typed})
    assert response.status_code == 302, (
        f"Adding a client with the address {typed!r}: {answer(response)} {complaints(response)}; it was expected to "
        "be stored."
    )
    found = list(Client.objects.values_list("email", flat=True))
    assert found == [stored], f"The address {typed!r} was stored as {found}; {[stored]} was expected."


def assert_refused_beside_the_field(browser, typed: str) -> None:
    response = browser.post("/clients/add/", {**ADA, "email": typed})
    assert_not_switched_off(response)
    assert not Client.objects.exists(), (
        f"A client with the address {typed!r} was stored; an error beside the e-mail was expected."
    )
    assert field_errors(response, "email"), (
        f"The form with the address {typed!r} came back with {complaints(response) or 'no error'}; an error of the "
        "field “email” was expected."
    )


# --- Lower case -------------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_an_address_in_capitals_is_stored_lower_case(learner_client):
    """No contrast: milestone 1's field lower-cases by itself already."""
    assert_taken(learner_client, "USER@MAIL.COM", stored="user@mail.com")


@pytest.mark.beyond("comfort")
def test_clean_email_itself_returns_lower_case(request_of_guest):
    form = ClientForm({**ADA, "email": "USER@MAIL.COM"}, request=request_of_guest)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == "user@mail.com"


@pytest.mark.beyond("comfort")
def test_editing_lower_cases_too(learner_client):
    client = baker.make(Client, email="old@mail.com")
    address = f"/clients/{client.pk}/edit/"
    learner_client.post(address, form_data(learner_client.get(address), email="NEW@Mail.Com"))

    client.refresh_from_db()
    assert client.email == "new@mail.com"


@pytest.mark.beyond("comfort")
def test_spaces_around_an_address_are_dropped(learner_client):
    learner_client.post("/clients/add/", {**ADA, "email": "  Ada@Mail.com\t"})

    assert Client.objects.get().email == "ada@mail.com"


# --- example.com ------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_an_address_at_example_com_is_a_validation_error(learner_client):
    assert_refused_beside_the_field(learner_client, "user@example.com")


@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize("address", FORBIDDEN)
def test_example_com_is_refused_however_it_is_written(learner_client, address):
    assert_refused_beside_the_field(learner_client, address)


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize("address", SUBDOMAINS)
def test_subdomains_of_example_com_are_refused_too(learner_client, address):
    assert_refused_beside_the_field(learner_client, address)


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_error_names_the_domain(learner_client):
    response = learner_client.post("/clients/add/", {**ADA, "email": "user@example.com"})

    assert "example.com" in field_errors(response, "email")


@pytest.mark.required
@pytest.mark.parametrize("address", ALLOWED)
def test_a_domain_that_only_looks_like_it_is_allowed(learner_client, address):
    assert_taken(learner_client, address, stored=address)


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_editing_refuses_example_com_too(learner_client):
    client = baker.make(Client, email="old@mail.com")
    address = f"/clients/{client.pk}/edit/"
    response = learner_client.post(address, form_data(learner_client.get(address), email="new@example.com"))

    assert "example.com" in field_errors(response, "email")
    client.refresh_from_db()
    assert client.email == "old@mail.com"


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_error_stands_beside_its_field_and_is_tied_to_it(learner_client):
    response = learner_client.post("/clients/add/", {**ADA, "email": "user@example.com"})
    shown = page(response)

    field = shown.select_one(".field:has(input[name=email])")
    assert field.select_one(".errorlist"), "no error beside the e-mail field"
    assert "example.com" in field.select_one(".errorlist").get_text()
    assert field.select_one("input")["aria-invalid"] == "true"
    assert not shown.select_one(".field:has(input[name=name]) .errorlist")


@pytest.mark.beyond("comfort")
def test_an_error_of_the_whole_form_is_shown_above_its_fields(learner_client):
    client = baker.make(Client, email="old@mail.com")
    address = f"/clients/{client.pk}/edit/"
    stale = form_data(learner_client.get(address), name="Mine")
    client.save()
    response = learner_client.post(address, stale)

    assert "Somebody else has saved this client" in page(response).select_one(".form-errors").get_text()


@pytest.mark.beyond("comfort")
def test_every_wrong_field_is_named_at_once(learner_client):
    response = learner_client.post("/clients/add/", {"name": "", "email": "nonsense", "phone": "1" * 51})

    assert set(response.context["form"].errors) == {"name", "email", "phone"}


# --- Other addresses --------------------------------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@mail.com",
        "ada lovelace@mail.com",
        "ada@mail",
        "ada@@mail.com",
        "a" * 250 + "@mail.com",
    ],
)
def test_what_is_no_address_is_refused_kindly(learner_client, address):
    response = learner_client.post("/clients/add/", {**ADA, "email": address})

    assert field_errors(response, "email")
    assert not Client.objects.exists()


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "typed, stored",
    [
        ("Info@BÜCHER.de", "info@bücher.de"),
        ("info@xn--bcher-kva.DE", "info@xn--bcher-kva.de"),
        ("INFO@МОСКВА.РФ", "info@москва.рф"),
        ("info@例え.jp", "info@例え.jp"),
    ],
)
def test_an_international_domain_is_kept_in_lower_case(learner_client, typed, stored):
    learner_client.post("/clients/add/", {**ADA, "email": typed})

    assert Client.objects.get().email == stored


@pytest.mark.beyond("comfort")
def test_an_international_duplicate_in_another_case_is_a_field_error(learner_client):
    baker.make(Client, email="info@москва.рф")
    response = learner_client.post("/clients/add/", {**ADA, "email": "INFO@МОСКВА.РФ"})

    assert field_errors(response, "email") == "There is already a client with this e-mail address."


@pytest.mark.beyond("hostile")
@given(
    local=st.from_regex(r"[a-zA-Z0-9]{1,20}", fullmatch=True),
    domain=st.sampled_from(["EXAMPLE.com", "x.Example.COM"]),
)
def test_no_spelling_of_the_forbidden_domain_slips_through(local, domain):
    form = ClientForm.__new__(ClientForm)
    form.cleaned_data = {"email": f"{local}@{domain}"}

    with pytest.raises(Exception, match=r"example\.com"):
        form.clean_email()


# --- Off --------------------------------------------------------------------------------------------------------------
@pytest.mark.switch
def test_on_the_form_is_the_validating_one(request_of_guest, milestones):
    milestones.on("client-validation")

    assert client_form_class(request_of_guest) is ClientForm


@pytest.mark.switch
def test_off_the_form_is_a_plain_one(request_of_guest, milestones):
    milestones.off("client-validation")

    assert client_form_class(request_of_guest) is PlainClientForm
    assert not hasattr(PlainClientForm, "clean_email")


@pytest.mark.switch
def test_off_example_com_is_taken(learner_client, milestones):
    milestones.off("client-validation")
    response = learner_client.post("/clients/add/", {**ADA, "email": "USER@Example.com"})

    assert response.status_code == 302
    assert Client.objects.get().email == "user@example.com"


@pytest.mark.switch
def test_off_a_duplicate_is_still_a_field_error(learner_client, milestones):
    milestones.off("client-validation")
    baker.make(Client, email="ada@mail.com")
    response = learner_client.post("/clients/add/", {**ADA, "email": "ADA@mail.com"})

    assert field_errors(response, "email") == "There is already a client with this e-mail address."


@pytest.mark.switch
def test_a_client_from_example_com_made_while_off_can_be_corrected_later(learner_client, milestones):
    milestones.on("client-validation")
    client = baker.make(Client, email="old@example.com")
    address = f"/clients/{client.pk}/edit/"
    response = learner_client.post(address, form_data(learner_client.get(address), email="new@mail.com"))

    assert response.status_code == 302
    client.refresh_from_db()
    assert client.email == "new@mail.com"
