"""A plain solution of milestone 1, Client model."""

from django.contrib import admin


class ClientAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "created_at"]
    search_fields = ["name", "email"]
    ordering = ["-created_at"]
