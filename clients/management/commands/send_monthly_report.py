"""`python manage.py send_monthly_report --month 2026-10`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.reports.answers import ask
from clients.reports.months import WrongMonthError, last_month, parse_month
from stages.features import is_active


class Command(BaseCommand):
    help = "Makes the report of a month's orders and mails it to the managers. Run again, it sends what is unsent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", metavar="YYYY-MM", help="the month, last month by default")

    def handle(self, *args: Any, month: str | None = None, **options: Any) -> None:
        if not is_active("monthly-report"):
            raise CommandError(
                "The monthly report is switched off. Turn it on with: python manage.py stages on monthly-report"
            )
        try:
            answer = ask(last_month() if month is None else parse_month(month))
        except WrongMonthError as error:
            raise CommandError(str(error), returncode=2) from error
        if answer.level in {"error", "warning"}:
            raise CommandError(answer.text)
        self.stdout.write(answer.text)
