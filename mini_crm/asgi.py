"""Websockets, and HTTP too where one process serves both (the demo)."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mini_crm.settings.advanced")

application = ProtocolTypeRouter({"http": get_asgi_application()})
