"""`python -m clients.avatars.child`: one picture in on stdin, one out on stdout, under limits that the kernel keeps.

Ends with 0 and the WebP, or with REFUSED and the reason as JSON. Whatever a picture does to the decoder, a crash or an
endless loop among it, ends this process and no other.
"""

import json
import sys
from typing import Final

from clients.avatars import drawing

if (
    sys.platform != "win32"
):  # Windows has no such limits: there only the time that the parent waits is bounded
    import resource

REFUSED: Final = 3
CPU_SECONDS: Final = 10
# The interpreter with Pillow, the upload twice, `drawing.MAX_DECODING`, and a third of that in reserve.
MEMORY: Final = 160 * 1024 * 1024


def main() -> int:
    limit_resources()
    try:
        sys.stdout.buffer.write(drawing.drawn_anew(sys.stdin.buffer.read()))
    except drawing.RefusedPictureError as refusal:
        sys.stdout.write(json.dumps({"code": refusal.code, **refusal.details}))
        return REFUSED
    return 0


def limit_resources() -> None:
    """From here on the kernel ends this process after CPU_SECONDS, and gives it no more than MEMORY."""
    if sys.platform == "win32":
        return
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        # What it allocates; not RLIMIT_AS, which counts libraries and locales too, and those differ between machines.
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    sys.exit(main())
