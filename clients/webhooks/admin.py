"""Subscriptions and the log of their deliveries, in the admin of the advanced stage."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from clients.admin import OnlyWhileOn
from clients.models import WebhookDelivery, WebhookSubscription
from clients.races.admin import CheckedAgain
from clients.webhooks.tasks import queue_deliveries


class SubscriptionForm(ModelForm):
    """Without a Meta: the admin makes the fields, by its `formfield_overrides`."""

    def clean_url(self) -> str:
        # Not at the top: it imports httpx, for which every worker and command would wait.
        from clients.webhooks.addresses import AddressRefusedError, parsed  # noqa: PLC0415

        url: str = self.cleaned_data["url"]
        try:
            parsed(url)
        except AddressRefusedError as error:
            raise ValidationError(str(error)) from error
        return url


@admin.register(WebhookSubscription)
class WebhookSubscriptionAdmin(CheckedAgain, OnlyWhileOn):
    """The secret is shown once, while the subscription is being added; copy it to the receiver then."""

    milestone = "live-orders"
    form = SubscriptionForm
    list_display = ["url", "active", "failures", "created_at"]
    list_filter = ["active"]
    actions = ["switch_on"]
    # Django 5.2 asks for the choice; 6 has made it.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_fields(self, request: HttpRequest, obj: WebhookSubscription | None = None) -> list[Any]:
        return ["url", "active", "failures", "created_at"] if obj else ["url", "secret", "active"]

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookSubscription | None = None) -> list[str]:
        return ["failures", "created_at"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: WebhookSubscription, form: ModelForm, change: bool
    ) -> None:
        if "active" in form.changed_data and obj.active:
            obj.failures = 0
        super().save_model(request, obj, form, change)

    @admin.action(description="Switch on again, from zero failures")
    def switch_on(self, request: HttpRequest, queryset: QuerySet[WebhookSubscription]) -> None:
        switched = queryset.update(active=True, failures=0)
        self.message_user(request, f"Switched on: {switched}. What is waiting goes out within minutes.")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(OnlyWhileOn):
    """A log: nothing in it is changed by hand."""

    milestone = "live-orders"
    list_display = [
        "event_id",
        "subscription",
        "status",
        "attempts",
        "response_status",
        "last_error",
        "created_at",
    ]
    list_filter = ["status"]
    list_select_related = ["subscription"]
    show_full_result_count = False
    actions = ["deliver_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="Deliver again", permissions=["view"])
    def deliver_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        ids = list(queryset.order_by().values_list("pk", flat=True))
        again = WebhookDelivery.objects.filter(pk__in=ids)
        again.update(status=WebhookDelivery.Status.PENDING, attempts=0, next_attempt_at=timezone.now())
        queue_deliveries(ids)
        self.message_user(request, f"On their way again: {len(ids)}.")
