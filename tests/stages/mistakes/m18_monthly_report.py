from clients.models import ReportDelivery
from clients.reports import mailing, months, recipients, writing
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import everywhere


def sent_each_time(delivery_id, *, retry_in):
    delivery = ReportDelivery.objects.select_related("report").get(pk=delivery_id)
    mailing.send(delivery)
    ReportDelivery.objects.filter(pk=delivery_id).update(status=ReportDelivery.Status.SENT)


def all_orders_ever(month):
    columns = ("pk", "created_at", "client_id", "client__name", "client__email", "title", "status", "amount")
    orders = writing.Order.objects.order_by("client__name", "client_id", "created_at", "pk")
    return (writing.Line(*row) for row in orders.values_list(*columns))


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
        "test_a_manager_makes_the_report_by_a_button_and_downloads_it",
        lambda: everywhere(recipients.recipients, list),
    ),
    Mistake(
        "sent-twice",
        "A task that is run again mails the report again.",
        "test_every_step_run_twice_still_gives_one_of_each",
        lambda: everywhere(mailing.deliver, sent_each_time),
    ),
]
