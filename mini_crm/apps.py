"""The app that makes Celery known to Django (advanced profile only)."""

from importlib import import_module

from django.apps import AppConfig


class CeleryReady(AppConfig):
    """Imports the Celery app once Django is ready, so that `shared_task` finds it in every process."""

    name = "mini_crm"

    def ready(self) -> None:
        import_module("mini_crm.celery")
