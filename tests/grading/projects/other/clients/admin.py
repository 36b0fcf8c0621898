from django.contrib import admin

from .models import Client, Order


class OrderInline(admin.StackedInline):
    model = Order
    extra = 1


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "vip", "created_at"]
    search_fields = ["name", "email"]
    inlines = [OrderInline]
