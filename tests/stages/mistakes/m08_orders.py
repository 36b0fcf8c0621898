from clients.admin import NewestOrdersFormSet, OrderInline
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import method


def none_of_them(self):
    return self.model._default_manager.none()


MISTAKES = [
    Mistake(
        "read-only-inline",
        "The orders are shown but cannot be changed.",
        "test_orders_are_editable_inline",
        method(OrderInline, "has_change_permission", lambda self, request, obj=None: False),
    ),
    Mistake(
        "amount-left-out",
        "The inline forgets the amount.",
        "test_orders_are_visible_inline_on_the_clients_admin_page",
        method(OrderInline, "fields", ["title", "status"]),
    ),
    Mistake(
        "empty-inline",
        "The inline has room for new orders and shows none of those that are there.",
        "test_orders_are_visible_inline_on_the_clients_admin_page",
        method(NewestOrdersFormSet, "get_queryset", none_of_them),
    ),
]
