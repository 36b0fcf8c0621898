"""`manage.py webhook_receiver`: see what a subscriber sees."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clients.models import WebhookSubscription
from clients.webhooks.receiver import Rules, make_server


class Command(BaseCommand):
    help = (
        "Receives order webhooks on this machine and prints them. Subscribes itself, and unsubscribes when it is "
        "stopped by Ctrl+C. The CRM must run with WEBHOOK_ALLOW_PRIVATE=1, or it refuses to call this machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8765)
        parser.add_argument(
            "--answer", type=int, metavar="STATUS", help="answer this instead of 200, to watch retries"
        )

    def handle(self, *args: Any, port: int, answer: int | None, **options: Any) -> None:
        url = f"http://127.0.0.1:{port}/orders"
        subscription, _ = WebhookSubscription.objects.update_or_create(
            url=url, defaults={"active": True, "failures": 0}
        )
        rules = Rules(subscription.secret, answer, self.stdout.write)
        try:
            with make_server(port, rules) as server:
                self.stdout.write(f"Listening on {url}. Add an order. Ctrl+C ends this.")
                server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Unsubscribed.")
        finally:
            subscription.delete()
