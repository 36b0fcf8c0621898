"""What the cache could not be told when it was to be told it."""

from django.db import models


class ForgetLater(models.Model):
    """The cached lists are to be forgotten, but the cache could not be reached: the next reader does it."""

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"noted at {self.created_at}"
