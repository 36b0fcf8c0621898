#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys

from stages.early import hand_on

WITHOUT_DJANGO = """\
Django is not installed for this Python ({python}).
After `make demo` or `make venv` it is in .venv. Activate that first, then run the same command again:

    source .venv/bin/activate          (Windows: .venv\\Scripts\\activate)
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mini_crm.settings.advanced")
    status = hand_on(sys.argv)
    if status is not None:
        sys.exit(status)
    try:
        # Only now: a command that was handed on works without it, and a missing Django can be put into words.
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "django":
            raise
        sys.exit(WITHOUT_DJANGO.format(python=sys.executable))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
