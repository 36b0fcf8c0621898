"""The log as staff see it in the admin: what was done in the admin, and what was deleted by page."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest


class LogEntryAdmin(admin.ModelAdmin):
    """Every member of staff reads, nobody writes.

    So a user whom an entry names cannot be deleted in the admin, which would delete the entry too: close the account
    instead (not active).
    """

    list_display = ["action_time", "user", "action_flag", "content_type", "object_repr", "get_change_message"]
    list_filter = ["action_flag"]
    list_select_related = ["user", "content_type"]
    # By id, which has an index; the time has none.
    ordering = ["-id"]
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        """The admin itself lets nobody but staff in."""
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False
