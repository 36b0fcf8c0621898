"""A client of the office."""

from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse

from clients.avatars import uploads as avatars
from clients.changes import changed
from clients.fields import AvatarField, LowercaseEmailField
from clients.querysets import ClientQuerySet


class Client(models.Model):
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

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> "Client":
        """Remembers the stored avatar, so that a replaced file can be cleaned up; `options` are Django 6.1's."""
        client = super().from_db(db, field_names, values, **options)
        client._stored_avatar = client.__dict__.get("avatar", "")
        return client

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Remembers the avatar that is stored by now."""
        super().refresh_from_db(*args, **kwargs)
        fields = args[1] if len(args) > 1 else kwargs.get("fields")
        if fields is None or "avatar" in fields:
            # As text: the file's object would change along with the field.
            self._stored_avatar = str(self.__dict__.get("avatar", ""))

    def get_absolute_url(self) -> str:
        return reverse("client-detail", args=[self.pk])

    @property
    def initials(self) -> str:
        """At most two letters to show where there is no avatar."""
        words = self.name.split()
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves, announces the change and drops the file of a replaced avatar, all or nothing."""
        with avatars.undone_on_error(self.avatar), transaction.atomic():
            super().save(*args, **kwargs)
            changed()
            if "avatar" in (kwargs.get("update_fields") or ["avatar"]):
                self._discard_replaced_avatar()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Deletes with all orders, those under way too; the avatar's file goes once that is committed."""
        with transaction.atomic():
            changed()
            Client.objects.filter(pk=self.pk).held()
            avatars.discard([self.avatar.name or ""])
            return super().delete(*args, **kwargs)

    def _discard_replaced_avatar(self) -> None:
        present = str(self.avatar.name or "")
        stored, self._stored_avatar = str(getattr(self, "_stored_avatar", "")), present
        if stored and stored != present:
            avatars.discard([stored])
