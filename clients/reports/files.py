"""Where report files are kept, and how one gets there: whole or not at all.

The names cannot be guessed and the files are readable for the CRM's own account only, because they lie below
MEDIA_ROOT. They are handed out by the download view alone, to staff.
"""

import os
from datetime import date
from pathlib import Path
from uuid import uuid4

from django.core.files.storage import default_storage
from django.utils.crypto import salted_hmac

from clients.models import MonthlyReport

FOLDER = str(MonthlyReport._meta.get_field("file").upload_to)


def stored_name(month: date) -> str:
    """The name below MEDIA_ROOT: the same each time it is made, so there is one file a month."""
    secret = salted_hmac("clients.reports.files", f"{month:%Y-%m}", algorithm="sha256").hexdigest()[:32]
    return f"{FOLDER}orders-{month:%Y-%m}-{secret}.csv"


def new_part(month: date) -> Path:
    """An empty file beside the final one, under a hidden name; what dead workers left of this month goes.

    Call it with the claim on the month's row held.
    """
    folder = Path(default_storage.path(FOLDER))
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob(f".orders-{month:%Y-%m}-*.part"):
        left_over.unlink(missing_ok=True)
    part = folder / f".orders-{month:%Y-%m}-{uuid4().hex}.part"
    part.touch(mode=0o600)
    return part


def publish(part: Path, month: date) -> str:
    """Moves the finished file under its final name, in one step; answers that name."""
    name = stored_name(month)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(default_storage.path(name))
    return name
