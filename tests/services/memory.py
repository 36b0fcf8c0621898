"""How much memory a program takes, with all its children; and a limit for it like a container's."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

PROC = Path("/proc")
CGROUPS = Path("/sys/fs/cgroup")


# --- What it takes ----------------------------------------------------------------------------------------------------
class Peak:
    """The most that the processes of one session took together, and the files in a folder that is kept in memory."""

    def __init__(self, session: int, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.processes = self.files = self.together = 0
        self.most_at_once = 0
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            pids = pids_of(self.session)
            processes, files = sum(map(high_water, pids)), size_of(self.folder)
            self.most_at_once = max(self.most_at_once, len(pids))
            self.processes, self.files = max(self.processes, processes), max(self.files, files)
            self.together = max(self.together, processes + files)


def pids_of(session: int) -> list[int]:
    """All processes that a program started with `start_new_session` has become."""
    found = []
    for stat in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _, _, rest = stat.read_text().rpartition(")")  # a program's name may hold anything
            if int(rest.split()[3]) == session:
                found.append(int(stat.parent.name))
    return found


def high_water(pid: int) -> int:
    """The most memory this process has had so far, in bytes; pages that are shared count in each process."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def size_of(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += file.stat().st_size
    return total


# --- A limit ----------------------------------------------------------------------------------------------------------
class Limit:
    """A control group of the kernel's. Without the right to make one it limits nothing, and `is_real` says so."""

    def __init__(self, name: str, most: int) -> None:
        old = (CGROUPS / "memory").is_dir()
        self.group = (CGROUPS / "memory" if old else CGROUPS) / name
        self.settings = (
            {"memory.limit_in_bytes": most, "memory.swappiness": 0}
            if old
            else {"memory.max": most, "memory.swap.max": 0}
        )
        self.events = self.group / ("memory.oom_control" if old else "memory.events")
        self.is_real = self._made()

    def _made(self) -> bool:
        try:
            self.group.mkdir()
            for name, value in self.settings.items():
                (self.group / name).write_text(str(value))
        except OSError:
            self.remove()
            return False
        return True

    def kills(self) -> int:
        """How many processes the kernel has ended because the limit was reached."""
        if not self.is_real:
            return 0
        counts = dict(line.split() for line in self.events.read_text().splitlines())
        return int(counts["oom_kill"])

    def remove(self) -> None:
        for _ in range(50):  # until the kernel has cleared away the last process
            with suppress(OSError):
                self.group.rmdir()
            if not self.group.exists():
                return
            time.sleep(0.1)

    def started_in(self, *command: str) -> tuple[str, ...]:
        """`python <command>` as a command that puts itself under the limit first."""
        if not self.is_real:
            return command
        enter = (
            "import os, sys; open(sys.argv[1], 'w').write('0'); "
            "os.execv(sys.executable, [sys.executable, *sys.argv[2:]])"
        )
        return ("-c", enter, str(self.group / "cgroup.procs"), *command)


@contextmanager
def limited(name: str, most: int) -> Iterator[Limit]:
    limit = Limit(name, most)
    try:
        yield limit
    finally:
        limit.remove()
