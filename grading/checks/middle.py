"""Stage 2 of the seed: orders, their figures, the export and the API."""

import csv
import io
import re
from decimal import Decimal

import httpx

from grading.checks import check
from grading.checks.junior import (
    a_client_can_be_deleted,
    a_client_can_be_edited,
    adding_leads_to_the_list_with_a_message,
)
from grading.checks.office import (
    added,
    found_in_list,
    ids_of,
    is_stored,
    new_person,
    posted,
    row_text,
    with_orders,
)
from grading.served import Served
from grading.verdicts import Fails, NotJudged
from grading.visitor import NoFormError

AMOUNTS = ("1234.50", "765.49", "0.01")
COUNT, TOTAL = "3", Decimal("2000.00")


# --- 8 ----------------------------------------------------------------------------------------------------------------
@check(8, "Fields: `client (FK)`, `title`, `amount (Decimal)`, `status (NEW/IN_PROGRESS/DONE)`, `created_at`")
def the_order_has_its_fields(served: Served) -> None:
    code = """
from django.db import models
from clients.models import Client, Order
field = Order._meta.get_field
answer = {
    "client, a foreign key to Client": field("client").related_model is Client,
    "a title": bool(field("title")),
    "an amount that is a Decimal": isinstance(field("amount"), models.DecimalField),
    "a created_at": bool(field("created_at")),
    "the statuses NEW, IN_PROGRESS and DONE":
        {"NEW", "IN_PROGRESS", "DONE"} <= {one[0] for one in field("status").choices or []},
}"""
    for what, there in served.contract(code, "the model Order was looked at", "the seed's fields").items():
        if not there:
            raise Fails("the model Order was looked at", what, "none")


@check(8, "Admin: inline orders on client page. Check: orders visible & editable inline")
def orders_are_edited_inline(served: Served) -> None:
    person, boss = added(served), served.visitor("boss")
    [order] = with_orders(served, person, "10.00")
    [pk] = ids_of(served, person)
    path = f"/admin/clients/client/{pk}/change/"
    try:
        form = boss.form(path, "name", "email", "amount", "title")
    except NoFormError as error:
        raise Fails(f"GET {path}", "the client's form with orders inline", str(error)) from None
    amount = next(
        (name for name, value in form.fields.items() if name.endswith("-amount") and value[:2] == "10"), ""
    )
    if not amount:
        raise Fails(f"GET {path}", "the client's order of 10.00 in a form inline", "no such field")
    answer = form.send({amount: "12.75"})
    code = f"from clients.models import Order\nanswer = str(Order.objects.get(pk={order}).amount)"
    if answer.status_code not in (302, 303) or Decimal(served.asked(code)) != Decimal("12.75"):
        raise Fails(
            "the order's amount was changed inline to 12.75", "it to be stored", f"{answer.status_code}"
        )


@check(10, "Rewrite Client CRUD using class-based views; preserve flash messages. Check: behavior unchanged")
def the_pages_behave_as_before(served: Served) -> None:
    adding_leads_to_the_list_with_a_message(served)
    a_client_can_be_edited(served)
    a_client_can_be_deleted(served)


# --- 9 to 12 ----------------------------------------------------------------------------------------------------------
@check(9, "Add columns: “Total amount of orders” & “Number of orders”. Check: correct numbers")
def the_row_has_count_and_total(served: Served) -> None:
    person, without = added(served), added(served)
    with_orders(served, person, *AMOUNTS)
    said = row_text(found_in_list(served, person), person)
    if COUNT not in re.findall(r"\d+", said) or not has_amount(said, TOTAL):
        raise Fails(
            "three orders of 2,000.00 together were made", "3 and 2000.00 in the client's row", said[:200]
        )
    row_text(found_in_list(served, without), without)


