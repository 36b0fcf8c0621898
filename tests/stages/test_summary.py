"""The figures behind the dashboard: how they are counted, kept and counted anew."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone
from model_bakery import baker

from clients.dashboard import figures, stored_figures
from clients.models import Client, Order

pytestmark = pytest.mark.django_db


def order_at(moment, amount="10.00", **values):
    made = baker.make(Order, client=values.pop("client", None) or baker.make(Client), amount=Decimal(amount))
    Order.objects.filter(pk=made.pk).update(created_at=moment, **values)


# --- Counting -------------------------------------------------------------------------------------------------------
def test_the_months_run_over_the_turn_of_the_year():
    starts = figures.month_starts(datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    assert len(starts) == 24
    assert (starts[0], starts[-2], starts[-1]) == (
        datetime(2024, 2, 1, tzinfo=UTC),
        datetime(2025, 12, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_a_month_begins_where_the_office_is():
    order_at(datetime(2026, 2, 28, 23, 30, tzinfo=UTC))  # the first of March in Berlin
    with timezone.override(ZoneInfo("Europe/Berlin")), time_machine.travel("2026-03-10 12:00:00+00:00"):
        months = figures.by_month(timezone.localtime())
    assert months[-1] == figures.MonthFigures(date(2026, 3, 1), 1, Decimal("10.00"))
    assert months[-2].count == 0


def test_an_order_older_than_the_chart_counts_in_its_status_only():
    order_at(datetime(2020, 1, 1, tzinfo=UTC))
    with time_machine.travel("2026-03-10 12:00:00+00:00"):
        taken = figures.take_figures()
    assert sum(month.count for month in taken.months) == 0
    assert taken.orders_count == 1


def test_the_last_month_is_counted_up_to_the_same_moment():
    order_at(datetime(2026, 2, 10, 11, 59, tzinfo=UTC), "5.00")
    order_at(datetime(2026, 2, 10, 12, 1, tzinfo=UTC), "7.00")
    assert figures.last_month_by(datetime(2026, 3, 10, 12, 0, tzinfo=UTC)) == Decimal("5.00")


def test_a_longer_month_is_compared_with_the_whole_shorter_one():
    order_at(datetime(2026, 2, 28, 23, 0, tzinfo=UTC), "5.00")
    order_at(datetime(2026, 3, 1, 1, 0, tzinfo=UTC), "7.00")
    assert figures.last_month_by(datetime(2026, 3, 31, 12, 0, tzinfo=UTC)) == Decimal("5.00")


def test_without_a_last_month_there_is_no_change():
    with time_machine.travel("2026-03-10 12:00:00+00:00"):
        order_at(datetime(2026, 3, 1, tzinfo=UTC))
        assert figures.take_figures().change is None


def test_the_pieces_of_the_bar_fill_it():
    client = baker.make(Client)
    for status, number in (("NEW", 1), ("IN_PROGRESS", 1), ("DONE", 1)):
        baker.make(Order, client=client, status=status, amount=1, _quantity=number)
    pieces = [(share.left, share.width) for share in figures.by_status()]
    assert pieces == [(0, 333), (333, 333), (666, 334)]


def test_a_status_without_orders_is_there_with_nothing():
    assert [(share.label, share.count, share.width) for share in figures.by_status()] == [
        ("New", 0, 0),
        ("In progress", 0, 0),
        ("Done", 0, 0),
    ]


def test_only_five_clients_are_the_largest_and_a_tie_is_settled():
    clients = [baker.make(Client) for _ in range(6)]
    for client in clients:
        baker.make(Order, client=client, amount=Decimal("3.00"))
    assert [entry.client_id for entry in figures.largest()] == [client.pk for client in clients[:5]]


def test_four_queries_take_all_figures(django_assert_num_queries):
    with django_assert_num_queries(4):
        figures.take_figures()


# --- Keeping --------------------------------------------------------------------------------------------------------
@pytest.fixture
def counted_now(monkeypatch):
    """No thread, whose connection would not see the test's rows: what it would do is done at once."""

    class Now:
        def __init__(self, target, **options):
            self.start = target

    monkeypatch.setattr(stored_figures, "COUNTED_AT_ONCE", 0)
    monkeypatch.setattr(stored_figures.threading, "Thread", Now)
    monkeypatch.setattr(stored_figures.connections, "close_all", lambda: None)


def test_few_orders_are_counted_for_every_page():
    baker.make(Order, client=baker.make(Client), amount=1)
    assert stored_figures.order_figures().orders_count == 1
    assert stored_figures.stored_figures() is None


def test_many_orders_are_counted_behind_the_page_and_kept(counted_now):
    baker.make(Order, client=baker.make(Client), amount=1)
    assert stored_figures.order_figures() is None
    assert stored_figures.order_figures().orders_count == 1
    baker.make(Order, client=baker.make(Client), amount=1)
    assert stored_figures.order_figures().orders_count == 1


def test_after_five_minutes_they_are_counted_anew(counted_now):
    baker.make(Order, client=baker.make(Client), amount=1)
    stored_figures.order_figures()
    baker.make(Order, client=baker.make(Client), amount=1)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert stored_figures.order_figures().orders_count == 1
        assert stored_figures.order_figures().orders_count == 2


def test_this_process_counts_only_once_at_a_time(counted_now, monkeypatch):
    baker.make(Order, client=baker.make(Client), amount=1)
    with stored_figures._counting:
        assert stored_figures.order_figures() is None
    assert stored_figures.stored_figures() is None


def test_the_newer_of_both_caches_is_shown():
    baker.make(Order, client=baker.make(Client), amount=1)
    caches["process"].set(stored_figures.KEY, figures.take_figures())
    baker.make(Order, client=baker.make(Client), amount=1)
    caches["default"].set(stored_figures.KEY, figures.take_figures())
    assert stored_figures.stored_figures().orders_count == 2
    caches["default"].clear()
    assert stored_figures.stored_figures().orders_count == 1


def test_a_failed_count_is_logged_and_tried_again(counted_now, monkeypatch, caplog):
    baker.make(Order, client=baker.make(Client), amount=1)
    with monkeypatch.context() as broken:
        broken.setattr(stored_figures, "take_figures", lambda: 1 / 0)
        assert stored_figures.order_figures() is None
    assert "The order figures could not be counted" in caplog.text
    assert stored_figures.order_figures() is None
    assert stored_figures.order_figures().orders_count == 1
