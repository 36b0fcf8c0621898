from datetime import timedelta

from clients.reports import months, recipients, writing
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere


def all_orders_ever(month):
    columns = ("pk", "created_at", "client_id", "client__name", "client__email", "title", "status", "amount")
    orders = writing.Order.objects.order_by("client__name", "client_id", "created_at", "pk")
    return (writing.Line(*row) for row in orders.values_list(*columns))


real_bounds = months.bounds


def without_the_last_day(month):
    start, end = real_bounds(month)
    return start, end - timedelta(days=1)


MISTAKES = [
    Mistake(
        "this-month",
        "The report is about the month that has just begun.",
        "test_what_beat_starts_on_the_first_mails_last_months_report",
        lambda: everywhere(months.last_month, months.this_month),
    ),
    Mistake(
        "all-orders-ever",
        "The file has the orders of all months.",
        "test_the_command_mails_last_months_orders_to_the_manager",
        lambda: everywhere(writing.lines_of, all_orders_ever),
    ),
    Mistake(
        "nobody-is-told",
        "The report is made, and no delivery is noted for anybody.",
        "test_the_command_mails_last_months_orders_to_the_manager",
        lambda: everywhere(recipients.recipients, list),
    ),
    Mistake(
        "last-day-left-out",
        "The month ends when its last day begins.",
        "test_the_command_mails_last_months_orders_to_the_manager",
        lambda: everywhere(real_bounds, without_the_last_day),
    ),
]
