"""load_demo: accounts, wrong options, progress, and many rows on PostgreSQL."""

import re
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory

from clients.demo import load, pictures, postgres, progress
from clients.models import Client
from tests.demo import load_demo


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch) -> None:
    """Drawing all forty takes longer than the rest of a load."""
    monkeypatch.setattr(pictures, "NEWEST", 5)


# --- Accounts ---------------------------------------------------------------------------------------------------------
def test_accounts_are_made_only_when_asked_for(milestones):
    load_demo("--clients", "3")

    assert not get_user_model().objects.exists()


def test_the_three_demo_accounts(milestones, rf: RequestFactory):
    said = load_demo("--clients", "3", "--accounts")

    rights = get_user_model().objects.order_by("username").values_list("username", "is_staff", "is_superuser")
    assert list(rights) == [("admin", True, True), ("learner", False, False), ("manager", True, False)]
    assert "Demo accounts made, with the password demo: admin, manager, learner." in said
    for name in ("admin", "manager", "learner"):
        assert authenticate(rf.post("/accounts/login/"), username=name, password="demo").username == name


def test_an_account_that_is_there_keeps_its_password_and_rights(milestones, learner):
    learner.is_staff = True
    learner.save()
    password = learner.password
    assert "Demo accounts made, with the password demo: admin, manager." in load_demo("--accounts")

    learner.refresh_from_db()
    assert (learner.password, learner.is_staff) == (password, True)
    assert "Demo accounts: kept as they are." in load_demo("--accounts")


def test_production_refuses_demo_accounts_and_loads_nothing(milestones, settings):
    settings.CRM_LOCKED, settings.CRM_DEMO = True, False
    with pytest.raises(CommandError, match="CRM_DEMO=1"):
        load_demo("--accounts")

    assert not get_user_model().objects.exists()
    assert not Client.objects.exists()


def test_production_takes_them_when_it_is_a_demo(milestones, settings):
    settings.CRM_LOCKED = settings.CRM_DEMO = True
    load_demo("--clients", "3", "--accounts")

    assert get_user_model().objects.count() == 3


# --- Wrong options ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--clients=-1"], "'-1' is not a whole number from 0 to 10,000,000"),
        (["--clients", "many"], "'many' is not a whole number"),
        (["--clients", "1.5"], "'1.5' is not a whole number"),
        (["--clients", "٣"], "'٣' is not a whole number"),
        (["--clients", "10000001"], "from 0 to 10,000,000"),
        (["--orders", "100000001"], "from 0 to 100,000,000"),
        (["--clients", "0", "--orders", "1"], "Orders need clients"),
        (["--seed", "x"], "invalid int value: 'x'"),
        (["--until", "tomorrow"], "'tomorrow' is not a day; write it like 2026-10-31"),
        (["--until", "0001-01-01"], "is not a day from 2000 to 2099"),
    ],
)
def test_a_wrong_option_is_refused_in_plain_words(milestones, arguments, message):
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command("load_demo", *arguments)

    assert not Client.objects.exists()


def test_without_tables_it_says_what_to_do(milestones, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(CommandError, match=r"First run: python manage\.py migrate"):
        load_demo()


# --- Progress ---------------------------------------------------------------------------------------------------------
def test_in_a_log_every_full_million_is_a_line(monkeypatch):
    monkeypatch.setattr("sys.stderr", StringIO())
    said = []
    with progress.steps(said.append) as steps, steps("Orders", 2_500_000) as advance:
        for _ in range(5):
            advance(500_000)

    assert said == ["Orders: 1,000,000 of 2,500,000", "Orders: 2,000,000 of 2,500,000", "Orders: 2,500,000"]


def test_in_a_terminal_there_is_a_bar_and_no_line(monkeypatch):
    terminal = StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", terminal)
    said = []
    with progress.steps(said.append) as steps, steps("Orders", 2) as advance:
        advance(2)

    assert said == []
    assert "Orders" in terminal.getvalue()
    assert "2/2" in terminal.getvalue()


def test_rows_come_in_batches_that_fit_into_memory():
    done: list[int] = []
    sizes = [len(batch) for batch in load.batched((("x",) for _ in range(25_000)), done.append)]

    assert sizes == done == [10_000, 10_000, 5_000]
    assert all(one >= two for one, two in pairwise(sizes))


# --- PostgreSQL -------------------------------------------------------------------------------------------------------
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="COPY, sequences and index definitions are PostgreSQL's"
)
def test_at_volume_indexes_and_foreign_keys_are_back_exactly_as_they_were(
    milestones, monkeypatch, media_root: Path
):
    monkeypatch.setattr(postgres, "WORTH_SETTING_ASIDE", 10)
    with connection.cursor() as cursor:
        before = postgres.removable(cursor, [load.CLIENTS, load.ORDERS])
        load_demo("--clients", "20")
        after = postgres.removable(cursor, [load.CLIENTS, load.ORDERS])

    assert sorted(after) == sorted(before)
    assert len(before) > 5
