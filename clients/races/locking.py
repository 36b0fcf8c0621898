"""Rows that are held while they are written: every other writer waits, and what is gone stays gone."""

from django.core.exceptions import ObjectDoesNotExist
from django.db import models


def keep_there(model: type[models.Model], pk: int | None) -> bool:
    """Nobody deletes the row until the transaction around this ends; False when it is gone.

    For the row that another one is about to refer to. Several may do so at once.
    """
    return model._default_manager.select_for_update(no_key=True).filter(pk=pk).exists()


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
