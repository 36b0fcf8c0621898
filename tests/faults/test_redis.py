"""Redis goes away, forgets, fills up and dawdles. It holds the queue, the cache and what goes to open pages."""

import signal
import time

from tests.faults.office import LONG

GROUP = "Redis"
AWAY = 10 if LONG else 3


def test_stopped(office, happens):
    with happens(f"Redis is stopped for {AWAY} s"):
        office.redis.stop()
        time.sleep(AWAY)
        office.redis.start()


def test_killed(office, happens):
    with happens("Redis is killed and started again"):
        office.redis.stop(signal.SIGKILL)
        office.redis.start()


def test_flushed(office, happens):
    with happens("Redis is flushed while a report waits in it"):
        office.kill("worker")
        office.ask_for_report()
        office.redis.do(lambda server: server.flushall())


def test_full(office, happens):
    with happens(f"Redis is full and evicts nothing for {AWAY} s"):
        office.redis.do(lambda server: server.config_set("maxmemory-policy", "noeviction"))
        office.redis.do(lambda server: server.config_set("maxmemory", "1mb"))
        time.sleep(AWAY)
        office.redis.do(lambda server: server.config_set("maxmemory", "256mb"))
        office.redis.do(lambda server: server.config_set("maxmemory-policy", "volatile-lru"))


def test_slow(office, happens):
    with happens(f"Redis takes 0.2 s for each answer, for {AWAY} s"):
        office.redis_door.delay = 0.2
        time.sleep(AWAY)
        office.redis_door.delay = 0


def test_frozen(office, happens):
    with happens(f"Redis takes connections and answers nothing for {AWAY} s"):
        office.redis_door.frozen = True
        time.sleep(AWAY)
        office.redis_door.frozen = False
