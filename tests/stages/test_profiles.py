"""The settings profiles: each loads what its stage needs, and a wrong environment variable stops the start."""

import json

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mini_crm.settings import environment
from tests.processes import python

LOADED = """
import importlib, json, sys
from django.conf import settings
from django.core.management import call_command
importlib.import_module("mini_crm.urls")
call_command("check", fail_level="ERROR", stdout=sys.stderr)
print(json.dumps([settings.CRM_STAGE, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
MIDDLE_ONLY = {"rest_framework", "django_filters", "drf_spectacular"}
ADVANCED_ONLY = {"celery", "kombu", "channels", "daphne", "twisted"}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "mini_crm.settings.production",
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "crm.company.com",
    "DATABASE_URL": "postgres://crm:secret@127.0.0.1:5432/crm",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


def loaded(**environment: str) -> tuple[str, set[str]]:
    """The stage, and the top-level packages in memory once the project has started and its addresses are known."""
    done = python("manage.py", "shell", "--no-imports", "-c", LOADED, **environment)
    assert done.returncode == 0, done.stderr
    stage, packages = json.loads(done.stdout)
    return stage, set(packages)


# --- What a profile loads ---------------------------------------------------------------------------------------------
def test_the_junior_profile_imports_neither_drf_nor_channels_nor_celery():
    stage, packages = loaded(DJANGO_SETTINGS_MODULE="mini_crm.settings.junior")

    assert stage == "junior"
    assert not packages & (MIDDLE_ONLY | ADVANCED_ONLY)


def test_the_middle_profile_adds_drf_but_neither_channels_nor_celery():
    stage, packages = loaded(DJANGO_SETTINGS_MODULE="mini_crm.settings.middle")

    assert stage == "middle"
    assert packages >= MIDDLE_ONLY
    assert not packages & ADVANCED_ONLY


def test_manage_py_takes_the_advanced_profile_by_itself_which_loads_everything():
    stage, packages = loaded()

    assert stage == "advanced"
    assert packages >= MIDDLE_ONLY | {"celery", "channels", "daphne"}


def test_no_profile_waits_for_the_http_client_that_only_a_delivery_needs():
    """A tenth of a second at each start of a worker and of most commands."""
    _, packages = loaded()

    assert "httpx" not in packages


def test_tests_run_with_debug_off():
    assert settings.DEBUG is False


# --- The environment --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "read, name, value, takes",
    [
        (lambda: environment.flag("DEBUG", default=True), "DEBUG", "maybe", "1 or 0"),
        (lambda: environment.database("sqlite://"), "DATABASE_URL", "not an address", "postgres://"),
        (lambda: environment.database("sqlite://"), "DATABASE_URL", "mysql://host/name", "postgres://"),
        (environment.redis, "REDIS_URL", "127.0.0.1:6379", "redis://127.0.0.1:6379/0"),
        (environment.email, "EMAIL_URL", "pigeon://coop", "smtp://"),
        (environment.time_zone, "TIME_ZONE", "Mars/Olympus", "Europe/Berlin"),
        (environment.recipients, "REPORT_RECIPIENTS", "boss@mail.com, nobody", "e-mail addresses"),
        (lambda: environment.rate("API_THROTTLE_ANON", "1/s"), "API_THROTTLE_ANON", "lots", "600/min"),
        (lambda: environment.rate("API_THROTTLE_USER", "1/s"), "API_THROTTLE_USER", "-5/min", "600/min"),
        (lambda: environment.networks("TRUSTED_PROXIES"), "TRUSTED_PROXIES", "the-proxy", "10.0.0.0/8"),
        (
            lambda: environment.origins("CSRF_TRUSTED_ORIGINS"),
            "CSRF_TRUSTED_ORIGINS",
            "crm.company.com",
            "https://",
        ),
        (lambda: environment.required("SECRET_KEY", "a long text"), "SECRET_KEY", "   ", "a long text"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_what_it_takes(monkeypatch, read, name, value, takes):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read()
    said = str(refused.value)

    assert name in said
    assert takes in said
    wrong_part = value.rpartition(", ")[2].strip()
    assert wrong_part in said


@pytest.mark.parametrize("value", ["1", "true", "YES", "on", " On "])
def test_these_words_switch_a_flag_on(monkeypatch, value):
    monkeypatch.setenv("CRM_DEMO", value)

    assert environment.flag("CRM_DEMO", default=False) is True


@pytest.mark.parametrize("value", ["0", "False", "no", "OFF"])
def test_these_words_switch_a_flag_off(monkeypatch, value):
    monkeypatch.setenv("CRM_DEMO", value)

    assert environment.flag("CRM_DEMO", default=True) is False


def test_a_password_in_an_address_is_not_repeated(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://crm:s3cret@db:3306/crm")
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.database("sqlite:///x")
    assert "DATABASE_URL='mysql://crm:…@db:3306/crm' cannot be used" in str(refused.value)


def test_what_is_set_to_nothing_takes_its_default(monkeypatch):
    for name in ("DATABASE_URL", "TIME_ZONE", "DEBUG"):
        monkeypatch.setenv(name, " ")
    assert environment.database("sqlite:///x")["NAME"] == "x"
    assert environment.time_zone() == "UTC"
    assert environment.flag("DEBUG", default=True) is True


def test_what_is_not_set_takes_its_default(monkeypatch):
    for name in (
        "DEBUG",
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "TIME_ZONE",
        "REPORT_RECIPIENTS",
        "ALLOWED_HOSTS",
    ):
        monkeypatch.delenv(name, raising=False)

    assert environment.flag("DEBUG", default=True) is True
    assert environment.database("sqlite:////tmp/crm.sqlite3")["NAME"] == "/tmp/crm.sqlite3"
    assert environment.redis() is None
    assert environment.time_zone() == "UTC"
    assert environment.recipients() == []
    assert environment.words("ALLOWED_HOSTS", ("localhost",)) == ["localhost"]


def test_good_values_are_taken_as_they_are(monkeypatch):
    values = {
        "DATABASE_URL": "postgres://crm:secret@db:5432/crm",
        "REDIS_URL": "rediss://redis:6379/1",
        "TIME_ZONE": "Europe/Berlin",
        "REPORT_RECIPIENTS": " boss@mail.com , chief@mail.com,",
        "TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1",
        "CSRF_TRUSTED_ORIGINS": "https://crm.company.com",
        "API_THROTTLE_ANON": "10/min",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    database = environment.database("sqlite://")
    assert (database["ENGINE"], database["HOST"]) == ("django.db.backends.postgresql", "db")
    assert environment.redis() == "rediss://redis:6379/1"
    assert environment.time_zone() == "Europe/Berlin"
    assert environment.recipients() == ["boss@mail.com", "chief@mail.com"]
    assert environment.networks("TRUSTED_PROXIES") == ["10.0.0.0/8", "192.0.2.1"]
    assert environment.origins("CSRF_TRUSTED_ORIGINS") == ["https://crm.company.com"]
    assert environment.rate("API_THROTTLE_ANON", "600/min") == "10/min"


def test_a_wrong_value_stops_the_start():
    done = python("manage.py", "check", DEBUG="maybe")

    assert done.returncode != 0
    assert "DEBUG='maybe' cannot be used: DEBUG takes 1 or 0" in done.stderr


# --- Production -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
def test_production_does_not_start_without_its_own_settings(name):
    done = python("-c", "import django; django.setup()", **{**PRODUCTION, name: ""})

    assert done.returncode != 0
    assert f"{name}=" in done.stderr
    assert f"{name} takes" in done.stderr


@pytest.mark.parametrize("key", ["short", "django-insecure-mini-crm-for-learning-only-and-longer"])
def test_production_refuses_a_weak_secret_key_without_printing_it(key):
    done = python("-c", "import django; django.setup()", **{**PRODUCTION, "SECRET_KEY": key})

    assert done.returncode != 0
    assert "SECRET_KEY takes a long random text" in done.stderr
    assert key not in done.stderr


def test_production_refuses_debug():
    done = python("-c", "import django; django.setup()", **PRODUCTION, DEBUG="1")

    assert done.returncode != 0
    assert "DEBUG takes nothing but 0 in the production profile" in done.stderr


def test_production_is_locked_and_behind_https():
    code = (
        "import json; from django.conf import settings as s; print(json.dumps([s.CRM_LOCKED, s.CRM_STAGE, s.DEBUG, "
        "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.API_PUBLIC_READ]))"
    )
    done = python("-c", code, **PRODUCTION)

    assert json.loads(done.stdout) == [True, "advanced", False, True, True, True, False], done.stderr
