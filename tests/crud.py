"""What the checks of the client pages share."""

from clients.models import Client

ADA = {"name": "Ada Lovelace", "email": "ada@mail.com", "phone": "+44 20 7946 0000"}


def pages_of(client: Client) -> list[str]:
    return [
        "/clients/",
        "/clients/add/",
        f"/clients/{client.pk}/",
        f"/clients/{client.pk}/edit/",
        f"/clients/{client.pk}/edit/delete/",
    ]
