"""What the checks on real servers share: programs of our own beside the tests, and a mail server to send to."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_until(question: Callable[[], object], *, seconds: float = PATIENCE, what: str = "") -> object:
    """The first answer that is true; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain: {what or question}")


# --- Programs ---------------------------------------------------------------------------------------------------------
def test_database_url() -> str:
    """DATABASE_URL of the database that the tests run in, for programs that are to see the same rows."""
    found = connection.settings_dict
    login = f"{quote(found['USER'])}:{quote(found['PASSWORD'] or '')}".rstrip(":")
    return f"postgres://{login}@{found['HOST'] or '127.0.0.1'}:{found['PORT'] or 5432}/{found['NAME']}"


test_database_url.__test__ = False  # a helper, whatever pytest thinks of its name


def environment(**more: object) -> dict[str, str]:
    """This process' environment, with the tests' database and what else is given."""
    return {
        **os.environ,
        "DATABASE_URL": test_database_url(),
        **{key: str(value) for key, value in more.items()},
    }


class Program:
    """A running program in a process group of its own, so that it goes with all its children."""

    def __init__(self, *command: str, env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=env,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str) -> None:
        def said() -> bool:
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.output}"
            return text in self.output

        try:
            wait_until(said, what=f"“{text}”")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output}") from None

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self) -> None:
        """SIGKILL to it and its children: no clean-up of its own, as when the machine is switched off."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL when that is not enough."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def running(*command: str, env: dict[str, str], log: Path) -> Iterator[Program]:
    """`python <command>` while the block runs."""
    program = Program(*command, env=env, log=log)
    try:
        yield program
    finally:
        program.stop()


# --- Mail -------------------------------------------------------------------------------------------------------------
class MailServer:
    """A mail server that keeps what it gets. `refuse` maps an address to the answer it gets, such as `550 nobody`.

    `before_answer` is called with each command, also after the mail itself (`DATA`); an OSError of its own breaks off.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.received: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.before_answer: Callable[[str], object] = lambda verb: None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "MailServer":
        self._thread.start()
        start = asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**26)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result()
        return self

    def __exit__(self, *exc_info: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError, asyncio.IncompleteReadError):
            await self._talk(reader, writer)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail for tests\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                data = await reader.readuntil(b"\r\n.\r\n")
                self.received.append(message_from_bytes(unstuffed(data), policy=policy.default))
            await asyncio.to_thread(self.before_answer, verb)
            writer.write(f"{self._answer(verb, line)}\r\n".encode())
            await writer.drain()
            if verb == "QUIT":
                return

    def _answer(self, verb: str, line: str) -> str:
        if verb == "RCPT":
            return self.refuse.get(line.partition("<")[2].partition(">")[0], "250 fine")
        return "221 bye" if verb == "QUIT" else "250 fine"


def unstuffed(data: bytes) -> bytes:
    """The message without its end mark and the second dot of lines that begin with one."""
    return data.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