def has_amount(text: str, amount: Decimal) -> bool:
    """However it is written: 2000.00, 2,000.00, 2.000,00, 2 000 or 2000."""
    digits = f"{amount:.2f}".replace(".", "")
    whole, cents = digits[:-2], digits[-2:]
    grouped = r"[\s.,'’\u00a0\u202f]?".join(whole)
    ending = rf"(?:[.,]{cents})" if cents != "00" else r"(?:[.,]00?)?"
    return bool(re.search(rf"(?<!\d){grouped}{ending}(?![.,]?\d)", text))


@check(9, "Check: no N+1 (debug-toolbar)")
def the_list_asks_no_query_a_row(served: Served) -> None:
    people = [added(served) for _ in range(6)]
    for person in people:
        with_orders(served, person, "5.00", "6.00")
    numbers = [queries(served, people[0].email), queries(served, "zoe.grading")]
    if numbers[1] > numbers[0] + 4:
        raise Fails(
            "the list was asked for one client and for ten",
            "as many queries",
            f"{numbers[0]} and {numbers[1]}",
        )


def queries(served: Served, text: str) -> int:
    """How many the list costs, asked inside: caches are emptied first, so that it is made."""
    code = f"""
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
browser = Browser()
User = get_user_model()
browser.force_login(User.objects.get(**{{User.USERNAME_FIELD: "boss"}}), "django.contrib.auth.backends.ModelBackend")
browser.get("/clients/", {{"q": {text!r}}})
cache.clear()
with CaptureQueriesContext(connection) as asked:
    shown = browser.get("/clients/", {{"q": {text!r}}})
answer = len(asked) if shown.status_code == 200 else None"""
    found = served.asked(code)
    if found is None:
        raise NotJudged("the list could not be asked for inside the project")
    return int(found)


@check(11, "Check: created client with that domain is auto‑VIP")
def company_addresses_are_vip(served: Served) -> None:
    people = [(one.name, one.email) for one in map(new_person, ("company.com", "mail.com", "notcompany.com"))]
    code = f"""
from clients.models import Client
made = [Client.objects.create(name=name, email=email) for name, email in {people!r}]
answer = [Client.objects.get(pk=one.pk).vip for one in made]"""
    done = "clients at company.com, mail.com and notcompany.com were created"
    expected = "vip: True, False, False"
    if (found := served.contract(code, done, expected)) != [True, False, False]:
        raise Fails(done, expected, f"{found}")


@check(12, "`Client.objects.active()` → clients with ≥1 unfinished order. Check: returns correct set")
def active_returns_who_has_something_unfinished(served: Served) -> None:
    working, begun, done, nothing = (added(served) for _ in range(4))
    with_orders(served, working, "1.00", "2.00", status="NEW")
    with_orders(served, working, "3.00", status="DONE")
    with_orders(served, begun, "1.00", status="IN_PROGRESS")
    with_orders(served, done, "1.00", status="DONE")
    emails = [one.email for one in (working, begun, done, nothing)]
    code = f"""
from clients.models import Client
answer = sorted(one.email for one in Client.objects.active() if one.email in {emails!r})"""
    asked, expected = "Client.objects.active() was asked", f"{working.email} and {begun.email}, once each"
    if (found := served.contract(code, asked, expected)) != [working.email, begun.email]:
        raise Fails(asked, expected, ", ".join(found) or "nobody")


# --- 13 ---------------------------------------------------------------------------------------------------------------
@check(13, "`/clients/export.csv` → clients with order totals; proper headers")
def the_export_has_clients_with_totals(served: Served) -> None:
    person = added(served)
    with_orders(served, person, *AMOUNTS)
    answer = served.visitor("boss").get("/clients/export.csv")
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 200 or "csv" not in kind:
        raise Fails(
            "GET /clients/export.csv", "200 and a CSV by its content type", f"{answer.status_code}, {kind}"
        )
    rows = [row for row in cells(answer) if person.email in row]
    if not rows:
        raise Fails("GET /clients/export.csv", f"a row with {person.email}", "none")
    if not any(has_amount(cell, TOTAL) for cell in rows[0]):
        raise Fails(
            "three orders of 2,000.00 together were made", "their total in the row", " | ".join(rows[0])[:200]
        )


