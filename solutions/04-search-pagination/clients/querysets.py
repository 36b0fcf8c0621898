"""A plain solution of milestone 4, Search & pagination."""

from typing import Self

from django.db.models import Q, QuerySet


class ClientQuerySet(QuerySet):
    def search(self, text: str) -> Self:
        """Clients whose name or e-mail contains `text`, upper and lower case alike; all of them for an empty text."""
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))
