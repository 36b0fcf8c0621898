"""python manage.py load_demo: an empty CRM gets clients and orders to try it out with."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.template.defaultfilters import pluralize
from django.utils import timezone

from clients.demo import accounts
from clients.demo.load import Plan, load
from clients.demo.progress import steps
from clients.models import Client, Order

MOST_CLIENTS: Final = 10_000_000
MOST_ORDERS: Final = 100_000_000
ORDERS_PER_CLIENT: Final = 3


class Command(BaseCommand):
    help = (
        "Loads demo clients and orders, the same ones for the same --seed and --until. "
        "Where there is a client already, nothing is changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clients", type=number_up_to(MOST_CLIENTS), default=300, help="default: 300")
        parser.add_argument("--orders", type=number_up_to(MOST_ORDERS), help="default: three for each client")
        parser.add_argument(
            "--seed", type=int, default=1, help="another number gives other rows (default: 1)"
        )
        parser.add_argument(
            "--until", type=day, help="the last order is from the day before (default: today)"
        )
        parser.add_argument(
            "--accounts",
            action="store_true",
            help='also make admin, manager and learner, password "demo", and two groups',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        plan = planned(options)
        if options["accounts"] and not accounts.are_allowed():
            raise CommandError(
                "Demo accounts have a password that everybody knows: set CRM_DEMO=1 to allow them here."
            )
        if Client._meta.db_table not in connection.introspection.table_names():
            raise CommandError("The database has no tables yet. First run: python manage.py migrate")
        say = self.stdout.write if options["verbosity"] else ignore
        with steps(say) as progress:
            loaded = load(plan, progress)
        say(report(plan) if loaded else what_is_kept())
        if options["accounts"]:
            say(accounts_report(accounts.create_accounts()))
            accounts.create_groups()


def planned(options: dict[str, Any]) -> Plan:
    clients, orders = options["clients"], options["orders"]
    orders = clients * ORDERS_PER_CLIENT if orders is None else orders
    if orders and not clients:
        raise CommandError("Orders need clients: --clients 0 goes with --orders 0 only.")
    return Plan(clients, orders, options["seed"], options["until"] or timezone.localdate())


def report(plan: Plan) -> str:
    return (
        f"Loaded {counted(plan.clients, 'client')} and {counted(plan.orders, 'order')} "
        f"(seed {plan.seed}, until {plan.until})."
    )


def what_is_kept() -> str:
    clients, orders = Client.objects.count(), Order.objects.count()
    return f"Kept as they are: {counted(clients, 'client')} and {counted(orders, 'order')}."


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{pluralize(number)}"


def accounts_report(created: list[str]) -> str:
    if not created:
        return "Demo accounts: kept as they are."
    return f"Demo accounts made, with the password {accounts.PASSWORD}: {', '.join(created)}."


def number_up_to(most: int) -> Callable[[str], int]:
    """An argparse type: a whole number from 0 to `most`."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and int(text) <= most):
            raise ArgumentTypeError(f"{text!r} is not a whole number from 0 to {most:,}")
        return int(text)

    return number


def day(text: str) -> date:
    """An argparse type: a day of this century, which leaves room for the three years before it."""
    try:
        value = date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day; write it like 2026-10-31") from error
    if not 2000 <= value.year <= 2099:
        raise ArgumentTypeError(f"{text!r} is not a day from 2000 to 2099")
    return value


def ignore(text: str) -> None:
    """What is said with --verbosity 0."""
