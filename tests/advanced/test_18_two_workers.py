"""Milestone 18 with two workers: what one of them has taken over or done is the other one's no more."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.utils import timezone
from model_bakery import baker

from clients.models import MonthlyReport, ReportDelivery
from clients.reports import claims, mailing, making
from clients.reports.claims import Claim
from tests.advanced.reports import OCTOBER, state_of

pytest_plugins = ["tests.advanced.report_fixtures"]
pytestmark = [pytest.mark.usefixtures("november", "one_recipient"), pytest.mark.beyond("races")]


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets the other worker do something just before this one gets its claim."""

    def arrange(module, happen) -> None:
        @contextmanager
        def late(row):
            happen()
            with claims.claimed(row) as claim:
                yield claim

        monkeypatch.setattr(module, "claimed", late)

    return arrange


def test_a_claim_that_was_taken_over_is_not_renewed(milestones, november) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    slow, quick = Claim(report), Claim(report)
    slow.take()
    november.shift(django_settings.REPORT_LEASE + 1)
    quick.take()
    until = claims.lease_end()
    november.shift(1)

    assert slow.renew() is False
    report.refresh_from_db()
    assert (report.claim, report.claimed_until) == (quick.token, until)


def test_a_claim_is_renewed_well_before_it_runs_out(milestones) -> None:
    waits = []

    class Done:
        """Says after the second wait that the work is done."""

        def wait(self, seconds: float) -> bool:
            waits.append(seconds)
            return len(waits) == 2

    claim = Claim(baker.make(MonthlyReport, month=OCTOBER))
    claim.renew = lambda: True
    claim.keep(Done())

    assert len(waits) == 2
    assert max(waits) <= django_settings.REPORT_LEASE / 2


def test_what_the_other_worker_has_just_sent_is_not_sent_again(pending, meanwhile) -> None:
    sent = ReportDelivery.Status.SENT
    meanwhile(mailing, lambda: ReportDelivery.objects.update(status=sent))
    mailing.deliver(pending.pk, retry_in=None)

    assert mail.outbox == []
    assert state_of(pending) == (sent, 0, "")


def test_what_the_other_worker_has_just_made_is_not_made_again(milestones, meanwhile, november) -> None:
    report = baker.make(MonthlyReport, month=OCTOBER)
    make_report, made = making.make_report, []

    def made_by_the_other() -> None:
        if not made:
            made.append("by the other")
            make_report(report.pk)
            november.shift(1)

    meanwhile(making, made_by_the_other)
    making.make_report(report.pk)
    report.refresh_from_db()

    assert (report.status, report.finished_at) == ("READY", timezone.now() - timedelta(seconds=1))


def test_the_failure_of_a_slow_worker_does_not_hide_what_the_other_one_did(pending, monkeypatch) -> None:
    def taken_over_and_sent(delivery: ReportDelivery) -> None:
        ReportDelivery.objects.update(claim="the other one", status="SENT", last_error="")
        raise mailing.NotSentError("The line broke.")

    monkeypatch.setattr(mailing, "send", taken_over_and_sent)
    with pytest.raises(mailing.NotSentError):
        mailing.deliver(pending.pk, retry_in=None)

    assert state_of(pending)[::2] == ("SENT", "")
