"""A list of projects, graded by two of Celery's workers, of which one is killed half-way: none lost, none twice."""

import json
import signal
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from redis.exceptions import ConnectionError as RedisIsAway

from grading import queue
from grading.group import Group, entries
from tests.services.support import Program, environment, wait_until

NUMBER = 20
# A worker with short leases, which grades slowly and writes down whom.
WORKER = """
import sys, time
from pathlib import Path
import django
django.setup()
from grading import queue
from stages.checking.results import Report
def slowly(source, python):
    with open(sys.argv[1], "a") as file:
        file.write(Path(source).name + "\\n")
    time.sleep(0.5)
    return Report((), {"project": Path(source).name})
queue.graded_source, queue.LEASE = slowly, 1
queue.app.conf.broker_transport_options["visibility_timeout"] = 3
queue.app.conf.broker_transport_options["unacked_mutex_expire"] = 2
queue.app.conf.broker_transport_options["unacked_restore_interval"] = 1
queue.work(2)
"""


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """A lost project would be waited for for ever."""

    def lost(*about: object) -> None:
        raise TimeoutError("something was lost")

    before = signal.signal(signal.SIGALRM, lost)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def forget_everything() -> None:
    """Also what a killed worker held, which another would be given later."""
    for key in queue.redis().scan_iter("grading:*"):
        queue.redis().delete(key)


@pytest.fixture
def group(tmp_path, monkeypatch) -> Iterator[Group]:
    monkeypatch.setattr(queue, "LEASE", 1)
    file = tmp_path / "people.csv"
    file.write_text("".join(f"person {n},p{n}\n" for n in range(NUMBER)))
    forget_everything()
    group = Group(entries(file), tmp_path / "grades")
    group.begin(file)
    yield group
    forget_everything()


@pytest.fixture
def workers(tmp_path) -> Iterator[list[Program]]:
    """Two of them."""
    command = ("-c", WORKER, str(tmp_path / "begun"))
    started = [Program(*command, env=environment(), log=tmp_path / f"worker-{n}.log") for n in range(2)]
    try:
        wait_until(lambda: len(queue.app.control.ping(timeout=1)) == 2, what="two workers")
        yield started
    finally:
        for worker in started:
            worker.kill()


def test_two_workers_share_a_list_and_one_is_killed(group, workers, tmp_path):
    told = []
    for entry, _ in queue.run_on_workers(group, None, pytest.fail):
        told.append(entry.name)
        if len(told) == 4:
            workers[0].kill()

    assert sorted(told) == sorted(entry.name for entry in group.entries)
    assert [report.project for _, report in group.reports] == [f"p{n}" for n in range(NUMBER)]
    begun = (tmp_path / "begun").read_text().split()
    assert set(begun) == {f"p{n}" for n in range(NUMBER)}
    # Two at most were under way in the worker that was killed.
    assert len(begun) - NUMBER <= 2


def test_what_a_dying_worker_took_from_redis_is_handed_out_again(group, workers, tmp_path, monkeypatch):
    """Between Redis that gives a task away and the worker that notes it as taken, nobody has it."""
    took = []

    def take(**options):
        took.extend(queue.redis().rpop("grading:grading", 3))
        return ["somebody answers"]

    monkeypatch.setattr(queue.app.control, "ping", take)
    list(queue.run_on_workers(group, None, pytest.fail))
    assert len(took) == 3
    assert len(group.reports) == NUMBER
    assert len((tmp_path / "begun").read_text().split()) == NUMBER


def test_who_starts_the_list_again_gets_what_was_done_meanwhile(group, workers, tmp_path):
    first = queue.run_on_workers(group, None, pytest.fail)
    next(first)
    first.close()  # as by Ctrl-C
    list(queue.run_on_workers(group, None, pytest.fail))
    assert len(group.reports) == NUMBER
    assert len((tmp_path / "begun").read_text().split()) == NUMBER


def test_nobody_answers(group):
    said = []
    waiting = queue.run_on_workers(group, None, said.append)

    class StopError(Exception):
        pass

    def stop(seconds):
        raise StopError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue.time, "sleep", stop)
        with pytest.raises(StopError):
            next(waiting)
    assert said == [queue.NOBODY]


def test_the_crms_own_worker_leaves_them_alone(group):
    """They lie under another name, in another queue: a worker without `--queues` takes `celery`."""
    queue.grade.apply_async(("nowhere", None), task_id="alone")
    redis = queue.redis()
    assert redis.llen("grading:grading") == 1
    assert json.loads(redis.lindex("grading:grading", 0))["headers"]["id"] == "alone"


def test_a_redis_that_is_away_is_told(group, monkeypatch):
    def away(*arguments):
        raise RedisIsAway("refused")

    monkeypatch.setattr(queue, "run_on_workers", away)
    with pytest.raises(CommandError, match="Redis does not answer"):
        call_command(
            "stages",
            "grade",
            "--list",
            str(group.folder.parent / "people.csv"),
            "--results",
            str(group.folder),
        )
