"""Deleting a row while somebody else adds to it."""

from typing import Any

from django.db import models, transaction


class LockedDeletionModel(models.Model):
    """Locks its row before it is deleted, with everything that is being added to it at that moment."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            rows: Any = type(self)._default_manager
            rows.filter(pk=self.pk).held()
            return super().delete(*args, **kwargs)
