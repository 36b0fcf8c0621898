"""`python manage.py load_demo`: plausible rows, the same for the same seed, and nothing of the learner's is touched."""

import re
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F
from django.test import RequestFactory
from model_bakery import baker

from clients.demo import load, orders, people, pictures, postgres, progress
from clients.demo.timeline import CLIENT_DAYS, Timeline
from clients.demo.words import DETAILS, DOMAINS, GOODS, TONGUES
from clients.models import Client, Order

UNTIL = date(2026, 11, 23)
CLIENT_FIELDS = ("id", "name", "email", "phone", "avatar", "vip", "created_at", "updated_at")
ORDER_FIELDS = ("id", "client", "title", "amount", "status", "created_at")


def load_demo(*arguments: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command("load_demo", *arguments, "--until", UNTIL.isoformat(), stdout=said)
    return said.getvalue()


def made_clients(count: int, seed: int = 1) -> list[dict[str, str]]:
    rows = people.client_rows(count, seed=seed, timeline=Timeline(UNTIL), first_id=1, pictures={})
    return [dict(zip(people.COLUMNS, row, strict=True)) for row in rows]


def made_orders(count: int, clients: int, seed: int = 1) -> list[dict[str, str]]:
    rows = orders.order_rows(
        count, clients=clients, seed=seed, timeline=Timeline(UNTIL), first_id=1, first_client_id=1
    )
    return [dict(zip(orders.COLUMNS, row, strict=True)) for row in rows]


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch) -> None:
    """Drawing all forty takes longer than the rest of a load."""
    monkeypatch.setattr(pictures, "NEWEST", 5)


# --- Loading ----------------------------------------------------------------------------------------------------------
def test_300_clients_and_900_orders_by_default(milestones, media_root):
    said = load_demo()

    assert (Client.objects.count(), Order.objects.count()) == (300, 900)
    assert said.splitlines() == [
        "Clients: 300",
        "Orders: 900",
        "Loaded 300 clients and 900 orders (seed 1, until 2026-11-23).",
    ]


def test_forty_of_them_have_a_picture_that_exists(milestones, media_root, monkeypatch):
    monkeypatch.setattr(pictures, "NEWEST", 120)
    load_demo()
    named = set(Client.objects.exclude(avatar="").values_list("avatar", flat=True))

    assert len(named) == 40
    assert {path.relative_to(media_root).as_posix() for path in media_root.rglob("*.webp")} == named
    assert Client.objects.newest_first()[0].avatar.name in named, "the first page of the list shows some"


def test_as_many_as_asked_for_and_three_orders_for_each(milestones):
    load_demo("--clients", "7")

    assert (Client.objects.count(), Order.objects.count()) == (7, 21)


@pytest.mark.parametrize("clients, orders_", [(1, 5), (2, 0), (0, 0), (12_000, 3)])
def test_any_size_will_do(milestones, clients, orders_):
    load_demo("--clients", str(clients), "--orders", str(orders_))

    assert (Client.objects.count(), Order.objects.count()) == (clients, orders_)


def test_every_row_would_pass_the_models_own_validation(milestones):
    load_demo("--clients", "60")

    for row in [*Client.objects.all(), *Order.objects.select_related("client")]:
        row.full_clean()


def test_the_rows_are_what_the_orm_would_have_written(milestones):
    """Filters and sums work on them as on any other row, on SQLite with its loose types too."""
    load_demo("--clients", "40", "--orders", "200")
    order = Order.objects.order_by("id")[0]
    twin = baker.make(Order, client=order.client, amount=order.amount, status=order.status)

    assert set(Order.objects.filter(amount=order.amount, status=order.status, client=order.client)) >= {
        order,
        twin,
    }
    assert Order.objects.filter(created_at=order.created_at).get() == order
    assert Client.objects.filter(vip=True).count() + Client.objects.filter(vip=False).count() == 40
    assert isinstance(order.amount, Decimal)


