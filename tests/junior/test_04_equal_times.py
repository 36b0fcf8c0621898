"""Milestone 4: clients of one moment. An import makes hundreds of them, and each must stand on one page only."""

import pytest

from clients.models import Client
from tests.fixtures import listed_ids
from tests.ties import clients_of_one_moment, read_in_another_way


@pytest.mark.required
def test_clients_of_one_moment_stand_on_one_page_each(learner_client):
    """No contrast: without pages nobody can be lost between two of them."""
    everybody = [client.pk for client in clients_of_one_moment(25)]
    shown = listed_ids(learner_client.get("/clients/?page=1"))
    read_in_another_way()
    for number in (2, 3):
        shown += listed_ids(learner_client.get(f"/clients/?page={number}"))

    lost = set(everybody) - set(shown)
    assert sorted(shown) == sorted(everybody), (
        f"25 clients were made in one moment. Their three pages leave {len(lost)} of them out and show others twice; "
        "each once was expected, by an order in which no two clients are equal."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("address", ["/clients/?q=a", "/clients/"])
def test_of_one_moment_the_client_made_last_comes_first(learner_client, address):
    everybody = clients_of_one_moment(9)
    Client.objects.update(name="Ada")
    read_in_another_way()

    assert listed_ids(learner_client.get(address)) == [client.pk for client in everybody]
