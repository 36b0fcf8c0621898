"""The servers that the faults happen to: a PostgreSQL and a Redis of their own, and nginx as it is deployed."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg
import redis

from tests.services.support import ROOT, free_port, wait_until

DATABASE = "crm"
CONNECTIONS = 60
# Debian's libfaketime: programs that are started with it see another time.
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), Path("libfaketimeMT.so.1"))


class Server:
    """A program that is started, stopped and killed as often as a fault wants."""

    name = "server"

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / f"{self.name}.log"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        try:
            wait_until(self.runs, what=self.name)
        except AssertionError as error:
            error.add_note(self.log.read_text(errors="replace")[-2000:])
            raise

    def runs(self) -> bool:
        """Whether it answers. One that has ended is started again, as a supervisor does: PostgreSQL ends at once
        while processes of one that was killed are still there.
        """
        if self.process is None or self.process.poll() is not None:
            with self.log.open("ab") as output:
                self.process = subprocess.Popen(
                    self.command(), stdout=output, stderr=output, start_new_session=True, **self.as_whom()
                )
        return self.answers()

    def as_whom(self) -> dict[str, str]:
        """Who runs it, where that must not be root."""
        return {}

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Once it has ended. SIGKILL goes to its children too, as when the machine is switched off."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        self.process.wait(60)
        self.process = None


class Postgres(Server):
    """A cluster that keeps its promises: what is committed is on the disk. Its owner is an ordinary user, `crm`."""

    name = "postgres"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        if self.as_whom():
            shutil.chown(folder, "postgres")
        self._run("initdb", f"--pgdata={self.data}", "--username=postgres", "--auth=trust", "--encoding=UTF8")

    def as_whom(self) -> dict[str, str]:
        """PostgreSQL refuses to run as root, so root lends it to the user that Debian's package made."""
        return {"user": pwd.getpwnam("postgres").pw_name} if os.geteuid() == 0 else {}

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [binary(program), *arguments], capture_output=True, text=True, check=False, **self.as_whom()
        )
        assert done.returncode == 0, done.stderr

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": str(CONNECTIONS),
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [binary("postgres"), "-D", str(self.data), "-p", str(self.port), *settings]

    def make_database(self) -> None:
        with self.connect(user="postgres", database="postgres") as connection:
            connection.execute("CREATE ROLE crm LOGIN")
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER crm")

    @property
    def url(self) -> str:
        return f"postgres://crm@127.0.0.1:{self.port}/{DATABASE}"

    def connect(self, *, user: str = "crm", database: str = DATABASE) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=user, dbname=database, autocommit=True, connect_timeout=3
        )

    def answers(self) -> bool:
        try:
            with self.connect(user="postgres", database="postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def rows(self, query: str, *values: object) -> list[tuple]:
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()


class Redis(Server):
    """As it is deployed: the queue survives a restart, what has an end anyway may be thrown out."""

    name = "redis"

    def command(self) -> list[str]:
        options = {
            "--port": str(self.port),
            "--bind": "127.0.0.1",
            "--dir": str(self.folder),
            "--save": "",
            "--appendonly": "yes",
            "--maxmemory": "256mb",
            "--maxmemory-policy": "volatile-lru",
        }
        return ["redis-server", *(part for pair in options.items() for part in pair)]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        try:
            return self.do(lambda server: server.ping())
        except redis.RedisError:
            return False

    def do(self, what: Callable[[redis.Redis], object]) -> bool:
        with redis.from_url(self.url, socket_timeout=5) as server:
            return bool(what(server))


class Nginx(Server):
    """The deployed configuration, with addresses and folders of this machine in the place of the containers'."""

    name = "proxy"

    def __init__(self, folder: Path, web: int, live: int, media: Path) -> None:
        super().__init__(folder)
        text = (ROOT / "deploy/proxy/nginx.conf").read_text()
        for before, after in {
            "listen 8080;": f"listen 127.0.0.1:{self.port};",
            "web:8000": f"127.0.0.1:{web}",
            "live:8001": f"127.0.0.1:{live}",
            "/tmp/": f"{folder}/",  # what stands in the file
            "/srv/static/": f"{ROOT}/staticfiles/",
            "/srv/pages/": f"{ROOT}/deploy/proxy/pages/",
            "/srv/media/": f"{media}/",
            "/dev/stdout": f"{folder}/access.log",
        }.items():
            assert before in text, f"deploy/proxy/nginx.conf has no {before!r} any more"
            text = text.replace(before, after)
        for name in ("real-ip.conf", "trusted.conf"):
            (folder / name).write_text("")
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(text)

    def command(self) -> list[str]:
        foreground = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        return [nginx, "-e", "/dev/stderr", "-c", str(self.configuration), "-g", foreground]

    def answers(self) -> bool:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False


def binary(name: str) -> str:
    """A program of PostgreSQL's server, the newest that is installed; Debian keeps them out of PATH."""
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    return str(max(found, key=lambda path: int(path.parts[4]), default=name))
