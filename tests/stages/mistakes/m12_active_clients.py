from clients.crud import listing
from clients.querysets import ClientQuerySet
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere, method

CHECK = "test_active_returns_the_clients_with_an_unfinished_order_each_once"

MISTAKES = [
    Mistake(
        "once-for-each-order",
        "The join returns a client as often as it has unfinished orders.",
        CHECK,
        method(ClientQuerySet, "active", lambda self: self.filter(orders__status__in=["NEW", "IN_PROGRESS"])),
    ),
    Mistake(
        "only-new-ones",
        "An order in progress counts as finished.",
        CHECK,
        method(ClientQuerySet, "active", lambda self: self.filter(orders__status="NEW").distinct()),
    ),
    Mistake(
        "one-done-is-enough",
        '`exclude(orders__status="DONE")` drops everybody with one finished order, and keeps those without any.',
        CHECK,
        method(ClientQuerySet, "active", lambda self: self.exclude(orders__status="DONE")),
    ),
    Mistake(
        "turned-round",
        "The list's filter shows everybody but the active ones.",
        "test_the_lists_filter_shows_only_active_clients",
        lambda: everywhere(listing.active_only, lambda request: "active" not in request.GET),
    ),
]
