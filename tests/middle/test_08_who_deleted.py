"""Milestone 8: the admin's log names who deleted an order by page, and a client by the class-based page too."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from model_bakery import baker

from clients.models import Client, Order

pytestmark = pytest.mark.beyond("comfort")


@pytest.fixture
def desk(milestones):
    return baker.make(Order, title="Desk")


def entries() -> list[tuple[str, int, str, str]]:
    return [
        (entry.user.username, entry.action_flag, entry.content_type.model, entry.object_repr)
        for entry in LogEntry.objects.all()
    ]


def test_a_deleted_order_leaves_an_entry(learner_client, desk):
    answer = learner_client.post(f"/clients/orders/{desk.pk}/delete/")

    assert (answer.status_code, answer["Location"]) == (302, f"/clients/{desk.client_id}/")
    assert entries() == [("learner", DELETION, "order", "Desk")]
    assert LogEntry.objects.get().object_id == str(desk.pk)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_a_deleted_client_leaves_one_by_either_page(learner_client, milestones, switch):
    getattr(milestones, switch)("class-based-views")
    ada = baker.make(Client, name="Ada")

    assert learner_client.post(f"/clients/{ada.pk}/edit/delete/").status_code == 302
    assert entries() == [("learner", DELETION, "client", "Ada")]
