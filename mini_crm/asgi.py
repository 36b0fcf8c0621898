"""Websockets, and HTTP too where one process serves both (the demo)."""

import gc
import os
from importlib import import_module

from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mini_crm.settings.advanced")
http_application = get_asgi_application()

from clients.live.routing import websocket_application  # noqa: E402  # models can be imported only from here on
from mini_crm.heads import without_bodies  # noqa: E402

application = ProtocolTypeRouter(
    {"http": without_bodies(http_application), "websocket": websocket_application}
)

# The pages, which the first request would import.
import_module(settings.ROOT_URLCONF)

# What has been imported by now stays for good. A thousand sockets make so much work for the garbage collector that it
# would walk over all of that every few orders, and one page in a hundred would hear of an order several times as late.
# Nor does it have to walk over the sockets as often: what they leave behind is nearly always freed without it.
gc.collect()
gc.freeze()
gc.set_threshold(20_000)
