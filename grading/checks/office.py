"""What many checks do first: clients and orders, made as people make them, each with a name of its own."""

import itertools
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from grading.served import Served
from grading.verdicts import Fails, NotJudged
from grading.visitor import NoFormError, Visitor, page, row_of

MOST_PAGES = 40
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """A client that was added through the form."""

    name: str
    email: str


def new_person(domain: str = "mail.com") -> Person:
    number = next(_numbers)
    return Person(f"Zoe Grading{number:04}", f"zoe.grading{number:04}@{domain}")


def sent(
    visitor: Visitor, path: str, fields: dict[str, str], **files: tuple[str, bytes, str]
) -> httpx.Response:
    """The answer to the page's form, filled in. Raises Fails where there is no such form."""
    try:
        form = visitor.form(path, *fields, *files)
    except NoFormError as error:
        raise Fails(f"GET {path}", f"a form with {', '.join([*fields, *files])}", str(error)) from None
    return form.send(fields, dict(files))


def added(served: Served, person: Person | None = None) -> Person:
    """Through /clients/add/, as staff. Raises Fails when it is not in the list afterwards."""
    person = person or new_person()
    answer = sent(served.visitor("boss"), "/clients/add/", {"name": person.name, "email": person.email})
    if answer.status_code not in (302, 303):
        raise Fails(
            f"POST /clients/add/ with {person.name}, {person.email}",
            "a redirect to the list",
            f"{answer.status_code}{errors_of(answer)}",
        )
    return person


def errors_of(answer: httpx.Response) -> str:
    said = [
        one.get_text(" ", strip=True) for one in page(answer).select(".errorlist, .error, .invalid-feedback")
    ]
    return f" ({'; '.join(said)[:200]})" if said else ""


def found_in_list(served: Served, person: Person, who: str = "boss") -> httpx.Response:
    """The page of the list that has this client: the first, a search's, or one that they lead to.

    A search that does not work is the business of milestone 4 alone, and so is the order of the list.
    """
    visitor, seen = served.visitor(who), set[str]()
    visitor.get("/clients/", follow=True)  # a message about the client is gone after it
    waiting = ["/clients/", *(f"/clients/?{urlencode({'q': text})}" for text in (person.name, person.email))]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        seen.add(path)
        answer = visitor.get(path, follow=True)
        if row_of(answer, person.email) or row_of(answer, person.name):
            return answer
        waiting += [link for link in links_of(answer) if link not in seen and link not in waiting]
    return visitor.get("/clients/", follow=True)


def links_of(answer: httpx.Response) -> list[str]:
    """Links of the page to the list itself, with parameters."""
    found = (urljoin(str(answer.url), str(link["href"])) for link in page(answer).select("a[href*='?']"))
    return [link for link in dict.fromkeys(found) if urlsplit(link).path == "/clients/"]


def is_stored(served: Served, person: Person) -> bool:
    """Whether the project's own model knows the address. A page may repeat what was searched for."""
    code = f"from clients.models import Client\nanswer = Client.objects.filter(email__iexact={person.email!r}).exists()"
    return bool(served.asked(code))


def ids_of(served: Served, *people: Person) -> list[int]:
    """Primary keys, by the project's own model."""
    emails = [person.email for person in people]
    code = f"from clients.models import Client\nanswer = [Client.objects.get(email__iexact=e).pk for e in {emails!r}]"
    found = served.asked(code)
    if not isinstance(found, list):
        raise NotJudged("the clients that were added could not be found by Client.objects")
    return found


def with_orders(served: Served, person: Person, *amounts: str, status: str = "NEW") -> list[int]:
    """Orders of this client, made by the model. Raises NotJudged."""
    code = f"""
from decimal import Decimal
from clients.models import Client, Order
client = Client.objects.get(email__iexact={person.email!r})
answer = [
    Order.objects.create(client=client, title=f"Graded {{n}}", amount=Decimal(amount), status={status!r}).pk
    for n, amount in enumerate({list(amounts)!r})
]"""
    found: list[int] = served.asked(code)
    return found


def says(answer: httpx.Response, text: str) -> bool:
    return text.casefold() in page(answer).get_text(" ").casefold()


def row_text(answer: httpx.Response, person: Person) -> str:
    """What the list says of this client. Raises Fails."""
    row = row_of(answer, person.email) or row_of(answer, person.name)
    if row is None:
        raise Fails("GET /clients/", f"a row with {person.email}", "no such row")
    return row.get_text(" ", strip=True)


def posted(visitor: Visitor, person: Person) -> httpx.Response:
    return by_api(visitor, "POST", "/api/clients/", {"name": person.name, "email": person.email})


def by_api(visitor: Visitor, method: str, path: str, values: dict[str, str]) -> httpx.Response:
    token = visitor.browser.cookies.get("csrftoken", "")
    headers = {"X-CSRFToken": token, "Referer": str(visitor.browser.base_url), "Accept": "application/json"}
    return visitor.ask(method, path, json=values, headers=headers)
