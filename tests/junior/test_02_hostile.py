"""Milestone 2, beyond: what strangers send to the pages."""

import pytest
from django.test import Client as Browser
from model_bakery import baker

from clients.models import Client
from tests.crud import ADA, pages_of
from tests.fixtures import (
    assert_gone,
    field_errors,
    form_data,
    page,
    text_of,
)


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, **ADA)


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


@pytest.mark.beyond("hostile")
def test_the_page_names_who_is_signed_in(learner_client):
    assert text_of(learner_client.get("/clients/"), "#current-user") == "learner"


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
