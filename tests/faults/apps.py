"""Shortens the waits that are no settings."""

import os
from datetime import timedelta

from django.apps import AppConfig


class Hurried(AppConfig):
    """For tests/faults/hurried.py."""

    name = "tests.faults"
    label = "hurried"

    def ready(self) -> None:
        from clients.reports import overdue  # models are there only now
        from clients.webhooks import deliver

        deliver.LEASE = timedelta(seconds=8)  # above the longest attempt of a receiver that hangs: 5 s
        deliver.OVERDUE = timedelta(seconds=2)
        haste = int(os.environ.get("HASTE", "5"))
        deliver.FIRST_DELAY, deliver.LONGEST_DELAY = 5 / haste, 3600 / haste
        overdue.OVERDUE = timedelta(seconds=5)
