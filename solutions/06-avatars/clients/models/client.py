"""A plain solution of milestone 6, Avatar."""

from django.db import models


class Client(models.Model):
    @property
    def initials(self) -> str:
        """At most two letters to show where there is no avatar."""
        return self.name[:1].upper()
