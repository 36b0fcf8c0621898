"""The CRM's tables."""

from clients.models.cache import ForgetLater
from clients.models.client import Client
from clients.models.merge import MergeRecord
from clients.models.order import Order
from clients.models.report import MonthlyReport, ReportDelivery
from clients.models.webhook import WebhookDelivery, WebhookSubscription

__all__ = [
    "Client",
    "ForgetLater",
    "MergeRecord",
    "MonthlyReport",
    "Order",
    "ReportDelivery",
    "WebhookDelivery",
    "WebhookSubscription",
]
