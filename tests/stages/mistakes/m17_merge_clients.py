from contextlib import nullcontext
from inspect import unwrap

from django.db import transaction

from clients import merging
from clients.access import crm_login_required
from clients.models import Client
from clients.querysets import OrderQuerySet
from clients.views import merge
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method, route


def locked_as_they_come(*ids):
    return {pk: Client.objects.select_for_update().get(pk=pk) for pk in ids if Client.objects.filter(pk=pk)}


def moved_one_by_one(self, **values):
    if "client" not in values:
        return super(OrderQuerySet, self).update(**values)
    moved = list(self)
    for order in moved:
        order.client = values["client"]
        order.save()
    return len(moved)


def overwrites(keep, merge):
    return {name: getattr(merge, name) for name in merging.FILLED_IN if getattr(merge, name)}


class NoTransaction:
    """`transaction` as clients/merging.py sees it, without its atomic()."""

    def __getattr__(self, name):
        return nullcontext if name == "atomic" else getattr(transaction, name)


MISTAKES = [
    Mistake(
        "no-transaction",
        "Half a merge stays behind when something goes wrong in the middle.",
        "test_what_had_been_moved_moves_back_when_the_last_step_fails",
        method(merging, "transaction", NoTransaction()),
    ),
    Mistake(
        "locks-as-they-come",
        "The rows are locked in the order they were named: A into B and B into A wait for each other for ever.",
        "test_both_rows_are_locked_in_the_order_of_their_ids",
        lambda: everywhere(merging.locked, locked_as_they_come),
    ),
    Mistake(
        "one-by-one",
        "Every order is moved by a query of its own.",
        "test_one_update_moves_the_orders_however_many",
        method(OrderQuerySet, "update", moved_one_by_one),
    ),
    Mistake(
        "overwrites",
        "What the kept client had is overwritten by what the other one had.",
        "test_a_phone_that_is_there_is_kept",
        lambda: everywhere(merging.empty_fields_filled, overwrites),
    ),
    Mistake(
        "whoever-is-logged-in",
        "Merging is not for staff only.",
        "test_only_staff_may_merge",
        lambda: route("client-merge", lambda view: crm_login_required(unwrap(merge.client_merge))),
    ),
]
