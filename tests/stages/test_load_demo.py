"""`python manage.py load_demo`: plausible rows, the same for the same seed, and nothing of the learner's is touched."""

from decimal import Decimal

import pytest
from model_bakery import baker

from clients.demo import pictures
from clients.models import Client, Order
from tests.demo import load_demo, made_clients, made_orders

CLIENT_FIELDS = ("id", "name", "email", "phone", "avatar", "vip", "created_at", "updated_at")


ORDER_FIELDS = ("id", "client", "title", "amount", "status", "created_at")


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

    monkeypatch.setattr("clients.announced.AnnouncingQuerySet.announce_bulk", fail)
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
