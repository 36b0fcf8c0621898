"""Subscriptions and deliveries as the checks of webhooks use them."""

from clients.models import WebhookDelivery

SECRET = "a-secret-of-two"
URL = "http://127.0.0.1:8765/orders"
PAYLOAD = {
    "type": "order.created",
    "id": 7,
    "order": {"id": 7, "title": "Стул", "amount": "12.50", "status": "NEW"},
    "client": {"id": 3, "name": "Anna Ek", "orders_count": 1, "orders_total": "12.50"},
}


PENDING, DELIVERED, FAILED = WebhookDelivery.Status
