"""What people type in, checked."""

from copy import copy
from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime

from clients.models import Client, Order
from stages.features import is_active

FORBIDDEN_DOMAIN = "example.com"


class PlainClientForm(forms.ModelForm):
    """A plain ModelForm; what is left when milestone 3 is off.

    `updated_at` is when the client had last been saved as the form was opened: a form that is older than its client is
    refused, with both values to compare, instead of overwriting what somebody else has saved meanwhile.
    """

    updated_at = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Client
        fields = ["name", "email", "phone", "avatar"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: list[tuple[str, str, str]] | None = None
        if self.instance.pk:
            self.initial["updated_at"] = self.instance.updated_at.isoformat()
            # The values as they are stored, kept before the posted ones are put on the instance.
            self.stored = copy(self.instance)
        if not is_active("avatars", request):
            del self.fields["avatar"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and self._is_stale():
            self._report_conflict()
        return cleaned

    def save_if_unchanged(self) -> bool:
        """Saves a valid form. False, with the reason among the form's errors, when another request was quicker.

        Between validating and saving another request can take the e-mail or save the same client: the row is locked
        and looked at again, and the unique index has the last word. Raises Http404 when the client is gone.
        """
        try:
            with transaction.atomic():
                self._lock_and_recheck()
                self.save()
        except ValidationError as error:
            self.add_error(None, error)
        except IntegrityError as error:
            self._explain(error)
        return not self.errors

    def _lock_and_recheck(self) -> None:
        if self.instance.pk is None:
            return
        self.stored = get_object_or_404(Client.objects.select_for_update(), pk=self.instance.pk)
        if self.stored.updated_at != self.instance.updated_at:
            self.instance.updated_at = self.stored.updated_at
            self._report_conflict()

    def _explain(self, refusal: IntegrityError) -> None:
        """Asks the model's own validation what the database refused; a refusal it cannot name is raised again."""
        try:
            self.instance.validate_unique()
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error)
        else:
            raise refusal

    def _is_stale(self) -> bool:
        """Whether the client was saved after the form was opened; a script that sends no time has opened none."""
        opened = self.data.get(self.add_prefix("updated_at"))
        if opened is None:
            return False
        try:
            return (parse_datetime(opened) or datetime.min.replace(tzinfo=UTC)) < self.instance.updated_at
        except (ValueError, TypeError):
            return True

    def _report_conflict(self) -> None:
        """Both values side by side; sent again as it is, the form then overwrites knowingly."""
        self.conflict = [
            (
                str(self.fields[name].label),
                str(self.data.get(self.add_prefix(name), "")),
                str(getattr(self.stored, name)),
            )
            for name in ("name", "email", "phone")
            if str(self.data.get(self.add_prefix(name), "")) != str(getattr(self.stored, name))
        ]
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("updated_at")] = self.instance.updated_at.isoformat()
        self.data = data
        raise ValidationError(
            "Somebody else has saved this client meanwhile. Nothing is overwritten yet: compare the values below, "
            "then save again to keep yours.",
            code="conflict",
        )


class ClientForm(PlainClientForm):
    """Milestone 3: the form with the office's own rule for e-mail addresses."""

    def clean_email(self) -> str:
        """The address in lower case. Raises ValidationError for example.com and its subdomains, in any case."""
        email: str = self.cleaned_data["email"].lower()
        refuse_forbidden_domain(email)
        return email


def refuse_forbidden_domain(email: str) -> None:
    """Raises ValidationError for a lower-case address at example.com or at a subdomain of it."""
    domain = email.rpartition("@")[2].rstrip(".")
    if domain == FORBIDDEN_DOMAIN or domain.endswith(f".{FORBIDDEN_DOMAIN}"):
        raise ValidationError(
            "Addresses at example.com are for examples only. Please enter a real one.",
            code="forbidden_domain",
        )


def posted(request: HttpRequest) -> dict[str, Any]:
    """What a form is bound to: what was posted, be it nothing at all, or nothing on a GET."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def client_form_class(request: HttpRequest) -> type[PlainClientForm]:
    """The form of milestone 3, or the plain one while it is off."""
    return ClientForm if is_active("client-validation", request) else PlainClientForm


class OrderForm(forms.ModelForm):
    """Milestone 8: an order of a client that is already known from the page."""

    class Meta:
        model = Order
        fields = ["title", "amount", "status"]
        widgets = {"amount": forms.NumberInput(attrs={"min": "0", "inputmode": "decimal"})}
