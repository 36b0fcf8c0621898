"""Milestone 19, beyond: which answers count as delivered, and what is taken up again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from model_bakery import baker

from clients.models import WebhookDelivery, WebhookSubscription
from clients.webhooks import deliver, posting
from clients.webhooks.outcome import Outcome

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [200, 204, 299])
def test_whatever_begins_with_a_two_has_arrived(status):
    assert posting.outcome_of(status) == Outcome(status)


@pytest.mark.parametrize("status", [199, 300, 304, 400, 404, 410, 429, 500])
def test_any_other_answer_is_tried_again(status):
    assert posting.outcome_of(status).error.startswith(f"Answered {status}")


def test_what_waits_for_a_subscription_that_is_off_is_left_alone(milestones):
    long_ago = timezone.now() - timedelta(minutes=5)
    for active in (True, False):
        subscription = baker.make(WebhookSubscription, url=f"https://mail.com/{active}", active=active)
        baker.make(
            WebhookDelivery, subscription=subscription, payload={}, event_id=1, next_attempt_at=long_ago
        )
    on, off = WebhookDelivery.objects.order_by("pk")

    assert deliver.take_overdue() == [on.pk]
    off.refresh_from_db()
    assert off.next_attempt_at == long_ago


def test_what_has_waited_longest_is_taken_up_first(milestones):
    subscription = baker.make(WebhookSubscription, url="https://mail.com/hook", active=True)
    made = [
        baker.make(
            WebhookDelivery,
            subscription=subscription,
            payload={},
            event_id=minutes,
            next_attempt_at=timezone.now() - timedelta(minutes=minutes),
        )
        for minutes in (5, 9, 7)
    ]

    assert deliver.take_overdue(limit=2) == [made[1].pk, made[2].pk]
