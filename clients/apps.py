"""The CRM app."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created

from clients.search.sqlite import use_unicode_like


class ClientsConfig(AppConfig):
    """Clients, orders and what an office does with them."""

    name = "clients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("clients.signals")
        import_module("clients.demo.checks")
        if apps.is_installed("channels"):
            import_module("clients.live.reliable.leaving")
        connection_created.connect(use_unicode_like, dispatch_uid="clients.sqlite.like")
