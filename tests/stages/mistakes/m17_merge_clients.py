from contextlib import nullcontext
from inspect import unwrap

from django.db import transaction

from clients.accounts.access import crm_login_required
from clients.merging import merge as merging
from clients.merging import views as merge
from clients.models import Client
from clients.orders.querysets import OrderQuerySet
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method, route


def locked_as_they_come(*ids):
    return {pk: Client.objects.select_for_update().get(pk=pk) for pk in ids if Client.objects.filter(pk=pk)}


def not_locked(*ids):
    return Client.objects.in_bulk(ids)


def only_unfinished_ones_moved(self, **values):
    rows = self.unfinished() if "client" in values else self
    return super(OrderQuerySet, rows).update(**values)


def overwrites(keep, merge):
    return {name: getattr(merge, name) for name in merging.FILLED_IN if getattr(merge, name)}


class NoTransaction:
    """`transaction` as clients/merging/merge.py sees it, without its atomic()."""

    def __getattr__(self, name):
        return nullcontext if name == "atomic" else getattr(transaction, name)


MISTAKES = [
    Mistake(
        "no-transaction",
        "Half a merge stays behind when something goes wrong in the middle.",
        "test_on_an_exception_anywhere_nothing_has_changed",
        method(merging, "transaction", NoTransaction()),
    ),
    Mistake(
        "locks-as-they-come",
        "The rows are locked in the order they were named: A into B and B into A wait for each other for ever.",
        "test_both_rows_are_locked_in_the_same_order_whichever_stays",
        lambda: everywhere(merging.locked, locked_as_they_come),
    ),
    Mistake(
        "nothing-is-locked",
        "Both clients are only read: somebody else may change or merge them meanwhile.",
        "test_both_rows_are_locked_in_the_same_order_whichever_stays",
        lambda: everywhere(merging.locked, not_locked),
    ),
    Mistake(
        "finished-orders-lost",
        "Only unfinished orders are moved; the finished ones are deleted with their client.",
        "test_the_merge_page_moves_all_orders_to_the_kept_client",
        method(OrderQuerySet, "update", only_unfinished_ones_moved),
    ),
    Mistake(
        "overwrites",
        "What the kept client had is overwritten by what the other one had.",
        "test_what_the_kept_client_has_stays",
        lambda: everywhere(merging.empty_fields_filled, overwrites),
    ),
    Mistake(
        "whoever-is-logged-in",
        "Merging is not for staff only.",
        "test_only_staff_may_merge",
        lambda: route("client-merge", lambda view: crm_login_required(unwrap(merge.client_merge))),
    ),
]
