"""Milestone 2: clients are listed, added, corrected and removed, and each time somebody is told that it worked.

Everybody is signed in here, so that the same checks hold with milestone 5 on.
"""

import pytest
from model_bakery import baker
from model_bakery.recipe import seq

from clients.models import Client
from tests.crud import ADA, pages_of
from tests.fixtures import (
    assert_not_switched_off,
    assert_saved,
    assert_switched_off,
    browser_of,
    form_data,
    listed_ids,
    page,
    text_of,
)
from tests.sentences import answer, people


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


# --- Adding -----------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_adding_a_client_leads_to_the_list_and_says_so_there(learner_client):
    said = text_of(learner_client.get("/clients/"), "#messages")
    assert said == "", f"The list says {said!r} before anything was done."

    assert_saved(learner_client.post("/clients/add/", ADA))
    assert_stored(ADA)
    assert_says_so(learner_client, "adding a client")


# --- The list ---------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_the_list_shows_every_client_with_a_link_to_edit_it(learner_client):
    made = baker.make(Client, name=seq("Client "), _quantity=3)
    shown = listed_ids(learner_client.get("/clients/"))

    assert sorted(shown) == sorted(client.pk for client in made), (
        f"The rows of #client-list lead to the edit pages of {people(shown)}; of {people(made)} was expected."
    )


# --- Editing ----------------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_saving_an_edited_client_leads_to_the_list_and_says_so_there(learner_client, ada):
    address = f"/clients/{ada.pk}/edit/"

    assert_saved(learner_client.post(address, form_data(learner_client.get(address), name="Ada King")))
    assert_stored({**ADA, "name": "Ada King"})
    assert_says_so(learner_client, "saving a client")


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
