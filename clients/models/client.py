"""A client of the office."""

from decimal import Decimal

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from clients.announced import AnnouncedModel
from clients.avatars.models import AvatarFilesModel
from clients.fields import AvatarField, LowercaseEmailField
from clients.querysets import ClientQuerySet
from clients.races.models import LockedDeletionModel


class Client(AvatarFilesModel, LockedDeletionModel, AnnouncedModel):
    """One client. The e-mail is unique and always lower case, whichever way it comes in."""

    name = models.CharField(max_length=200)
    email = LowercaseEmailField(
        unique=True, error_messages={"unique": "There is already a client with this e-mail address."}
    )
    phone = models.CharField(max_length=50, blank=True)
    avatar = AvatarField(upload_to="avatars/", blank=True)
    vip = models.BooleanField("VIP", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Not columns: what ClientQuerySet.with_order_totals adds to a row.
    orders_count: int
    orders_total: Decimal

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            # The list's order; the id makes it the same on every page when times are equal.
            models.Index(fields=["-created_at", "-id"], name="client_newest_first"),
            # The API's other order.
            models.Index(fields=["name", "id"], name="client_by_name"),
        ]
        constraints = [
            # Guards what reaches the table past the field: raw SQL, another program.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="client_email_lower_case",
                violation_error_message="An e-mail address is kept in lower case.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("client-detail", args=[self.pk])

    @property
    def initials(self) -> str:
        """At most two letters to show where there is no avatar."""
        words = self.name.split()
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"
