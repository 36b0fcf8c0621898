"""The files of pictures: they go when no row names them any more, and not before that is committed."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

logger = logging.getLogger(__name__)


def discard(names: Iterable[str]) -> None:
    """Delete these stored files once the transaction around is committed, and not at all if it is rolled back.

    A file that cannot be deleted is logged; it never breaks the write that has already happened.
    """
    wanted = sorted({name for name in names if name})
    if wanted:
        transaction.on_commit(partial(delete_files, wanted), robust=True)


def delete_files(names: Iterable[str]) -> None:
    for name in names:
        try:
            default_storage.delete(name)
        except Exception:  # whatever the storage raises: the next file has its turn all the same
            logger.exception("The avatar file %s could not be deleted.", name)


@contextmanager
def undone_on_error(avatar: FieldFile) -> Iterator[None]:
    """Around a save: a file that the save stored is deleted again when the save fails, as a duplicate e-mail makes it.

    The database forgets a failed write by itself, the storage does not.
    """
    before = avatar.name
    try:
        yield
    except BaseException:
        if avatar.name and avatar.name != before:  # storing turns "x.webp" into "avatars/x.webp"
            delete_files([avatar.name])
        raise
