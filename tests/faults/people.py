"""Who works in the office while faults happen: `python -m tests.faults.people RECEIVER` prints them as JSON."""

import json
import sys

import django

CLIENTS = 40


def made(receiver: str) -> dict[str, object]:
    """Two people who are signed in, clients to add orders to, and one subscriber to webhooks."""
    from django.contrib.auth import get_user_model  # once Django is set up
    from django.test import Client as Browser

    from clients.models import Client, WebhookSubscription

    sessions = {}
    for name in ("learner", "manager"):
        browser = Browser()
        browser.force_login(get_user_model().objects.create_user(name, is_staff=name == "manager"))
        sessions[name] = browser.cookies["sessionid"].value
    people = [
        Client.objects.create(name=f"Client {n}", email=f"client{n}@company.com") for n in range(CLIENTS)
    ]
    WebhookSubscription.objects.create(url=receiver, secret="secret", active=True)  # of a test
    return {"sessions": sessions, "clients": [client.pk for client in people]}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(made(sys.argv[1])))  # its one output
