"""The fixtures of the API: a client and an order of hers."""

from decimal import Decimal

import pytest
from model_bakery import baker

from clients.models import Client, Order


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, name="Ada Lovelace", email="ada@mail.com")


@pytest.fixture
def desk(ada) -> Order:
    return baker.make(Order, client=ada, title="Desk", amount=Decimal("10.00"))
