"""Which profile a command runs under: the switches are stored for every profile, and a server shows its own only."""

import os

from django.conf import settings


def profile_line() -> str:
    return (
        f"This command ran under the {settings.CRM_STAGE} profile ({os.environ['DJANGO_SETTINGS_MODULE']}). "
        "A running server shows no more than the stage it was started with (STAGE= of make)."
    )
