"""Milestone 20: what production refuses, what the first start makes, and how the containers know that they are well."""

import os
import stat
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from celery import signals
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from model_bakery import baker

from clients.demo import accounts
from deploy import first_start, healthcheck
from mini_crm import heartbeat
from tests.processes import python, run

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "mini_crm.settings.production",
    "SECRET_KEY": "dkU7-q9xV2m_Lw4RzT8yBn3cJh6PfGsE0aWtKuXoIvYb1NrM5Q",
    "ALLOWED_HOSTS": "crm.company.com",
    "DATABASE_URL": "postgres://crm:secret@127.0.0.1:5432/crm",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "HTTPS_ONLY": "1",
}


# --- Production -------------------------------------------------------------------------------------------------------
@pytest.mark.required
def test_djangos_own_checks_have_nothing_to_say_about_production():
    done = python(
        "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING", **PRODUCTION
    )

    assert done.returncode == 0, (
        "`manage.py check --deploy` complains about the production settings; nothing was expected: "
        f"{done.stderr.strip()}"
    )


@pytest.mark.beyond("hostile")
def test_production_refuses_sqlite_without_showing_the_address():
    done = python(
        "manage.py", "check", **{**PRODUCTION, "DATABASE_URL": "sqlite:////srv/secret-name.sqlite3"}
    )

    assert done.returncode != 0
    assert "DATABASE_URL takes the address of a PostgreSQL database" in done.stderr
    assert "secret-name" not in done.stderr


@pytest.fixture
def production(settings):
    settings.CRM_LOCKED, settings.CRM_DEMO = True, False
    return settings


def refusals() -> list[str]:
    return [message.msg for message in run_checks(databases=["default"]) if message.id == "clients.E001"]


@pytest.mark.beyond("hostile")
@pytest.mark.django_db
def test_production_refuses_the_demos_accounts_by_name(production):
    accounts.create_accounts()
    baker.make(get_user_model(), username="stranger")

    assert refusals() == ["Everybody knows the password of these accounts: admin, manager, learner."]


@pytest.mark.beyond("hostile")
@pytest.mark.django_db
def test_crm_demo_allows_the_demos_accounts(production):
    production.CRM_DEMO = True
    accounts.create_accounts()

    assert refusals() == []


@pytest.mark.beyond("hostile")
@pytest.mark.django_db
def test_an_account_with_a_password_of_its_own_may_have_any_name(production):
    for name in accounts.RIGHTS:
        user = baker.make(get_user_model(), username=name)
        user.set_password("nobody knows this one")
        user.save()

    assert refusals() == []


@pytest.mark.beyond("hostile")
@pytest.mark.django_db
def test_a_demo_account_that_is_locked_does_no_harm(production):
    accounts.create_accounts()
    get_user_model().objects.update(is_active=False)

    assert refusals() == []


@pytest.mark.beyond("hostile")
@pytest.mark.django_db
def test_no_database_is_asked_unless_it_is_named(production, django_assert_num_queries):
    accounts.create_accounts()
    with django_assert_num_queries(0):
        found = [message.id for message in run_checks() if message.id == "clients.E001"]

    assert found == []


# --- The first start --------------------------------------------------------------------------------------------------
def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


@pytest.mark.beyond("hostile")
def test_the_first_start_makes_long_secrets_and_the_second_keeps_them(tmp_path):
    assert first_start.make_secrets(tmp_path) == ["secret_key", "postgres_password", "redis_password"]
    made = {file.name: file.read_text() for file in tmp_path.iterdir()}

    assert first_start.make_secrets(tmp_path) == []
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == made
    assert all(len(made[name]) >= 60 for name in first_start.SECRETS)
    assert made["redis.conf"] == f"requirepass {made['redis_password']}\n"


@pytest.mark.beyond("hostile")
def test_the_signing_key_is_readable_for_the_crm_alone(tmp_path):
    first_start.make_secrets(tmp_path)

    assert modes(tmp_path) == {
        "secret_key": 0o400,
        "postgres_password": 0o444,
        "redis_password": 0o444,
        "redis.conf": 0o444,
    }


@pytest.mark.beyond("hostile")
def test_no_two_installations_have_the_same_secrets(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        first_start.make_secrets(tmp_path / name)

    for name in first_start.SECRETS:
        assert (tmp_path / "one" / name).read_text() != (tmp_path / "two" / name).read_text()


# --- Signs of life ----------------------------------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
def test_the_worker_and_the_container_mean_the_same_file():
    code = "from django.conf import settings; print(settings.HEARTBEAT_FILE)"

    assert python("-c", code, **PRODUCTION).stdout.strip() == str(healthcheck.HEARTBEAT)


@pytest.mark.beyond("hostile")
def test_a_workers_heartbeat_is_seen_and_its_silence_too(settings, tmp_path):
    settings.HEARTBEAT_FILE = tmp_path / "heartbeat"
    assert healthcheck.heartbeat_trouble(30, settings.HEARTBEAT_FILE) == "no sign of life yet"

    signals.heartbeat_sent.send(sender=None)
    assert healthcheck.heartbeat_trouble(30, settings.HEARTBEAT_FILE) == ""

    os.utime(settings.HEARTBEAT_FILE, (time.time() - 100, time.time() - 100))
    assert healthcheck.heartbeat_trouble(30, settings.HEARTBEAT_FILE) == "the last sign of life is 100 s old"


@pytest.mark.beyond("hostile")
def test_beat_is_alive_as_long_as_it_queues_tasks_and_a_web_process_is_not_beat(settings, tmp_path):
    settings.HEARTBEAT_FILE = tmp_path / "heartbeat"
    signals.after_task_publish.send(sender="any.task")
    assert not settings.HEARTBEAT_FILE.exists()

    signals.beat_init.send(sender=None)
    try:
        settings.HEARTBEAT_FILE.unlink()
        signals.after_task_publish.send(sender="any.task")
        assert settings.HEARTBEAT_FILE.exists()
    finally:
        signals.after_task_publish.disconnect(heartbeat.touch)


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "allowed, host",
    [
        ("crm.company.com,localhost", "crm.company.com"),
        (".company.com", "company.com"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_the_container_asks_by_a_name_that_django_answers_to(monkeypatch, allowed, host):
    monkeypatch.setenv("ALLOWED_HOSTS", allowed)

    assert healthcheck.host() == host


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("status, trouble", [(200, ""), (503, "503: not now")])
def test_a_server_is_well_when_it_is_ready(status, trouble):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):  # http.server wants this name
            self.send_response(status if self.path == "/health/ready/" else 404)
            self.end_headers()
            self.wfile.write(b"not now")

        def log_message(self, *args):
            """Nothing on standard error."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        said = healthcheck.http_trouble(server.server_port)
        thread.join()

    assert said == trouble


@pytest.mark.beyond("hostile")
def test_a_server_that_is_gone_is_not_well():
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        port = server.server_port

    assert healthcheck.http_trouble(port).startswith(f"no answer on port {port}")


# --- The proxy's start ------------------------------------------------------------------------------------------------
@pytest.mark.beyond("hostile")
def test_the_proxy_refuses_to_trust_what_is_no_address():
    done = run("sh", "deploy/proxy/start.sh", TRUSTED_PROXIES="10.0.0.1, the-proxy;")

    assert done.returncode == 1
    assert "TRUSTED_PROXIES='the-proxy;' cannot be used: it takes addresses or networks" in done.stderr
