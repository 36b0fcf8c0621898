"""The fixtures of the live orders: a client to order for, and orders that nobody is told of."""

from collections.abc import Callable

import pytest
from model_bakery import baker

from clients.models import Client, Order


@pytest.fixture
def client_row(milestones) -> Client:
    return baker.make(Client, name="Anna Ek", email="anna@mail.com")


@pytest.fixture
def unannounced(settings) -> Callable[..., Order]:
    """Orders are made without telling anybody, as by a process whose channel layer is down."""

    def make(client: Client, **fields) -> Order:
        settings.CHANGE_LISTENERS, listeners = [], settings.CHANGE_LISTENERS
        try:
            return baker.make(Order, client=client, **fields)
        finally:
            settings.CHANGE_LISTENERS = listeners

    return make
