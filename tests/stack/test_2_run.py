"""The stack as whoever runs it meets it: scaled, killed, stopped and started, looked into. In this order."""

import json
import subprocess
import time
from collections.abc import Callable

from websockets.sync.client import connect

from tests.stack.conftest import ADDRESS, PORT, Visitor, compose, containers

SOCKET = f"ws://127.0.0.1:{PORT}/ws/orders/"
JOBS = {"secrets", "migrate"}
SERVICES = {"web", "live", "worker", "beat", "postgres", "redis", "proxy"}
SECRETS = ("secret_key", "postgres_password", "redis_password")


def engine(*arguments: str) -> str:
    return subprocess.run(
        ["docker", *arguments], capture_output=True, text=True, timeout=60, check=True
    ).stdout


def details() -> dict[str, dict]:
    """What the engine knows of each container, by its name."""
    names = [container["Name"] for container in containers()]
    return {found["Name"].lstrip("/"): found for found in json.loads(engine("inspect", *names))}


def assert_all_well() -> None:
    for container in containers():
        if container["Service"] in JOBS:
            assert (container["State"], container["ExitCode"]) == ("exited", 0), container
        else:
            assert (container["State"], container["Health"]) == ("running", "healthy"), container


def is_well() -> bool:
    try:
        assert_all_well()
    except AssertionError:
        return False
    return True


def wait_until(question: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {containers()}"
        time.sleep(1)


# --- What is running --------------------------------------------------------------------------------------------------
def test_all_services_are_well_and_still_are_some_seconds_later():
    assert {container["Service"] for container in containers()} >= SERVICES | JOBS
    assert_all_well()
    time.sleep(8)
    assert_all_well()
    assert {name: found["RestartCount"] for name, found in details().items() if found["RestartCount"]} == {}


def test_the_only_door_is_on_this_machine():
    published = {
        (container["Service"], port["URL"], port["PublishedPort"])
        for container in containers()
        for port in container["Publishers"] or ()
        if port["PublishedPort"]
    }

    assert published == {("proxy", "127.0.0.1", int(PORT))}


def test_the_crms_processes_are_nobody_and_can_write_nothing_of_their_own():
    for service in ("web", "live", "worker", "beat"):
        assert compose("exec", "-T", service, "id", "-u").strip() == "10001"
        answer = compose("exec", "-T", service, "sh", "-c", "touch /app/x || true")
        assert "Read-only file system" in answer


def test_no_secret_stands_in_an_image_or_in_a_containers_description():
    values = [compose("exec", "-T", "web", "cat", f"/run/crm/{name}").strip() for name in SECRETS]
    images = engine("image", "inspect", "mini-crm", "mini-crm-proxy") + engine(
        "history", "--no-trunc", "mini-crm"
    )
    described = json.dumps(details())

    assert all(len(value) >= 40 for value in values)
    assert [value for value in values if value in images + described] == []
    assert "No such file" in engine_says(
        "run", "--rm", "--entrypoint", "cat", "mini-crm", "/run/crm/secret_key"
    )


def engine_says(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def test_without_crm_demo_nothing_starts_with_the_demos_accounts():
    said = compose(
        "run", "--rm", "--no-deps", "-T", "-e", "CRM_DEMO=0", "web", "gunicorn", "mini_crm.wsgi", check=False
    )

    assert "Everybody knows the password of these accounts: admin, manager, learner." in said
    assert "Listening at" not in said


def test_a_command_in_a_running_container_has_its_secrets():
    assert "[X] 0002_client_avatar" in compose("exec", "-T", "web", "crm", "showmigrations", "clients")


# --- More of it -------------------------------------------------------------------------------------------------------
def test_three_web_and_two_workers_are_one_crm(manager):
    compose("up", "--detach", "--wait", "--no-build", "--scale", "web=3", "--scale", "worker=2")
    assert_all_well()
    assert sum(container["Service"] == "web" for container in containers()) == 3
    assert sum(container["Service"] == "worker" for container in containers()) == 2
    migrations = compose("logs", "--no-color", "migrate").count("Applying clients.0001_client")
    assert migrations == 1

    time.sleep(6)  # as long as the proxy may take to learn of the new ones
    pk, email = a_client(manager)
    for number in range(12):
        answer = manager.fill_in(f"/clients/{pk}/edit/", name=f"Round {number}", email=email, phone="")
        assert answer.status_code == 302
        # Whichever of them made the page last: all of them know that it is out of date.
        assert f"Round {number}" in manager.page(f"/clients/?q={email}").select_one("#client-list").get_text()
    assert len(servers_of("/clients/?q=")) == 3


def a_client(visitor: Visitor) -> tuple[int, str]:
    link = visitor.page("/clients/").select_one("#client-list tbody tr a[href$='/edit/']")
    form = visitor.page(link["href"])
    return int(link["href"].split("/")[2]), form.select_one("input[name=email]")["value"]


def servers_of(path: str) -> set[str]:
    """The addresses that the proxy has fetched such pages from, told by its log."""
    lines = compose("logs", "--no-color", "--no-log-prefix", "proxy").splitlines()
    return {line.split(" ")[7] for line in lines if f"GET {path}" in line}


# --- Accidents --------------------------------------------------------------------------------------------------------
def test_what_dies_is_started_again_by_itself(manager):
    for service, signal in {
        "worker": "TERM",
        "beat": "TERM",
        "live": "TERM",
        "web": "TERM",
        "proxy": "QUIT",
    }.items():
        compose("exec", "-T", "--index", "1", service, "sh", "-c", f"kill -{signal} 1")
    for service, signal in {"redis": "TERM", "postgres": "INT"}.items():
        compose("exec", "-T", "--user", service, service, "sh", "-c", f"kill -{signal} 1")
    wait_until(lambda: restarted() >= SERVICES)
    wait_until(is_well)

    with connect(SOCKET, origin=ADDRESS, additional_headers=manager.socket_headers):
        assert manager.get("/clients/").status_code == 200


def restarted() -> set[str]:
    """The services with a container that the engine has started again by itself."""
    return {
        found["Config"]["Labels"]["com.docker.compose.service"]
        for found in details().values()
        if found["RestartCount"] > 0
    }


def test_everything_is_still_there_after_down_and_up(manager):
    key = compose("exec", "-T", "web", "cat", "/run/crm/secret_key")
    count = manager.get("/api/clients/").json()["count"]
    compose("down", "--timeout", "20")
    compose("up", "--detach", "--wait", "--no-build")
    assert_all_well()

    assert compose("exec", "-T", "web", "cat", "/run/crm/secret_key") == key
    # Still signed in: the key that signs the sessions is the same.
    assert manager.get("/api/clients/").json()["count"] == count
    assert "No migrations to apply." in compose("logs", "--no-color", "migrate")
