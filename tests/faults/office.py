"""The CRM as it is deployed, on this machine: its four programs, what they need, and what restarts them.

docker-compose.yml says `restart: unless-stopped`; here a thread does the same.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from clients.webhooks import receiver
from tests.faults.servers import Nginx, Postgres, Redis
from tests.services.frozen import Proxy
from tests.services.support import ROOT, MailServer, Program, free_port, wait_until

LONG = bool(os.environ.get("LONG"))
BOSS = "boss@company.com"
TOKEN = "a" * 32
SECRET = "secret"  # of a test


class Office:
    """All of it, with doors in front of PostgreSQL and Redis; `more` is environment for the CRM's own programs."""

    def __init__(self, folder: Path, **more: object) -> None:
        self.folder, self.more = folder, more
        self.media = folder / "media"
        self.programs: dict[str, Program] = {}
        self.commands: dict[str, tuple[str, ...]] = {}
        self.restarts = 0
        self.months = (f"{year}-{month:02}" for year in range(2001, 2020) for month in range(1, 13))
        self._stack, self._end, self._lock = ExitStack(), threading.Event(), threading.RLock()

    # --- Starting and ending ------------------------------------------------------------------------------------------
    def __enter__(self) -> "Office":
        for name in ("postgres", "redis", "proxy"):
            (self.folder / name).mkdir(parents=True)
        for name in ("avatars", "reports"):
            (self.media / name).mkdir(parents=True)
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end.set()
        with self._lock:
            for program in self.programs.values():
                program.kill()
        self._stack.close()

    def _start(self) -> None:
        self.postgres, self.redis = Postgres(self.folder / "postgres"), Redis(self.folder / "redis")
        for server in (self.postgres, self.redis):
            server.start()
            self._stack.callback(server.stop)
        self.postgres.make_database()
        self.postgres_door = self._stack.enter_context(Proxy("127.0.0.1", self.postgres.port))
        self.redis_door = self._stack.enter_context(Proxy("127.0.0.1", self.redis.port))
        self.mail = self._stack.enter_context(MailServer())
        self.receiver = receiver.Rules(SECRET, say=self._told)
        self.told: list[str] = []
        self.before_answer: Callable[[], object] = lambda: None  # of the receiver of webhooks
        self._serve_webhooks()
        web, live = free_port(), free_port()
        self.proxy = Nginx(self.folder / "proxy", web, live, self.media)
        self.url, self.sockets = f"http://127.0.0.1:{self.proxy.port}", f"127.0.0.1:{self.proxy.port}"
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("migrate", "--verbosity", "0")
        people = json.loads(self.python("-m", "tests.faults.people", self.hook))
        self.sessions, self.clients = people["sessions"], people["clients"]
        self._start_programs(web, live)
        self.proxy.start()
        self._stack.callback(self.proxy.stop)
        wait_until(self.is_well, what="the office")
        threading.Thread(target=self._keep, daemon=True).start()

    def _start_programs(self, web: int, live: int) -> None:
        celery = ("-m", "celery", "--app", "mini_crm.celery")
        gunicorn = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{web}")
        uvicorn = ("-m", "uvicorn", "mini_crm.asgi:application", "--port", str(live), "--lifespan", "off")
        worker = (*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
        beat = (*celery, "beat", "--schedule", str(self.folder / "schedule"), "--pidfile", "")
        self.commands = {
            "web": (*gunicorn, "mini_crm.wsgi"),
            "live": (*uvicorn, "--no-access-log", "--no-proxy-headers", "--ws-max-size", "4096"),
            "worker": (*worker, "--loglevel", "INFO"),
            "beat": (*beat, "--loglevel", "INFO"),
        }
        for name in self.commands:
            self.launch(name)

    def launch(self, name: str) -> None:
        log = self.folder / f"{name}-{time.monotonic_ns()}.log"
        self.programs[name] = Program(*self.commands[name], env=self.env, log=log)

    def _keep(self) -> None:
        """Starts again what has ended, a second later."""
        while not self._end.wait(1):
            with self._lock:
                for name, program in self.programs.items():
                    if program.process.poll() is not None and not self._end.is_set():
                        self.restarts += 1
                        self.launch(name)

    # --- Commands -----------------------------------------------------------------------------------------------------
    @property
    def env(self) -> dict[str, str]:
        given = {
            "DJANGO_SETTINGS_MODULE": "mini_crm.settings.production" if LONG else "tests.faults.hurried",
            "SECRET_KEY": "of-the-fault-tests-and-of-nothing-else-in-the-world",
            "DATABASE_URL": self.postgres_door.address(self.postgres.url),
            "REDIS_URL": self.redis_door.address(self.redis.url),
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS_ONLY": 0,
            "TRUSTED_PROXIES": "127.0.0.1",
            "DEBUG": 0,
            "STATEMENT_TIMEOUT": 15 if LONG else 3,
            "MEDIA_ROOT": self.media,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "REPORT_RECIPIENTS": BOSS,
            "WEBHOOK_ALLOW_PRIVATE": 1,
            "API_THROTTLE_USER": "100000/min",
            **self.more,
        }
        return {**os.environ, **{name: str(value) for name, value in given.items()}}

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        return self.python("manage.py", *arguments)

    # --- What people and other programs see ---------------------------------------------------------------------------
    def browser(self, name: str = "learner") -> httpx.Client:
        """Somebody's browser, signed in. An answer that does not come in 30 seconds counts as none."""
        return httpx.Client(
            base_url=self.url,
            cookies={"sessionid": self.sessions[name], "csrftoken": TOKEN},
            headers={"X-CSRFToken": TOKEN},
            timeout=30,
        )

    def ask_for_report(self) -> httpx.Response:
        """Staff asks for one more month's report; no month is asked for twice."""
        month = next(self.months)
        with self.browser("manager") as browser:
            return browser.post("/reports/", data={"month": month}, timeout=60)

    def is_well(self) -> bool:
        """A page, the database behind it and Redis answer."""
        try:
            with self.browser() as browser:
                return all(browser.get(path).is_success for path in ("/health/ready/", "/clients/"))
        except httpx.HTTPError:
            return False

    def _serve_webhooks(self) -> None:
        server = self._stack.enter_context(receiver.make_server(0, self.receiver))
        self.hook = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        self._stack.callback(server.shutdown)

    def _told(self, line: str) -> None:
        self.before_answer()
        self.told.append(line)

    def logs(self, name: str) -> list[str]:
        """What a program has said, in each of its lives."""
        return [path.read_text(errors="replace") for path in sorted(self.folder.glob(f"{name}-*.log"))]

    # --- What happens to it -------------------------------------------------------------------------------------------
    def kill(self, name: str) -> None:
        """SIGKILL to the program and all its children."""
        with self._lock:
            self.programs[name].kill()

    @contextmanager
    def orders_locked(self) -> Iterator[None]:
        """Nobody reads or writes an order: whoever asks is kept in the middle of the request."""
        with self.postgres.connect() as connection, connection.transaction():
            connection.execute("LOCK TABLE clients_order IN ACCESS EXCLUSIVE MODE")
            yield

    # --- What the logs say --------------------------------------------------------------------------------------------
    def log_sizes(self) -> dict[Path, int]:
        return {path: path.stat().st_size for path in self.folder.glob("*.log")}
