"""Production with short waits, so that what takes minutes in real life takes seconds in the run of every change.

`make test-faults LONG=1` takes the production settings as they are.
"""

from datetime import timedelta

from mini_crm.settings.production import *  # noqa: F403  # a settings profile is its base plus a few lines
from mini_crm.settings.production import CELERY_BEAT_SCHEDULE as REAL_SCHEDULE
from mini_crm.settings.production import CELERY_BROKER_TRANSPORT_OPTIONS as REAL_OPTIONS
from mini_crm.settings.production import INSTALLED_APPS as REAL_APPS

INSTALLED_APPS = [*REAL_APPS, "tests.faults.apps.Hurried"]
CELERY_BROKER_TRANSPORT_OPTIONS = {**REAL_OPTIONS, "visibility_timeout": 4, "unacked_restore_interval": 1}
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": timedelta(seconds=1)} if entry["task"].endswith(".sweep") else entry
    for name, entry in REAL_SCHEDULE.items()
}
REPORT_LEASE = 2
REPORT_RETRY_DELAYS = (0.5, 2)
EMAIL_TIMEOUT = 2
