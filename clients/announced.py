"""Writes that announce themselves (clients/changes.py): single ones by the model, bulk ones by its QuerySet."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from clients.changes import changed


class AnnouncedModel(models.Model):
    """A table whose writes are announced, each in the transaction of the write."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        adding = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.announce(added=adding)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        # Django's own deletion takes no savepoint either.
        with transaction.atomic(savepoint=False):
            self.announce(added=False)
            return super().delete(*args, **kwargs)

    def announce(self, *, added: bool) -> None:
        """One change; models with more to say override it."""
        changed()


class AnnouncingQuerySet(models.QuerySet):
    """Bulk writes pass by `save()` and `delete()`, so they announce themselves: one summary a call."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        with transaction.atomic():
            created = super().bulk_create(objs, *args, **kwargs)
            self.announce_bulk(created)
        return created

    def update(self, **kwargs: Any) -> int:
        with transaction.atomic():
            self.announce_bulk()
            return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]  # Django's own marker: templates must not call it

    def delete(self) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            self.announce_bulk()
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def announce_bulk(self, created: Iterable[Any] = ()) -> None:
        """One summary for the whole call; QuerySets of models with more to say override it."""
        changed(bulk=True)
