"""No room on the disk: a file system of limited size in the place of the folder."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from clients.forms import NOT_STORED
from tests.services.support import wait_until

GROUP = "The disk"
SIZE = "16k"
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]


def as_root(*command: str) -> bool:
    try:
        return subprocess.run([*AS_ROOT, *command], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:  # no sudo
        return False


@pytest.fixture
def full(not_run):
    """`with full(folder, "what is done") as make_room:` puts a tiny file system there that has no room left."""

    @contextmanager
    def mount(folder: Path, done: str) -> Iterator[Callable[[], object]]:
        if not as_root("mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=777", "tmpfs", str(folder)):
            not_run(done, "only root can mount a file system")
        with ExitStack() as mounted:
            mounted.callback(as_root, "umount", "--lazy", str(folder))
            with (folder / "full").open("wb") as file:
                fill(file.fileno())
            yield mounted.close

    return mount


def fill(descriptor: int) -> None:
    while True:
        try:
            os.write(descriptor, bytes(4096))
        except OSError:
            return


def picture() -> bytes:
    data = BytesIO()
    Image.effect_noise((300, 300), 80).save(data, "PNG")
    return data.getvalue()


def test_full_for_media(office, happens, full):
    done = "The disk is full while somebody uploads an avatar"
    fields = {"name": "Ada", "email": "ada@company.com", "phone": "+49 30 123456"}
    with full(office.media / "avatars", done), happens(done) as fault, office.browser() as browser:
        upload = {"avatar": ("ada.png", picture(), "image/png")}
        answer = browser.post("/clients/add/", data=fields, files=upload)
        fault.load.note(answer)
    assert (answer.status_code, NOT_STORED in answer.text, "ada@company.com" in answer.text) == (
        200,
        True,
        True,
    )
    with office.browser() as browser:
        assert browser.post("/clients/add/", data=fields).status_code == 302


def test_full_for_reports(office, happens, full):
    done = "The disk is full while a report is made"
    with full(office.media / "reports", done), happens(done) as fault:
        office.ask_for_report()
        wait_until(lambda: "No space left" in "".join(office.logs("worker")))
        assert as_root("umount", "--lazy", str(office.media / "reports"))
        fault.over()
