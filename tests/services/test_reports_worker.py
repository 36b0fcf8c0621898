"""Milestone 18 with everything real: PostgreSQL, Redis, Celery's worker and beat, a mail server, and SIGKILL.

Times are short here (reports_settings.py); the mechanisms are the ones of the advanced profile.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from django.db import connection, transaction
from django.utils import timezone
from model_bakery import baker

from clients.models import Client, MonthlyReport, Order, ReportDelivery
from clients.reports.months import bounds, last_month
from clients.reports.overdue import OVERDUE
from tests.services.support import ROOT, MailServer, Program, environment, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
BOSS = "boss@mail.com"
MONTH = last_month()
CELERY = ("-m", "celery", "-A", "mini_crm.celery")


@pytest.fixture(scope="session", autouse=True)
def real_servers() -> None:
    assert connection.vendor == "postgresql", "DATABASE_URL must name a PostgreSQL database"
    assert os.environ.get("REDIS_URL"), "REDIS_URL must name a Redis"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def queue_keys() -> Iterator[str]:
    """What this test's keys in Redis begin with; they go with the test."""
    prefix = f"test-{uuid4().hex}-"
    yield prefix
    with redis.from_url(os.environ["REDIS_URL"]) as server:
        for key in server.scan_iter(f"{prefix}*"):
            server.delete(key)


@pytest.fixture
def env(milestones, tmp_path: Path, mail_server: MailServer, queue_keys: str) -> dict[str, str]:
    return environment(
        DJANGO_SETTINGS_MODULE="tests.services.reports_settings",
        CRM_TEST_KEYS=queue_keys,
        EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}",
        MEDIA_ROOT=tmp_path / "media",
        REPORT_RECIPIENTS=BOSS,
    )


