"""Milestone 17 at the same time: merges that meet each other, and orders that come in meanwhile."""

import re
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, connections, transaction
from model_bakery import baker

from clients.merging.merge import MergeError, merge_clients
from clients.models import Client, Order
from clients.orders.detail import saved_with_client
from tests.sentences import listed


def at_once(*actions) -> list[object]:
    """Runs them in threads that start together; what each returned or raised."""
    start, results = Barrier(len(actions)), [None] * len(actions)

    def run(index: int, action) -> None:
        try:
            start.wait(timeout=10)
            results[index] = action()
        except Exception as error:  # the result of this thread, looked at below
            results[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index, action)) for index, action in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def two_clients(milestones) -> tuple[int, int]:
    ids = tuple(baker.make(Client, email=f"{name}@mail.com").pk for name in "ab")
    for pk in ids:
        baker.make(Order, client_id=pk, amount=1, _quantity=3)
    return ids


def assert_one_of_two(results: list[object]) -> None:
    """One merge was done, the other one refused, and no order went."""
    refused = [result for result in results if isinstance(result, MergeError)]
    broken = [result for result in results if isinstance(result, Exception) and result not in refused]
    assert (len(refused), broken) == (1, []), (
        "Of two merges at once one was expected to be done and one to be refused with a MergeError; they came to "
        f"{listed([repr(result) for result in results])}."
    )
    left = (Client.objects.count(), Order.objects.count())
    assert left == (1, 6), (
        f"After two merges at once {left[0]} clients and {left[1]} orders are left; 1 and 6 were expected."
    )


@pytest.mark.required
@pytest.mark.django_db(transaction=True)
def test_a_into_b_while_b_into_a_ends_with_one_client_and_all_orders(two_clients):
    a, b = two_clients
    assert_one_of_two(
        at_once(
            lambda: merge_clients(keep_id=a, merge_id=b, merged_by=None),
            lambda: merge_clients(keep_id=b, merge_id=a, merged_by=None),
        )
    )


@pytest.mark.required
@pytest.mark.django_db(transaction=True)
def test_the_same_merge_twice_at_once_happens_once(two_clients):
    a, b = two_clients
    assert_one_of_two(at_once(*[lambda: merge_clients(keep_id=a, merge_id=b, merged_by=None)] * 2))


@pytest.mark.required
@pytest.mark.django_db(transaction=True)
def test_an_order_added_meanwhile_is_moved_or_refused_but_never_lost(two_clients):
    a, b = two_clients
    _, saved = at_once(
        lambda: merge_clients(keep_id=a, merge_id=b, merged_by=None),
        lambda: saved_with_client(Order(client_id=b, title="Meanwhile", amount=1)),
    )
    assert saved in (True, False), (
        f"Adding an order during a merge raised {saved!r}; it was expected to be moved or refused."
    )
    found, expected = Order.objects.filter(client_id=a).count(), 7 if saved else 6
    assert found == expected, (
        f"An order was {'added' if saved else 'refused'} during a merge; the kept client has {found} orders, "
        f"{expected} were expected."
    )


def try_to_change(pk: int) -> object:
    """Another person's change of this client, from a connection that waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET lock_timeout = '300ms'" if connection.vendor == "postgresql" else "PRAGMA busy_timeout = 300"
        )
    return Client.objects.filter(pk=pk).update(phone="changed meanwhile")


@pytest.mark.required
@pytest.mark.django_db(transaction=True)
def test_while_the_orders_move_nobody_else_can_change_either_client(two_clients):
    """PostgreSQL holds the rows that were locked, SQLite the whole file."""
    a, b = two_clients
    meanwhile: list[object] = []

    def watch(execute, sql, params, many, context):
        if re.match(r"UPDATE\W+clients_order\b", sql) and not meanwhile:
            meanwhile.extend(at_once(*[lambda pk=pk: try_to_change(pk) for pk in (a, b)]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        merge_clients(keep_id=a, merge_id=b, merged_by=None)
    held = [isinstance(result, OperationalError) for result in meanwhile]
    assert held == [True, True], (
        "While the orders moved, somebody else tried to change both clients, which were expected to be locked; that "
        f"came to {listed([repr(one) for one in meanwhile], 'nothing at all')}."
    )


LOCK = re.compile(r"\bFOR( NO KEY)? UPDATE\b.*")


class Locks:
    """Around each query: which clients are locked, in which order. SQLite is shown the queries without the locks."""

    def __init__(self, *clients: int) -> None:
        self.clients = set(clients)
        self.order: list[int] = []

    def __call__(self, execute, sql, params, many, context):
        if LOCK.search(sql):
            named = [value for value in params if value in self.clients]
            self.order += sorted(named) if "ORDER BY" in sql else named
        return execute(sql if connection.vendor == "postgresql" else LOCK.sub("", sql), params, many, context)


def locked_by_a_merge(keep: int, merge: int) -> list[int]:
    """The clients that this merge locks, in its order; it is undone afterwards."""
    locks = Locks(keep, merge)
    able = dict.fromkeys(
        ("has_select_for_update", "has_select_for_no_key_update", "has_select_for_update_of"), True
    )
    with transaction.atomic(), patch.multiple(connection.features, **able), connection.execute_wrapper(locks):
        merge_clients(keep_id=keep, merge_id=merge, merged_by=None)
        transaction.set_rollback(True)
    return locks.order


@pytest.mark.required
def test_both_rows_are_locked_in_the_same_order_whichever_stays(two_clients):
    """Two merges that lock in an order of their own wait for each other for ever."""
    a, b = two_clients
    # A row that is held already may be locked again: nobody waits for it.
    one_way, other_way = (list(dict.fromkeys(locked_by_a_merge(*ids))) for ids in ((a, b), (b, a)))
    assert set(one_way) == {a, b}, (
        f"A merge of {b} into {a} locks {listed(one_way)}; both clients were expected."
    )
    assert one_way == other_way, (
        f"A merge of {b} into {a} locks {listed(one_way)} in this order, one of {a} into {b} "
        f"locks {listed(other_way)}; the same order was expected."
    )