def test_rows_added_afterwards_get_ids_of_their_own(milestones):
    load_demo("--clients", "5", "--orders", "10")

    assert baker.make(Client).pk > max(Client.objects.order_by("pk").values_list("pk", flat=True)[:5])
    assert Order.objects.create(client=Client.objects.all()[0], title="New", amount=1).pk > 10


def test_ids_that_were_given_out_once_are_not_given_out_again(milestones):
    first = baker.make(Client).pk
    Client.objects.all().delete()
    load_demo("--clients", "3")

    assert min(Client.objects.values_list("pk", flat=True)) > first


def test_the_load_announces_itself_once(milestones, monkeypatch, django_capture_on_commit_callbacks):
    heard = []
    monkeypatch.setattr("clients.changes.announce", heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        load_demo("--clients", "5")

    assert [announcement.bulk for announcement in heard] == [True]


def test_a_load_that_fails_leaves_neither_rows_nor_files(milestones, media_root, monkeypatch):
    def fail(self):
        raise ZeroDivisionError

    monkeypatch.setattr("clients.querysets.AnnouncingQuerySet.announce_bulk", fail)
    with pytest.raises(ZeroDivisionError):
        load_demo()

    assert (Client.objects.count(), Order.objects.count()) == (0, 0)
    assert list(media_root.rglob("*.webp")) == []


def test_verbosity_0_says_nothing(milestones):
    assert load_demo("--clients", "3", "--verbosity", "0") == ""


# --- Again ------------------------------------------------------------------------------------------------------------
def test_running_it_again_adds_nothing(milestones):
    load_demo()
    before = list(Client.objects.values_list(*CLIENT_FIELDS))

    assert load_demo("--clients", "500") == "Kept as they are: 300 clients and 900 orders.\n"
    assert list(Client.objects.values_list(*CLIENT_FIELDS)) == before


def test_what_the_learner_changed_is_kept(milestones):
    load_demo("--clients", "10")
    changed, deleted = Client.objects.order_by("pk")[:2]
    Client.objects.filter(pk=changed.pk).update(name="Mine")
    deleted.delete()
    load_demo()

    assert Client.objects.get(pk=changed.pk).name == "Mine"
    assert Client.objects.count() == 9


def test_a_client_of_the_learner_s_own_keeps_the_demo_away(milestones):
    baker.make(Client, name="Ada")
    said = load_demo()

    assert said == "Kept as they are: 1 client and 0 orders.\n"
    assert Client.objects.get().name == "Ada"


# --- The same for the same seed ---------------------------------------------------------------------------------------
def test_the_same_seed_gives_the_same_rows_and_pictures(milestones, media_root):
    load_demo("--clients", "50", "--seed", "7")
    clients, orders_ = list(Client.objects.values(*CLIENT_FIELDS)), list(Order.objects.values(*ORDER_FIELDS))
    files = {path.name: path.read_bytes() for path in media_root.rglob("*.webp")}
    first_client, first_order = clients[-1]["id"], orders_[-1]["id"]
    Client.objects.all().delete()
    load_demo("--clients", "50", "--seed", "7")
    moved = Client.objects.order_by("pk")[0].pk - first_client
    moved_orders = Order.objects.order_by("pk")[0].pk - first_order

    again = Client.objects.values(*CLIENT_FIELDS)
    assert [{**row, "id": row["id"] - moved} for row in again] == clients
    again = Order.objects.values(*ORDER_FIELDS)
    assert [
        {**row, "id": row["id"] - moved_orders, "client": row["client"] - moved} for row in again
    ] == orders_
    assert {path.name: path.read_bytes() for path in media_root.rglob("*.webp")} == files


def test_another_seed_gives_others():
    assert {row["email"] for row in made_clients(50, seed=1)} != {
        row["email"] for row in made_clients(50, seed=2)
    }
    assert made_orders(50, clients=50, seed=1) != made_orders(50, clients=50, seed=2)


# --- Plausible --------------------------------------------------------------------------------------------------------
def test_no_address_comes_twice_however_many_there_are():
    addresses = [row["email"] for row in made_clients(120_000)]

    assert len(set(addresses)) == 120_000
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+[0-9]*@[a-z.-]+", address) for address in addresses[::97])


def test_addresses_come_around_again_with_a_number():
    pairs = len(people.people()) * len(DOMAINS)
    chance = people.Random("x")
    emails = [email for _, email, _ in people.contacts(pairs + 1, chance)]

    assert emails[pairs] == emails[0].replace("@", "2@")


def test_no_mail_can_reach_a_stranger():
    assert {domain for domain in DOMAINS if not domain.endswith(".example")} == {"company.com"}


def test_clients_at_company_com_are_the_vips(milestones):
    load_demo("--clients", "400")

    assert Client.objects.filter(vip=True).count() > 0
    assert set(Client.objects.filter(vip=True)) == set(Client.objects.filter(email__endswith="@company.com"))


def test_names_come_from_many_alphabets():
    names = "".join(row["name"] for row in made_clients(300))

    for alphabet in (r"[Є-я]", r"[α-ω]", r"[一-龥]", r"[가-힣]", r"[ء-ي]", r"[א-ת]", r"[ऀ-ॿ]", r"[àéüñł]"):
        assert re.search(alphabet, names), alphabet


def test_people_s_mailboxes_differ_and_are_plain_letters():
    mailboxes = [person.mailbox for person in people.people()]

    assert len(set(mailboxes)) == len(mailboxes) == 2840
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", mailbox) for mailbox in mailboxes)


def test_no_word_holds_what_means_something_to_copy():
    words = [tongue.first + tongue.last + tongue.phone + tongue.pattern for tongue in TONGUES]
    words += [name for name, _ in GOODS] + list(DETAILS) + list(DOMAINS)

    assert not any(set(word) & set("\t\n\r\\") for word in words)


def test_most_clients_have_a_telephone_and_all_digits_are_filled_in():
    phones = [row["phone"] for row in made_clients(1000)]

    assert 800 < sum(map(bool, phones)) < 900
    assert not any("#" in phone for phone in phones)


def test_clients_and_orders_come_in_order_of_time_by_daylight():
    for rows in (made_clients(500), made_orders(2000, clients=500)):
        times = [row["created_at"] for row in rows]
        assert times == sorted(times)
        assert {time[11:13] for time in times} <= {f"{hour:02}" for hour in range(8, 18)}


def test_the_last_24_months_all_have_orders_and_today_has_none():
    months = {row["created_at"][:7] for row in made_orders(900, clients=300)}

    assert len(months) == 25, "two years, begun and ended within a month"
    assert max(months) == "2026-11"
    assert max(row["created_at"] for row in made_orders(900, clients=300)) < "2026-11-23"


def test_no_order_is_older_than_its_client(milestones):
    load_demo("--clients", "100", "--orders", "2000")

    assert Order.objects.filter(created_at__lt=F("client__created_at")).count() == 0


def test_some_clients_never_order_and_some_order_often(milestones):
    load_demo()
    counts = sorted(Client.objects.annotate(count=Count("orders")).values_list("count", flat=True))

    assert counts.count(0) >= 30
    assert counts[-1] >= 9


def test_old_orders_are_mostly_done_and_new_ones_mostly_not():
    rows = made_orders(10_000, clients=500)
    old = [row["status"] for row in rows if row["created_at"] < "2026-09"]
    new = [row["status"] for row in rows if row["created_at"] > "2026-10"]

    assert 0.94 < old.count("DONE") / len(old) < 0.98
    assert 0.3 < new.count("DONE") / len(new) < 0.5
    assert {*old, *new} == {"NEW", "IN_PROGRESS", "DONE"}


def test_the_timeline_begins_and_ends_where_it_says():
    timeline = Timeline(UNTIL)

    assert timeline.at(0) == "2024-01-15 08:00:00"
    assert timeline.at(CLIENT_DAYS - 1e-9) == "2026-11-22 17:59:59"


def test_a_face_is_the_same_for_the_same_name_only():
    assert pictures.drawn("one") == pictures.drawn("one") != pictures.drawn("two")


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
