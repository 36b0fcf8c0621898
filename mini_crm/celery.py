"""The Celery app: `celery -A mini_crm.celery worker` and `… beat`."""

import os

from celery import Celery

import mini_crm.heartbeat  # noqa: F401  # it listens to Celery's signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mini_crm.settings.advanced")

app = Celery("mini_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["clients.reports", "clients.webhooks"])
