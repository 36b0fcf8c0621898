"""The CRM's own programs are killed (SIGKILL) in the middle of their work, and started again as containers are."""

import os
import signal
import threading
import time
from collections import Counter

from tests.faults.open_page import OpenPage
from tests.services.support import wait_until

GROUP = "The CRM's own programs"


def test_web_in_the_middle_of_requests(office, happens):
    with happens("web is killed in the middle of requests"), office.orders_locked():
        time.sleep(0.5)
        office.kill("web")


def test_one_worker_of_web(office, happens):
    with happens("one process of web is killed in the middle of requests"), office.orders_locked():
        time.sleep(0.5)
        os.kill(office.programs["web"].children()[0], signal.SIGKILL)


def test_live_while_orders_come(office, happens):
    with OpenPage(office) as page:
        with happens("live is killed while it tells open pages of orders") as fault:
            wait_until(lambda: page.heard)
            office.kill("live")
        wait_until(lambda: page.heard >= fault.load.acknowledged, what="the page has heard of every order")
    assert page.lines > 1


def test_worker_in_the_middle_of_tasks(office, happens):
    entered = threading.Event()
    with happens("worker is killed in the middle of a webhook and of a report"):
        office.before_answer = lambda: entered.set() or time.sleep(1)
        office.ask_for_report()
        assert entered.wait(20)
        office.kill("worker")
        office.before_answer = lambda: None


def test_worker_between_sending_and_noting(office, happens):
    before = len(office.mail.received)

    def kill_once(verb: str) -> None:
        if verb == "DATA" and len(office.mail.received) == before + 1:
            office.kill("worker")

    with happens("worker is killed after the mail server took a mail and before that is noted"):
        office.mail.before_answer = kill_once
        office.ask_for_report()
        wait_until(lambda: len(office.mail.received) > before, what="the mail")
    office.mail.before_answer = lambda verb: None
    sent = Counter(mail["Message-ID"] for mail in office.mail.received[before:])
    # At least once: whoever gets the second copy can tell that it is the same mail.
    assert list(sent.values()) == [2]


def test_beat(office, happens):
    with happens("beat is killed"):
        office.kill("beat")
