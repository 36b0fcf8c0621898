"""Milestone 1: clients of one moment keep one order, whichever way the database reads them."""

import pytest

from clients.models import Client
from tests.fixtures import page
from tests.ties import clients_of_one_moment, read_in_another_way

pytestmark = pytest.mark.beyond("comfort")


def test_clients_of_the_same_moment_come_in_one_fixed_order(milestones):
    made = clients_of_one_moment(5)
    read_in_another_way()

    assert list(Client.objects.all()) == made
    assert list(Client.objects.newest_first()) == made


def test_the_admin_list_shows_clients_of_one_moment_in_one_fixed_order(admin_client):
    made = clients_of_one_moment(5)
    read_in_another_way()

    names = page(admin_client.get("/admin/clients/client/")).select("#result_list .field-name")
    shown = [name.get_text() for name in names]

    assert shown == [client.name for client in made]