@pytest.fixture
def start(env: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """`start("worker", …)` starts a Celery program that ends with the test."""
    with ExitStack() as stack:

        def program(*arguments: str) -> Program:
            log = tmp_path / f"{arguments[0]}-{uuid4().hex[:6]}.log"
            return stack.enter_context(running(*CELERY, *arguments, env=env, log=log))

        yield program


@pytest.fixture
def worker(start) -> Callable[[], Program]:
    """`worker()` starts a worker of one process and comes back when it is ready."""

    def ready() -> Program:
        found = start(
            "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-gossip", "--without-mingle"
        )
        found.wait_for(" ready.")
        return found

    return ready


def command(env: dict[str, str]) -> str:
    """`manage.py send_monthly_report`, as an office's own cron would run it."""
    arguments = [sys.executable, "manage.py", "send_monthly_report", "--month", f"{MONTH:%Y-%m}"]
    done = subprocess.run(
        arguments, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def last_months_orders(number: int) -> None:
    client = baker.make(Client, name="Ada", email="ada@mail.com")
    Order.objects.bulk_create([Order(client=client, title=f"Order {n}", amount=n) for n in range(number)])
    Order.objects.update(created_at=bounds(MONTH)[0] + timedelta(days=3))


@contextmanager
def nobody_can_read_orders() -> Iterator[None]:
    """A report that has begun stands still at its first order until the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE clients_order IN ACCESS EXCLUSIVE MODE")
        yield


def half_reports(env: dict[str, str]) -> list[Path]:
    return list(Path(env["MEDIA_ROOT"]).rglob("*.part"))


def delivery() -> ReportDelivery | None:
    return ReportDelivery.objects.filter(recipient=BOSS).first()


def is_sent() -> bool:
    return ReportDelivery.objects.filter(status="SENT").exists()


def assert_one_of_each(env: dict[str, str], mail_server: MailServer, *, orders: int) -> None:
    report = MonthlyReport.objects.get()
    assert (report.status, report.orders_count, report.claim) == ("READY", orders, "")
    stored = [path for path in Path(env["MEDIA_ROOT"]).rglob("*") if path.is_file()]
    assert [str(path.relative_to(env["MEDIA_ROOT"])) for path in stored] == [report.file.name]
    assert delivery() == ReportDelivery.objects.get()
    (message,) = mail_server.received
    assert message["Message-ID"] == ReportDelivery.objects.get().message_id
    (attached,) = message.iter_attachments()
    assert attached.get_content() == stored[0].read_bytes()


# --- Runs by hand and by beat -----------------------------------------------------------------------------------------
def test_the_command_hands_the_report_to_a_worker_that_mails_it(env, worker, mail_server) -> None:
    last_months_orders(5)
    worker()
    assert "is being made" in command(env)
    wait_until(is_sent, what="a delivery")
    assert_one_of_each(env, mail_server, orders=5)


def test_beat_starts_it_and_however_often_it_does_there_is_one(
    env, worker, start, tmp_path, mail_server
) -> None:
    last_months_orders(5)
    found = worker()
    beat = start("beat", "--schedule", str(tmp_path / "schedule"), "--loglevel", "INFO")
    wait_until(is_sent, what="a delivery")
    wait_until(lambda: found.output.count("send_monthly_report") > 8, what="beat's third time")
    beat.stop()
    assert beat.output.count("Sending due task monthly-report (clients.reports.tasks.send_last_month)") >= 2
    assert_one_of_each(env, mail_server, orders=5)


# --- Killed -----------------------------------------------------------------------------------------------------------
def test_a_worker_killed_in_the_middle_is_relieved_by_the_next(env, worker, mail_server) -> None:
    last_months_orders(5)
    first = worker()
    with nobody_can_read_orders():
        command(env)
        wait_until(lambda: half_reports(env), what="a report that has begun")
        first.kill()
        assert MonthlyReport.objects.get().claim != ""
    worker()
    wait_until(is_sent, what="a delivery by the second worker")
    assert half_reports(env) == []
    assert_one_of_each(env, mail_server, orders=5)


def test_a_worker_whose_child_is_killed_gives_the_report_to_another_child(env, worker, mail_server) -> None:
    last_months_orders(5)
    parent = worker()
    with nobody_can_read_orders():
        command(env)
        wait_until(lambda: half_reports(env), what="a report that has begun")
        for child in parent.children():
            os.kill(child, signal.SIGKILL)
    wait_until(is_sent, what="a delivery by the second child")
    assert_one_of_each(env, mail_server, orders=5)


def test_a_report_that_outlasts_the_visibility_timeout_is_not_made_twice(env, worker, mail_server) -> None:
    last_months_orders(5)
    both = [worker(), worker()]
    with nobody_can_read_orders():
        command(env)
        wait_until(lambda: half_reports(env), what="a report that has begun")
        wait_until(
            lambda: any("Retry in" in found.output for found in both),
            what="the other worker, told that it is busy",
        )
        time.sleep(2 * 2)  # two leases: the claim is renewed, or it would be taken over
        assert len(half_reports(env)) == 1
    wait_until(is_sent, what="a delivery")
    assert_one_of_each(env, mail_server, orders=5)


# --- The queue is lost ------------------------------------------------------------------------------------------------
def test_a_report_whose_task_was_lost_is_made_all_the_same(worker, start, tmp_path) -> None:
    lost = baker.make(MonthlyReport, month=(MONTH - timedelta(days=1)).replace(day=1))
    MonthlyReport.objects.update(created_at=timezone.now() - OVERDUE)
    worker()
    start("beat", "--schedule", str(tmp_path / "schedule"), "--loglevel", "INFO")
    wait_until(lambda: lost.deliveries.filter(status="SENT").exists(), what="a delivery of the lost report")


# --- The mail server --------------------------------------------------------------------------------------------------
def test_a_mail_server_that_is_down_gets_the_report_when_it_is_back(env, worker) -> None:
    last_months_orders(5)
    with MailServer() as gone:
        env["EMAIL_URL"] = f"smtp://127.0.0.1:{gone.port}"
    worker()
    command(env)
    wait_until(lambda: (found := delivery()) and found.attempts >= 3, what="three attempts")
    waiting = delivery()
    assert (waiting.status, waiting.last_error) == (
        "PENDING",
        "ConnectionRefusedError: [Errno 111] Connection refused",
    )
    with MailServer(gone.port) as back:
        wait_until(is_sent, what="a delivery")
        assert_one_of_each(env, back, orders=5)
    assert (delivery().last_error, delivery().next_attempt_at) == ("", None)
    assert delivery().message_id == waiting.message_id


def test_one_refused_recipient_does_not_keep_the_report_from_the_others(env, worker, mail_server) -> None:
    env["REPORT_RECIPIENTS"] = f"nobody@mail.com,{BOSS}"
    mail_server.refuse["nobody@mail.com"] = "550 no such user"
    worker()
    command(env)
    wait_until(is_sent, what="a delivery")
    refused = wait_until(lambda: ReportDelivery.objects.filter(status="FAILED").first(), what="a refusal")
    assert (refused.recipient, refused.attempts, refused.last_error) == (
        "nobody@mail.com",
        1,
        "550 no such user",
    )
    assert [message["To"] for message in mail_server.received] == [BOSS]
