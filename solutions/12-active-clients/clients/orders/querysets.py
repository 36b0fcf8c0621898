"""A plain solution of milestone 12, Custom manager."""

from typing import Self

from django.db.models import QuerySet


class OrderQuerySet(QuerySet):
    def unfinished(self) -> Self:
        return self.exclude(status="DONE")
