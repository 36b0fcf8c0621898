"""What people type in, checked."""

import json
import logging
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.db import IntegrityError
from django.http import HttpRequest

from clients.models import Client, Order
from clients.races.conflicts import ConflictForm
from stages.features import is_active

logger = logging.getLogger(__name__)

FORBIDDEN_DOMAIN = "example.com"
NOT_STORED = "The picture could not be stored just now. Choose it again later, or save without one."


class PlainClientForm(ConflictForm):
    """A plain ModelForm; what is left when milestone 3 is off.

    `updated_at` is when the client had last been saved as the form was opened: see clients/races/conflicts.py.
    """

    version_field = "updated_at"
    compared = ("name", "email", "phone")

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
        if not is_active("avatars", request):
            del self.fields["avatar"]

    def version_of(self, row: Any) -> str:
        time: str = row.updated_at.isoformat()
        return time

    def save_if_unchanged(self) -> bool:
        """As for every form; the unique index has the last word when two take one e-mail at the same moment.

        A picture for which there is no room, or no disk, is an error of its field: what was typed in stays.
        """
        try:
            return super().save_if_unchanged()
        except IntegrityError as error:
            self._explain(error)
        except OSError:
            logger.exception("An avatar could not be stored.")
            self.add_error("avatar", NOT_STORED)
        return False

    def _explain(self, refusal: IntegrityError) -> None:
        """Asks the model's own validation what the database refused; a refusal it cannot name is raised again."""
        try:
            self.instance.validate_unique()
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error)
        else:
            raise refusal


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


def client_form_class(request: HttpRequest) -> type[PlainClientForm]:
    """The form of milestone 3, or the plain one while it is off."""
    return ClientForm if is_active("client-validation", request) else PlainClientForm


class OrderForm(forms.ModelForm):
    """Milestone 8: an order of a client that is already known from the page."""

    class Meta:
        model = Order
        fields = ["title", "amount", "status"]
        widgets = {"amount": forms.NumberInput(attrs={"min": "0", "inputmode": "decimal"})}


class OrderEditForm(ConflictForm, OrderForm):
    """The same for an order that is there already. It has no time of change, so its values are its version."""

    version_field = "opened_with"
    compared = ("title", "amount", "status")

    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)

    def version_of(self, row: Any) -> str:
        """A signed digest: it tells nothing, and nobody can make one of values they have not seen."""
        values = [row.pk, *(str(getattr(row, name)) for name in self.compared)]
        return Signer(salt="clients.forms.OrderEditForm").signature(json.dumps(values))

    def save(self, commit: bool = True) -> Order:
        """For the client that the order belongs to by now, which a merge may have changed."""
        self.instance.client_id = self.stored.client_id
        saved: Order = super().save(commit)
        return saved
