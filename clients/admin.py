"""The office's back room: Django's admin."""

from django.contrib import admin

from clients.models import Client


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):
    """Milestone 1: name, e-mail and when; searched by name and e-mail; newest first."""

    list_display = ["name", "email", "created_at"]
    search_fields = ["name", "email"]
    ordering = ["-created_at", "-id"]
    show_full_result_count = False
    readonly_fields = ["created_at", "updated_at"]
