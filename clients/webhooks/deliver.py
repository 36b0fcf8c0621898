"""One attempt at one delivery, and what follows from it.

An attempt is claimed first, by one UPDATE that only one process can win. So a delivery may be handed over as often as
one likes: it is tried once at a time, and not before it is due. A worker that dies with a claim loses it after LEASE.
"""

import logging
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import F, Q
from django.utils import timezone

from clients.models import WebhookDelivery, WebhookSubscription
from clients.site.backoff import backoff
from clients.webhooks.outcome import Outcome

logger = logging.getLogger(__name__)

PENDING = WebhookDelivery.Status.PENDING
LEASE = timedelta(seconds=60)
# Seconds until the next attempt: 5, 20, 80, … and at most an hour; all of them take about two and a half hours.
FIRST_DELAY, LONGEST_DELAY = 5.0, 3600.0
MAX_ATTEMPTS = 8
# So many deliveries in a row that were given up switch a subscription off.
GIVE_UP_SUBSCRIPTION = 5
# What is overdue by this much was forgotten: the broker lost it, or it was waiting longer than a task should.
OVERDUE = timedelta(seconds=60)
KEEP = timedelta(days=30)


def attempt(delivery_id: int) -> float | None:
    """Tries once. Answers the seconds until the next attempt, or None when there is nothing more to do."""
    # Not at the top: httpx takes a tenth of a second to import, and every worker and command would wait for it.
    from clients.webhooks.posting import post  # noqa: PLC0415

    delivery = claim(delivery_id)
    if delivery is None:
        return None
    outcome = post(delivery)
    if outcome.error:
        return failed(delivery, outcome)
    arrived(delivery, outcome)
    return None


def claim(delivery_id: int) -> WebhookDelivery | None:
    """The delivery, if it is due and nobody else is at it."""
    # Asked apart: with a join in the UPDATE, PostgreSQL would let two of them win.
    if not WebhookSubscription.objects.filter(deliveries=delivery_id, active=True).exists():
        return None
    now = timezone.now()
    due = WebhookDelivery.objects.filter(is_due(now), pk=delivery_id, status=PENDING)
    if not due.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
        return None
    return WebhookDelivery.objects.select_related("subscription").get(pk=delivery_id)


def is_due(now: datetime, *, overdue_by: timedelta = timedelta(0)) -> Q:
    """Rows whose time has come, or is further ahead than any wait: a clock was wrong when they were planned."""
    ahead = (
        Q(attempts=attempts, next_attempt_at__gt=now + timedelta(seconds=longest_wait(attempts)) + LEASE)
        for attempts in range(MAX_ATTEMPTS)
    )
    return reduce(or_, ahead, Q(next_attempt_at__lte=now - overdue_by))


def arrived(delivery: WebhookDelivery, outcome: Outcome) -> None:
    delivery.status = WebhookDelivery.Status.DELIVERED
    delivery.delivered_at = timezone.now()
    note(delivery, outcome)
    WebhookSubscription.objects.filter(pk=delivery.subscription_id, failures__gt=0).update(failures=0)


def failed(delivery: WebhookDelivery, outcome: Outcome) -> float | None:
    """Plans the next attempt, or gives the delivery up after the last one."""
    logger.warning("Webhook delivery %s, attempt %s: %s", delivery.pk, delivery.attempts, outcome.error)
    if delivery.attempts >= MAX_ATTEMPTS:
        delivery.status = WebhookDelivery.Status.FAILED
        note(delivery, outcome)
        count_failure(delivery.subscription_id)
        return None
    delay = wait_after(delivery.attempts)
    delivery.next_attempt_at = timezone.now() + timedelta(seconds=delay)
    note(delivery, outcome)
    return delay


def note(delivery: WebhookDelivery, outcome: Outcome) -> None:
    delivery.response_status, delivery.last_error = outcome.status, outcome.error
    delivery.save(
        update_fields=["status", "next_attempt_at", "response_status", "last_error", "delivered_at"]
    )


def count_failure(subscription_id: int) -> None:
    """One more delivery in a row that was given up; after some of them the subscription is switched off."""
    subscription = WebhookSubscription.objects.filter(pk=subscription_id)
    subscription.update(failures=F("failures") + 1)
    if subscription.filter(active=True, failures__gte=GIVE_UP_SUBSCRIPTION).update(active=False):
        logger.warning("Webhook subscription %s is switched off: nothing arrives there.", subscription_id)


def wait_after(attempts: int) -> float:
    """Seconds until the next attempt: four times as long after each."""
    return backoff(attempts - 1, first=FIRST_DELAY, longest=LONGEST_DELAY, factor=4)


def longest_wait(attempts: int) -> float:
    """The most that `wait_after` answers."""
    return min(LONGEST_DELAY, FIRST_DELAY * 4.0 ** (attempts - 1))


def take_overdue(limit: int = 500) -> list[int]:
    """The deliveries that should have been tried a while ago. From now on they count as due just now."""
    now = timezone.now()
    waiting = WebhookDelivery.objects.filter(status=PENDING, subscription__active=True)
    overdue = waiting.filter(is_due(now, overdue_by=OVERDUE)).order_by("next_attempt_at")
    ids = list(overdue.values_list("pk", flat=True)[:limit])
    # Asked once more: what a worker has claimed in the meantime must not become due again.
    WebhookDelivery.objects.filter(is_due(now, overdue_by=OVERDUE), pk__in=ids).update(next_attempt_at=now)
    return ids


def forget_old() -> int:
    """Drops the log's entries that are older than KEEP; how many there were."""
    return WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEEP).delete()[0]
