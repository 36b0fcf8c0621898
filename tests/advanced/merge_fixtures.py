"""The fixtures of the merge: two entries of one client, with finished and unfinished orders."""

from decimal import Decimal

import pytest
from model_bakery import baker

from clients.models import Client, Order


@pytest.fixture
def keep(milestones) -> Client:
    keep = baker.make(Client, name="Ada Lovelace", email="ada@mail.com")
    baker.make(Order, client=keep, title="Desk", amount=Decimal("10.00"), status="DONE")
    return keep


@pytest.fixture
def merge(milestones) -> Client:
    merge = baker.make(Client, name="A. Lovelace", email="a.lovelace@mail.com", phone="0171", vip=True)
    for amount, status in (("20.50", "NEW"), ("0.01", "DONE")):
        baker.make(Order, client=merge, title="Lamp", amount=Decimal(amount), status=status)
    return merge
