"""Parts of the sentence that a check says when it is red: who was found, and what a page answered."""

from collections.abc import Iterable

from django.http import HttpResponse

from clients.models import Client

# So many are named; a sentence is read at a glance.
NAMED = 4


def people(found: Iterable[Client | int]) -> str:
    """Clients, or their ids, by name and address: “nobody”, “Ada (ada@mail.com) and Grace (grace@navy.org)”."""
    ids = [one.pk if isinstance(one, Client) else one for one in found]
    known = Client.objects.in_bulk(ids)
    return listed([f"{known[pk].name} ({known[pk].email})" if pk in known else f"number {pk}" for pk in ids])


def listed(names: Iterable[object], nothing: str = "nobody") -> str:
    """“nobody”, “a”, “a and b”, “a, b, c, d and 8 more”."""
    texts = [str(name) for name in names]
    if len(texts) > NAMED:
        texts = [*texts[:NAMED], f"{len(texts) - NAMED} more"]
    return " and ".join(part for part in (", ".join(texts[:-1]), *texts[-1:]) if part) or nothing


def complaints(response: HttpResponse) -> str:
    """What the form that came back complains about: “email: Enter a valid email address.”; empty for other answers."""
    context = response.context or {}
    form = context.get("form") or getattr(context.get("adminform"), "form", None)
    return " ".join(f"{field}: {' '.join(errors)}" for field, errors in form.errors.items()) if form else ""


def answer(response: HttpResponse) -> str:
    """“GET /clients/ answered 404 (Not Found)”, with the target of a redirect."""
    asked = response.request
    query = f"?{asked['QUERY_STRING']}" if asked.get("QUERY_STRING") else ""
    where = response.headers.get("Location") or response.reason_phrase
    return f"{asked['REQUEST_METHOD']} {asked['PATH_INFO']}{query} answered {response.status_code} ({where})"
