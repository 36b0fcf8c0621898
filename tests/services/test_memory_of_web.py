"""Web as production runs it, under its container's limit of memory, when the worst that is allowed comes at once.

Where this account may make a control group, the kernel enforces the limit; what the processes took is added up in any
case.
"""

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import yaml
from django.db import connection

from clients.avatars.uploads import AVATAR_MAX_BYTES
from tests.fixtures import browser_of
from tests.junior.test_06_picture_memory import png
from tests.services.memory import Peak, limited
from tests.services.support import ROOT, environment, free_port, running, wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

KEY = "kR2v9-wQ7zLm_X4tYb8NcJh3PfGsE0aVuKdoIxMe6r1TqW5nZ"
TOKEN = "a" * 32
UPLOADS = LOGINS = 16
UNITS = {"m": 1024**2, "g": 1024**3}


def container_limit() -> int:
    """What docker-compose.yml gives `web`, in bytes."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    limit = compose["services"]["web"]["mem_limit"]
    return int(limit[:-1]) * UNITS[limit[-1]]


@pytest.fixture(scope="session", autouse=True)
def real_servers() -> None:
    assert connection.vendor == "postgresql", "DATABASE_URL must name a PostgreSQL database"
    assert os.environ.get("REDIS_URL"), "REDIS_URL must name a Redis"


@pytest.fixture
def cookies(settings, manager) -> dict[str, str]:
    settings.SECRET_KEY = KEY  # sessions are signed with it
    return {"sessionid": browser_of(manager).cookies["sessionid"].value, "csrftoken": TOKEN}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "tmp").mkdir()
    return environment(
        DJANGO_SETTINGS_MODULE="tests.services.web_settings",
        SECRET_KEY=KEY,
        ALLOWED_HOSTS="127.0.0.1",
        HTTPS_ONLY=0,
        DEBUG=0,
        MEDIA_ROOT=tmp_path / "media",
        # In the container this folder is kept in memory, so what lies there counts.
        TMPDIR=tmp_path / "tmp",
    )


def post(address: str, cookies: dict[str, str], **form: object) -> int:
    """The status of the answer; an answer there must be."""
    headers = {"X-CSRFToken": TOKEN}
    return httpx.post(address, cookies=cookies, headers=headers, timeout=300, **form).status_code


def upload(server: str, cookies: dict[str, str], number: int, picture: bytes) -> int:
    data = {"name": f"Ada {number}", "email": f"ada{number}@mail.com", "phone": ""}
    files = {"avatar": ("me.png", picture, "image/png")}
    return post(f"{server}/clients/add/", cookies, data=data, files=files)


def log_in(server: str, number: int) -> int:
    """With a name that nobody has: the password is hashed all the same, so that the time it takes says nothing."""
    data = {"username": f"nobody{number}", "password": "wrong"}
    return post(f"{server}/accounts/login/", {"csrftoken": TOKEN}, data=data)


def is_up(server: str) -> bool:
    try:
        return httpx.get(f"{server}/health/").text == "ok"
    except httpx.HTTPError:
        return False


def test_the_worst_uploads_and_logins_at_once_stay_below_the_container_s_limit(cookies, env, tmp_path):
    """Sixteen of each, as many as there are threads: pictures of all the bytes and pixels that are allowed."""
    picture = png(6, 4, filling=AVATAR_MAX_BYTES)
    server = f"127.0.0.1:{free_port()}"
    command = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", server, "mini_crm.wsgi")
    server = f"http://{server}"
    with (
        limited(f"mini-crm-{os.getpid()}", container_limit()) as limit,
        running(*limit.started_in(*command), env=env, log=tmp_path / "web.log") as web,
    ):
        wait_until(lambda: is_up(server), what=f"web; {web.output}")
        before = set(web.children())
        with Peak(web.process.pid, tmp_path / "tmp") as peak, ThreadPoolExecutor(UPLOADS + LOGINS) as people:
            uploads = [people.submit(upload, server, cookies, number, picture) for number in range(UPLOADS)]
            logins = [people.submit(log_in, server, number) for number in range(LOGINS)]
            uploaded = Counter(answer.result() for answer in uploads)
            answered = Counter(answer.result() for answer in logins)
        assert limit.kills() == 0
        assert set(web.children()) == before, "a worker was ended and started anew"

    # Taken, or asked again because too many came; a login may also be put off.
    assert uploaded.keys() <= {200, 302}, uploaded
    assert uploaded[302] >= 2, uploaded
    assert answered.keys() <= {200, 403, 429, 503}, answered
    assert peak.most_at_once > len(before) + 1, "no decoder was seen, so none was measured"
    assert peak.together < container_limit(), f"{peak.together / 1e6:.0f} MB; {uploaded}, {answered}"
