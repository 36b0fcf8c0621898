"""The advanced profile with short times, so that what takes minutes in real life takes seconds in the checks.

For the programs that test_reports_worker.py starts. CRM_TEST_KEYS keeps one test's queue apart from everybody else's.
"""

import os
from datetime import timedelta

from mini_crm.settings.advanced import *  # noqa: F403  # a settings profile is its base plus a few lines
from mini_crm.settings.advanced import CELERY_BEAT_SCHEDULE as REAL_SCHEDULE
from mini_crm.settings.advanced import CELERY_BROKER_TRANSPORT_OPTIONS as REAL_OPTIONS

CELERY_BROKER_TRANSPORT_OPTIONS = {
    **REAL_OPTIONS,
    "visibility_timeout": 3,
    "unacked_restore_interval": 1,
    "global_keyprefix": os.environ["CRM_TEST_KEYS"],
}
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": timedelta(seconds=1)} for name, entry in REAL_SCHEDULE.items()
}
REPORT_LEASE = 2
REPORT_RETRY_DELAYS = (0.3, 1)
