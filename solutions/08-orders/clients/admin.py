"""A plain solution of milestone 8, Order model."""

from django.contrib import admin

from clients.models import Order


class OrderInline(admin.TabularInline):
    """Milestone 8: a client's orders on the client's page."""

    model = Order
    fields = ["title", "amount", "status"]
    extra = 1
