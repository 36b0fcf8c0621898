"""Shortens the waits that are no settings."""

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
        deliver.FIRST_DELAY = 1
        overdue.OVERDUE = timedelta(seconds=5)
