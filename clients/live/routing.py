"""The websocket addresses."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.urls import path, re_path

from clients.live.origins import OwnPagesOnly, refuse
from clients.live.reliable.consumer import ReliableOrdersConsumer

websocket_urlpatterns = [
    path("ws/orders/", ReliableOrdersConsumer.as_asgi()),
    # Without it Channels answers an unknown address with an error in the log.
    re_path("", refuse),  # type: ignore[arg-type]  # the stubs know path() for views only
]

websocket_application = OwnPagesOnly(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
