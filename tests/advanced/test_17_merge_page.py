"""Milestone 17, the page: two clients are found and chosen, the merge is looked at, and the old address leads on."""

from decimal import Decimal

import pytest
from model_bakery import baker

from clients.merging.merge import merge_clients, preview_merge
from clients.models import Client, Order
from tests.advanced.merges import URL, assert_unchanged, everything
from tests.fixtures import assert_gone, page, text_of

pytest_plugins = ["tests.advanced.merge_fixtures"]


# --- Looked at before -------------------------------------------------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
def test_looking_at_the_merge_changes_nothing(manager_client, keep, merge):
    before = everything()
    page(manager_client.get(URL, {"keep": keep.pk, "merge": merge.pk}))
    assert_unchanged(before, after="After the merge was only looked at (GET)")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_preview_shows_both_and_what_will_be(manager_client, keep, merge):
    table = page(manager_client.get(URL, {"keep": keep.pk, "merge": merge.pk})).select_one(".merge-preview")
    rows = {row.th.text: [cell.get_text() for cell in row.select("td")] for row in table.select("tbody tr")}
    assert rows == {
        "Name": ["Ada Lovelace", "A. Lovelace", "Ada Lovelace"],
        "E-mail": ["ada@mail.com", "a.lovelace@mail.com", "ada@mail.com"],
        "Phone": ["–", "0171", "0171"],
        "Orders": ["1", "2", "3"],
        "Total": ["10.00", "20.51", "30.51"],
    }


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_preview_can_be_swapped(manager_client, keep, merge):
    found = page(manager_client.get(URL, {"keep": keep.pk, "merge": merge.pk}))
    chosen = {
        field["name"]: field["value"] for field in found.select("main form[method=post] input[type=hidden]")
    }
    assert (chosen["keep"], chosen["merge"]) == (str(keep.pk), str(merge.pk))
    assert found.select_one(f'main a[href$="?keep={merge.pk}&merge={keep.pk}"]') is not None


@pytest.mark.beyond("comfort")
def test_the_preview_and_the_merge_agree(keep, merge):
    preview = preview_merge(keep_id=keep.pk, merge_id=merge.pk)
    assert (preview.orders_count, preview.orders_total) == (3, Decimal("30.51"))
    record = merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    assert record.filled_in == {name: str(value) for name, value in preview.filled_in.items()}
    result = Client.objects.with_order_totals().get()
    assert (result.orders_count, result.orders_total) == (preview.orders_count, preview.orders_total)


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_clients_are_found_and_chosen_one_after_the_other(manager_client, keep, merge):
    first = page(manager_client.get(URL, {"q": "lovelace"}))
    assert {link["href"] for link in first.select('main a[href^="?"]')} >= {
        f"?keep={keep.pk}",
        f"?merge={merge.pk}",
    }
    second = manager_client.get(URL, {"keep": keep.pk, "q": "LOVELACE"})
    links = [link["href"] for link in page(second).select("main .people a")]
    assert links == [f"?keep={merge.pk}", f"?keep={keep.pk}&merge={merge.pk}"]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_ten_newest_are_suggested_until_somebody_is_looked_for(manager_client, milestones):
    made = [baker.make(Client, name=f"Client {number}", email=f"{number}@mail.com") for number in range(12)]
    for query in ({}, {"q": "  "}):
        found = page(manager_client.get(URL, query)).select(".people strong")
        assert [name.text for name in found] == [client.name for client in made[:1:-1]]
    (one,) = page(manager_client.get(URL, {"q": " client 0 "})).select(".people strong")
    assert one.text == "Client 0"


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
@pytest.mark.parametrize(
    "keep_id, merge_id", [("abc", "1"), ("", ""), ("-1", "0"), ("9" * 40, "1"), ("\x00", "<b>")]
)
def test_an_odd_choice_leads_back_to_choosing(manager_client, milestones, keep_id, merge_id):
    assert "Find" in text_of(manager_client.get(URL, {"keep": keep_id, "merge": merge_id}), "main")
    response = manager_client.post(URL, {"keep": keep_id, "merge": merge_id}, follow=True)
    assert "Choose the client to keep" in text_of(response, "#messages")


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_there_is_nothing_but_looking_and_merging(manager_client, milestones, method):
    assert getattr(manager_client, method)(URL).status_code == 405


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_what_cannot_be_merged_is_said_in_plain_words(manager_client, keep):
    itself = manager_client.post(URL, {"keep": keep.pk, "merge": keep.pk}, follow=True)
    assert "cannot be merged with itself" in text_of(itself, "#messages")
    missing = manager_client.post(URL, {"keep": keep.pk, "merge": 999_999}, follow=True)
    assert "Client 999999 is not there any more." in text_of(missing, "#messages")
    assert missing.redirect_chain == [(f"{URL}?keep={keep.pk}", 302)], (
        "the one to keep has to be chosen again"
    )
    preview = manager_client.get(URL, {"keep": keep.pk, "merge": keep.pk})
    assert "cannot be merged with itself" in text_of(preview, "main")


# --- Afterwards -------------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_address_of_the_one_that_went_leads_to_the_one_that_was_kept(
    manager_client, learner_client, keep, merge
):
    manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk})
    response = learner_client.get(f"/clients/{merge.pk}/", follow=True)
    assert response.redirect_chain == [(f"/clients/{keep.pk}/", 302)]
    assert text_of(response, "#messages") == "A. Lovelace was merged into Ada Lovelace."


@pytest.mark.beyond("comfort")
def test_a_merge_of_what_was_merged_before_leads_all_the_way(learner_client, keep, merge):
    first = baker.make(Client, name="Ada L.", email="ada.l@mail.com")
    merge_clients(keep_id=merge.pk, merge_id=first.pk, merged_by=None)
    merge_clients(keep_id=keep.pk, merge_id=merge.pk, merged_by=None)
    response = learner_client.get(f"/clients/{first.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/clients/{keep.pk}/")


@pytest.mark.beyond("comfort")
def test_an_order_typed_in_for_the_one_that_went_is_not_lost_silently(
    manager_client, learner_client, keep, merge
):
    manager_client.post(URL, {"keep": keep.pk, "merge": merge.pk})
    sent = {"title": "Chair", "amount": "5", "status": "NEW"}
    response = learner_client.post(f"/clients/{merge.pk}/", sent, follow=True)
    assert "What you had entered was not saved." in text_of(response, "#messages")
    assert Order.objects.count() == 3


@pytest.mark.beyond("races")
def test_an_order_whose_client_goes_while_it_is_saved_is_refused_clearly(learner_client, keep, monkeypatch):
    monkeypatch.setattr(
        type(Client.objects.all()), "select_for_update", lambda clients, **kwargs: clients.none()
    )
    assert_gone(
        learner_client.post(f"/clients/{keep.pk}/", {"title": "Chair", "amount": "5", "status": "NEW"})
    )
    assert Order.objects.count() == 1
