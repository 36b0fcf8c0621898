"""What others run: the mail server, and whoever gets webhooks."""

import threading
import time

import pytest

from tests.faults.office import LONG, Office
from tests.faults.rows import fault

GROUP = "Mail servers and receivers of webhooks"
AWAY = 45 if LONG else 3


def hang(verb: str = "") -> None:
    """Longer than EMAIL_TIMEOUT and than webhooks wait, and no longer than the fault."""
    END.wait(AWAY)


def die(verb: str) -> None:
    if verb == "DATA":
        raise ConnectionResetError("the mail server has died")


END = threading.Event()


@pytest.fixture(autouse=True)
def mended(office):
    END.clear()
    yield
    END.set()
    office.mail.before_answer = lambda verb: None
    office.mail.refuse.clear()
    office.receiver.answer = None
    office.before_answer = lambda: None


def test_mail_server_hangs(office, happens):
    with happens(f"The mail server hangs for {AWAY} s while a report is sent"):
        office.mail.before_answer = hang
        office.ask_for_report()
        time.sleep(AWAY)
        END.set()
        office.mail.before_answer = lambda verb: None


def test_mail_server_refuses(office, happens):
    with happens(f"The mail server refuses for {AWAY} s (451) while a report is sent"):
        office.mail.refuse["boss@company.com"] = "451 not now"
        office.ask_for_report()
        time.sleep(AWAY)
        office.mail.refuse.clear()


def test_mail_server_dies(office, happens):
    with happens(f"For {AWAY} s the mail server takes a mail and dies before it says so"):
        office.mail.before_answer = die
        office.ask_for_report()
        time.sleep(AWAY)
        office.mail.before_answer = lambda verb: None


def test_receiver_hangs(office, happens):
    with happens(f"The receiver of webhooks hangs for {AWAY} s"):
        office.before_answer = hang
        time.sleep(AWAY)
        END.set()
        office.before_answer = lambda: None


@pytest.mark.parametrize("answer", [302, 500])
def test_receiver_answers(office, happens, answer):
    with happens(f"The receiver of webhooks answers {answer} for {AWAY} s"):
        office.receiver.answer = answer
        time.sleep(AWAY)
        office.receiver.answer = None


@pytest.mark.skipif(not LONG, reason="takes a minute and more: make test-faults LONG=1")
def test_receiver_answers_500_for_an_hour(folder, book):
    """An hour and all waits between attempts at a sixtieth: five seconds become a twelfth, an hour a minute."""
    hurried = {"DJANGO_SETTINGS_MODULE": "tests.faults.hurried", "HASTE": 60}
    done = "The receiver of webhooks answers 500 for an hour (here a minute, and the waits between attempts a sixtieth)"
    with Office(folder(), **hurried) as office, fault(office, book, GROUP, done):
        office.receiver.answer = 500
        time.sleep(60)
        office.receiver.answer = None
