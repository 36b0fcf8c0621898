"""The office's back room: Django's admin."""

import re
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from clients.accounts.forms import AdminLoginForm
from clients.audit.admin import LogEntryAdmin
from clients.models import Client, Order
from clients.orders.querysets import OrderQuerySet
from clients.querysets import LONGEST_SEARCH
from clients.races.admin import CheckedAgain, HeldWhilePosted, OrderAdminForm
from stages.features import is_active

admin.site.login_form = AdminLoginForm
admin.site.register(LogEntry, LogEntryAdmin)


class NewestOrdersFormSet(BaseInlineFormSet):
    """A client's newest orders only: with all 10,000 of a large client the page would take minutes and gigabytes."""

    SHOWN = 20

    def get_queryset(self) -> QuerySet[Order]:
        if not hasattr(self, "_queryset"):
            orders = cast(OrderQuerySet, super().get_queryset())
            self._queryset = orders.filter(pk__in=self._shown_ids(orders))
        return self._queryset

    def _shown_ids(self, orders: OrderQuerySet) -> list[Any]:
        """A posted form names the orders it was opened with; newer ones may have arrived in the meantime."""
        if not self.is_bound:
            return list(orders.newest_first().values_list("pk", flat=True)[: self.SHOWN])
        posted = (
            self.data.get(f"{self.add_prefix(index)}-id", "") for index in range(self.initial_form_count())
        )
        return [pk for pk in posted if pk.isdecimal()]


class OrderInline(admin.TabularInline):
    """Milestone 8: a client's orders on the client's page."""

    model = Order
    formset = NewestOrdersFormSet
    fields = ["title", "amount", "status"]
    extra = 1
    show_change_link = True
    verbose_name_plural = f"orders (the newest {NewestOrdersFormSet.SHOWN}; all of them are under Orders)"


class SearchedAdmin(admin.ModelAdmin):
    """For large tables."""

    # Counting a million rows beside every search result tells nobody anything.
    show_full_result_count = False
    # Where a table names none of its own; a field that completes what is typed needs some.
    search_fields = ["pk"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """A text of thousands of words, more than a statement can ask for, finds nobody."""
        if len(search_term) > LONGEST_SEARCH:
            return queryset.none(), False
        return super().get_search_results(request, queryset, search_term)


@admin.register(Client)
class ClientAdmin(HeldWhilePosted, CheckedAgain, SearchedAdmin):
    """Milestone 1: name, e-mail and when; searched by name and e-mail; newest first."""

    list_display = ["name", "email", "created_at"]
    search_fields = ["name", "email"]
    ordering = ["-created_at", "-id"]
    readonly_fields = ["created_at", "updated_at"]

    def get_inlines(self, request: HttpRequest, obj: Client | None) -> list[type[InlineModelAdmin]]:
        return [OrderInline] if is_active("orders", request) else []

    def get_exclude(self, request: HttpRequest, obj: Client | None = None) -> list[str]:
        return [] if is_active("avatars", request) else ["avatar"]


class OnlyWhileOn(admin.ModelAdmin):
    """The admin of what a milestone brought: while it is off there is no link and no page.

    Deleting stays permitted, because what belongs to a client goes with the client.
    """

    milestone: str

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_active(self.milestone, request) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_active(self.milestone, request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_active(self.milestone, request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_active(self.milestone, request) and super().has_change_permission(request, obj)


@admin.register(Order)
class OrderAdmin(OnlyWhileOn, SearchedAdmin):
    """All orders; a client's own by `?client__id__exact=…`, as the inline's heading says."""

    milestone = "orders"
    form = OrderAdminForm

    list_display = ["title", "client", "amount", "status", "created_at"]
    list_filter = ["status"]
    list_select_related = ["client"]
    # No index answers "contains" for the titles of five million orders.
    search_fields = ["client__email__exact"]
    search_help_text = "The whole e-mail address of a client"
    autocomplete_fields = ["client"]
    ordering = ["-created_at", "-id"]
    readonly_fields = ["created_at"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address fills in (`?client=5`), without a client that cannot be one."""
        initial = super().get_changeform_initial_data(request)
        chosen = str(initial.pop("client", ""))
        return {**initial, "client": chosen} if re.fullmatch("[0-9]{1,18}", chosen) else initial
