"""A flip made by one process counts for the next request of another one, on SQLite and without Redis."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from stages.catalog import ROOT

SERVER = """
from wsgiref.simple_server import WSGIRequestHandler, make_server
from django.core.wsgi import get_wsgi_application

class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass

server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """Embedded defaults: a database file of our own, local memory cache, no Redis."""
    left_out = {"REDIS_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    database = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'crm.sqlite3'}"
    return kept | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "mini_crm.settings.junior"}


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def server(environment) -> Iterator[int]:
    """The port of a CRM that is served by another process."""
    manage(environment, "migrate", "--verbosity=0", "--skip-checks")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_a_flip_by_the_command_counts_for_the_next_request_of_a_running_server(server, environment):
    assert get(server, "/clients/")[0] == 302
    assert manage(environment, "stages", "off", "client-crud").startswith("Turned off: Client CRUD (FBV).")
    status, body = get(server, "/clients/")
    assert status == 404
    assert 'data-switched-off="client-crud"' in body
    assert manage(environment, "stages", "on", "client-crud").startswith("Turned on: Client CRUD (FBV).")
    assert get(server, "/clients/")[0] == 302


def test_a_flip_in_the_admins_way_counts_for_the_next_request_too(server, environment):
    flip = "from waffle.models import Flag; flag = Flag.objects.get(name='avatars'); flag.everyone = {}; flag.save()"
    manage(environment, "shell", "--verbosity=0", "--command", flip.format(False))
    assert '<tr id="avatars" data-state="off">' in get(server, "/stages/")[1]
    manage(environment, "shell", "--verbosity=0", "--command", flip.format(True))
    assert '<tr id="avatars" data-state="on">' in get(server, "/stages/")[1]