def cells(answer: httpx.Response) -> list[list[str]]:
    """Whatever the delimiter, with a byte order mark or without."""
    text = answer.content.decode("utf-8-sig", errors="replace")
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


# --- 14 ---------------------------------------------------------------------------------------------------------------
def listed(served: Served, path: str, **parameters: str) -> tuple[list[dict], bool]:
    """The rows of the first page, as a guest or else signed in, and whether there are more. Raises Fails."""
    status = 0
    for who in ("guest", "boss"):
        answer = served.visitor(who).get(
            path, params=parameters, headers={"Accept": "application/json"}, follow=True
        )
        status = answer.status_code
        if status in (401, 403) or "json" not in answer.headers.get("Content-Type", ""):
            continue
        found = answer.json()
        rows = found.get("results") if isinstance(found, dict) else found
        if status == 200 and isinstance(rows, list):
            return rows, isinstance(found, dict) and bool(found.get("next"))
    raise Fails(f"GET {path}", "200 and JSON with a list", f"{status}")


@check(14, "Endpoints: `/api/clients/`, `/api/clients/<id>/`, `/api/orders/`. Check: JSON OK")
def the_api_answers_in_json(served: Served) -> None:
    person = added(served)
    with_orders(served, person, "4.00")
    [pk] = ids_of(served, person)
    listed(served, "/api/clients/")
    listed(served, "/api/orders/")
    path, headers = f"/api/clients/{pk}/", {"Accept": "application/json"}
    answers = [served.visitor(who).get(path, headers=headers) for who in ("guest", "boss")]
    if not any(one.status_code == 200 and one.json().get("email") == person.email for one in answers):
        raise Fails(f"GET {path}", f"200 and {person.email}", f"{answers[-1].status_code}")


@check(14, "Filters by `status`, search by `name/email`. Check: filters work")
def the_api_searches_and_filters(served: Served) -> None:
    person = added(served)
    with_orders(served, person, "4.00", "4.50", status="DONE")
    with_orders(served, person, "5.00", status="NEW")
    rows, _ = listed(served, "/api/clients/", search=person.email)
    if [row.get("email") for row in rows] != [person.email]:
        raise Fails(f"GET /api/clients/?search={person.email}", "this client alone", f"{len(rows)} clients")
    filtered = {}
    for path in ("/api/orders/", "/api/clients/"):
        filtered[path] = [listed(served, path, status=status)[0] for status in ("DONE", "IN_PROGRESS")]
    done, _ = filtered["/api/orders/"]
    emails = [str(row.get("email")) for row in filtered["/api/clients/"][0]]
    if emails.count(person.email) > 1:
        raise Fails("GET /api/clients/?status=DONE", "each client once", f"{person.email} more than once")
    if {row.get("status") for row in done} == {"DONE"} or filtered["/api/clients/"][0] != filtered[
        "/api/clients/"
    ][1]:
        return
    raise Fails(
        "the API was asked with ?status=DONE", "what is DONE alone, of orders or of clients", "another list"
    )


@check(14, "API (DRF) — Read Only")
def nobody_without_rights_writes(served: Served) -> None:
    for who in ("guest", "learner"):
        person = new_person()
        status = posted(served.visitor(who), person).status_code
        if is_stored(served, person):
            raise Fails(f"a {who} sent POST /api/clients/", "nothing to be stored", f"{status}, and it is")


@check(14, "Pagination")
def the_api_has_pages(served: Served) -> None:
    person = added(served)
    with_orders(served, person, *["1.00"] * 120)
    rows, more = listed(served, "/api/orders/")
    if not more and len(rows) >= 120:
        raise Fails("120 orders were made and /api/orders/ asked", "a page of them", f"{len(rows)} at once")
