"""An office of its own to be photographed: a new database, always the same people and orders, and a clock that stands.

Only for the scripts of this folder: it starts Django itself. The tests have their database from pytest.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import django
from django.conf import settings
from django.core.management import call_command

UNTIL = date(2026, 7, 15)
NOW = datetime(2026, 7, 15, 10, 30, tzinfo=UTC)
RECIPIENT = "manager@office.test"
# The template tag {% now %} does not ask django.utils.timezone.
NOW_TAG = "django.template.defaulttags.datetime"


class Standing(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return NOW.astimezone(tz)


def start_django(folder: Path) -> None:
    """The advanced profile on embedded stand-ins, whatever the surroundings say."""
    for name in ("REDIS_URL", "CRM_DEMO"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mini_crm.settings.advanced",
        "DATABASE_URL": f"sqlite:///{folder / 'office.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": "memorymail://",
        "REPORT_RECIPIENTS": RECIPIENT,
        "TIME_ZONE": "UTC",
        "DEBUG": "0",
    }
    django.setup()
    settings.STATIC_ROOT = folder / "static"
    settings.STATIC_ROOT.mkdir()


def serve_as_in_production() -> None:
    """Static files as the production profile has them: hashed names, compressed beforehand."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def office(*, clients: int = 60, as_in_production: bool = False) -> Iterator["object"]:
    """The running server of a freshly opened office. Once in a process: neither Django nor the reactor starts twice."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        start_django(folder)
        if as_in_production:
            serve_as_in_production()
        with mock.patch("django.utils.timezone.now", return_value=NOW), mock.patch(NOW_TAG, Standing):
            call_command("migrate", verbosity=0)
            call_command("load_demo", clients=clients, seed=1, until=UNTIL, accounts=True, verbosity=0)
            yield from served(folder)


def served(folder: Path) -> Iterator["object"]:
    # Only now: both of them need a Django that has started.
    from mini_crm.asgi import application
    from stages import last_results
    from tests.browser.server import Server

    # The last run of the checks on this machine is nobody else's business.
    last_results.ROOT = folder
    with Server(application) as server:
        yield server
