"""Makes the secrets of this installation: once, into a volume, each in a file of its own.

What is there already is never made again: another SECRET_KEY would sign everybody out, another password would lock the
CRM out of its database. `secret_key` is for the CRM alone; the other files are read by accounts of other images.
"""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

FOLDER = Path("/run/crm")
# How each is made, and who may read it. Letters and digits only: the passwords stand in addresses.
SECRETS: dict[str, tuple[Callable[[], str], int]] = {
    "secret_key": (lambda: secrets.token_urlsafe(50), 0o400),
    "postgres_password": (lambda: secrets.token_hex(32), 0o444),
    "redis_password": (lambda: secrets.token_hex(32), 0o444),
}


def keep(path: Path, text: str, mode: int) -> bool:
    """Writes the file unless there is one, whole or not at all; whether it did."""
    with NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
        Path(draft.name).chmod(mode)
        try:
            path.hardlink_to(draft.name)
        except FileExistsError:
            return False
    return True


def make_secrets(folder: Path) -> list[str]:
    """The names of those that were missing."""
    made = [name for name, (make, mode) in SECRETS.items() if keep(folder / name, make(), mode)]
    password = (folder / "redis_password").read_text(encoding="ascii")
    keep(folder / "redis.conf", f"requirepass {password}\n", 0o444)
    return made


if __name__ == "__main__":
    made = make_secrets(FOLDER)
    sys.stdout.write(f"Made: {', '.join(made)}.\n" if made else "The secrets are kept as they are.\n")
