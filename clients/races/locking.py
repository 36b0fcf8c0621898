"""Rows that are held while they are written: every other writer waits, and what is gone stays gone."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import models


def hold(row: models.Model) -> bool:
    """Locks the row until the transaction around this ends and reads it again; False when it is gone.

    `save()` alone would write a deleted row once more, and every column of a changed one as it was read before.
    """
    rows = type(row)._default_manager.select_for_update()
    try:
        row.refresh_from_db(from_queryset=rows)
    except ObjectDoesNotExist:
        return False
    return True
