"""What two people do at the same moment ends in a sentence on the admin's page, as it does on the CRM's own pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse

from clients.models import Client
from clients.races.locking import hold, keep_there


class CheckedAgain(admin.ModelAdmin):
    """A form that the database refuses is checked once more.

    After a form was checked and before it is saved, another request can take the same unique value. Then nothing is
    saved, and the second check finds what the first could not see yet: the form comes back with what was typed in.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            return super().changeform_view(request, *args, **kwargs)


class HeldWhilePosted(admin.ModelAdmin):
    """The row of a posted form is held until it is saved: saving one that was deleted would bring it back."""

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> models.Model | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and not hold(found):
            return None
        return found


class OrderAdminForm(forms.ModelForm):
    """Without a Meta: the admin makes the fields."""

    def clean_client(self) -> Client:
        """Holds the client until the order is saved. Raises ValidationError when it has gone in the meantime."""
        client: Client = self.cleaned_data["client"]
        if not keep_there(Client, client.pk):
            raise ValidationError("This client is not there any more: deleted, or merged into another one.")
        return client
