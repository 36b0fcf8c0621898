"""Stage 3 of the seed: rights, a fresh list, merging, the report, the socket, the stack.

What the seed gives no name is looked for, and not judged where it is not found.
"""

import re
from collections.abc import Iterator
from itertools import permutations
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from grading.browser import OpenPage, browser, program
from grading.checks import check
from grading.checks.office import (
    Person,
    added,
    by_api,
    found_in_list,
    ids_of,
    new_person,
    posted,
    says,
    sent,
    with_orders,
)
from grading.served import Served
from grading.verdicts import Fails, NotJudged
from grading.visitor import Form, Visitor, page

MERGE_NAMES = (
    ("keep", "merge"),
    ("target", "source"),
    ("primary", "duplicate"),
    ("client_a", "client_b"),
    ("a", "b"),
    ("to", "from"),
    ("into", "from"),
)
HOLE = re.compile(r"<[^>]+>|\(\?P<\w+>[^)]*\)")  # where a route takes a value: path() and re_path()
HEARD = 20  # seconds
DONE_LIVE = "an order was made while two pages listened"
EXPECTED_LIVE = f"both to hear of it within {HEARD} s"


# --- 15 and 16 --------------------------------------------------------------------------------------------------------
@check(15, "Write: staff only. Check: POST by non‑staff is forbidden")
def only_staff_writes(served: Served) -> None:
    for who in ("guest", "learner"):
        person = new_person()
        if (status := posted(served.visitor(who), person).status_code) not in (401, 403, 405):
            raise Fails(f"a {who} sent POST /api/clients/", "401 or 403", f"{status}")
    person = new_person()
    if (status := posted(served.visitor("boss"), person).status_code) != 201:
        raise Fails("staff sent POST /api/clients/", "201", f"{status}")


@check(15, "Read: everyone; Write: staff only")
def only_staff_changes_and_deletes(served: Served) -> None:
    person = added(served)
    [pk] = ids_of(served, person)
    path = f"/api/clients/{pk}/"
    for method, who in (("DELETE", "guest"), ("DELETE", "learner"), ("PATCH", "learner")):
        answer = by_api(served.visitor(who), method, path, {"name": "Changed"})
        if answer.is_success:
            raise Fails(f"a {who} sent {method} {path}", "401 or 403", f"{answer.status_code}")
    if (answer := by_api(served.visitor("boss"), "PATCH", path, {"name": person.name})).status_code == 403:
        raise Fails(f"staff sent PATCH {path}", "no refusal", "403")


@check(16, "Check: list updates without long delay (consider invalidation)")
def the_list_is_fresh_after_an_update(served: Served) -> None:
    person, other, boss = added(served), new_person(), served.visitor("boss")
    [pk] = ids_of(served, person)
    found_in_list(served, person, "learner")
    sent(boss, f"/clients/{pk}/edit/", {"name": other.name, "email": person.email})
    if not says(found_in_list(served, person, "learner"), other.name):
        raise Fails("a client was renamed", "the new name in the list at once", "the old one")


# --- 17 ---------------------------------------------------------------------------------------------------------------
@check(17, "“Merge clients” view: move all orders from Client‑B to Client‑A")
def merging_moves_all_orders(served: Served) -> None:
    kept, merged = added(served), added(served)
    with_orders(served, kept, "1.00")
    with_orders(served, merged, "2.00")
    with_orders(served, merged, "3.00", status="DONE")
    ids = ids_of(served, kept, merged)
    form, fields = merge_form(served, ids)
    answer = form.send(fields)
    code = f"""
from clients.models import Order
answer = sorted(Order.objects.filter(client_id=pk).count() for pk in {ids!r})"""
    if (found := served.asked(code)) != [0, 3]:
        raise Fails(
            "two clients with one and two orders were merged",
            "three with one of them",
            f"{found}, {answer.status_code}",
        )


def merge_form(served: Served, ids: list[int]) -> tuple[Form, dict[str, str]]:
    """A form that takes both clients, and what to fill in. Raises NotJudged where none is found."""
    boss = served.visitor("boss")
    for path in merge_paths(served, ids):
        for one, other in MERGE_NAMES:
            chosen = dict(zip((one, other), map(str, ids), strict=True))
            answer = boss.get(path, params=chosen, follow=True)
            if answer.status_code == 200:
                for form in page(answer).select("form[method=post], form[method=POST]"):
                    found = Form(boss, str(answer.url), form)
                    if fields := fields_for(found, ids):
                        return found, fields
    raise NotJudged("no page was found by which two clients can be merged")


def fields_for(form: Form, ids: list[int]) -> dict[str, str]:
    """Two fields that can hold a client's id, or the form as it stands where it holds both already."""
    values = list(form.fields.values())
    if all(values.count(str(pk)) for pk in ids):
        return form.fields
    names = [str(one["name"]) for one in form.form.select("select[name], input[name]:not([type=hidden])")]
    fitting = [name for name in names if takes(form, name, ids)]
    return dict(zip(fitting, map(str, ids), strict=False)) if len(fitting) == 2 else {}


def takes(form: Form, name: str, ids: list[int]) -> bool:
    control = form.form.select_one(f'[name="{name}"]')
    if control is None or control.name != "select":
        return control is not None and control.get("type") == "number"
    return {str(pk) for pk in ids} <= {str(option.get("value")) for option in control.select("option")}


def merge_paths(served: Served, ids: list[int]) -> list[str]:
    """Addresses with `merge` in them, by the project's own resolver."""
    code = """
from django.urls import get_resolver
def walk(patterns, before):
    for one in patterns:
        route = before + str(one.pattern).strip("^$")
        yield from walk(one.url_patterns, route) if hasattr(one, "url_patterns") else [route]
answer = [route for route in walk(get_resolver().url_patterns, "/") if "merge" in route and "/admin/" not in route]"""
    found: list[str] = served.asked(code)
    filled = (filled_in(route, map(str, order)) for route in found for order in permutations(ids))
    return list(dict.fromkeys(filled))


def filled_in(route: str, numbers: Iterator[str]) -> str:
    """`/merge/<int:pk>/` with a number in each place."""
    return HOLE.sub(lambda _: next(numbers, "1"), route)


# --- 18 ---------------------------------------------------------------------------------------------------------------
BEAT = """
from celery import current_app
import importlib
from django.conf import settings
package = settings.ROOT_URLCONF.rpartition(".")[0]
for name in (package, package + ".celery"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        pass
app = current_app._get_current_object()
app.loader.import_default_modules()
schedule = dict(app.conf.beat_schedule or {})
answer = [[str(one.get("task")), one.get("task") in app.tasks] for one in schedule.values()]"""


@check(18, "Celery + Redis: monthly CSV order report. Check: runs manually & via scheduler (beat)")
def the_scheduler_knows_a_report(served: Served) -> None:
    found = served.contract(BEAT, "the Celery app was asked for its schedule", "an entry for the report")
    known = [name for name, registered in found if registered]
    if not known:
        raise Fails(
            "the Celery app was asked for its schedule", "a task that it knows", f"{found or 'nothing'}"
        )


# --- 19 ---------------------------------------------------------------------------------------------------------------
@check(
    19,
    "On order create → push “new order” event to `/clients/` page. Check: two browsers receive real‑time update",
)
def two_pages_hear_of_an_order(served: Served) -> None:
    """Two browsers where there is one, else two sockets."""
    if path := program():
        two_browsers_hear(served, path)
    else:
        two_sockets_hear(served)


def two_browsers_hear(served: Served, path: str) -> None:
    person = added(served)
    with browser(path) as running:
        pages = [OpenPage(running, served, who, "/clients/") for who in ("boss", "learner")]
        order_is_made(served, person)
        if all(page.has_heard(HEARD) for page in pages):
            return
        if not any(page.sockets for page in pages):
            raise NotJudged("/clients/ opened no socket in a browser, and showed nothing new by itself")
    raise Fails(DONE_LIVE, EXPECTED_LIVE, "silence")


def two_sockets_hear(served: Served) -> None:
    path = socket_path(served.visitor("boss"))
    person = added(served)
    try:
        with opened(served, "boss", path) as one, opened(served, "learner", path) as other:
            order_is_made(served, person)
            if not (heard(one) and heard(other)):
                raise Fails(DONE_LIVE, EXPECTED_LIVE, "silence")
    except (OSError, WebSocketException) as error:
        raise NotJudged(f"the socket {path} did not open under runserver: {type(error).__name__}") from error


def socket_path(visitor: Visitor) -> str:
    """What the page or a script of it opens. Raises NotJudged."""
    shown = visitor.get("/clients/", follow=True)
    scripts = [urljoin(str(shown.url), str(one["src"])) for one in page(shown).select("script[src]")]
    ours = [
        visitor.get(one).text for one in scripts if urlsplit(one).netloc == urlsplit(str(shown.url)).netloc
    ]
    for text in (shown.text, *ours):
        if match := re.search(r"""["'`/](/?ws/[\w/.-]*)["'`?]""", text):
            return "/" + match[1].strip("/") + "/"
    raise NotJudged("no socket's address (/ws/…) was found in /clients/ or its scripts")


def opened(served: Served, who: str, path: str) -> ClientConnection:
    cookies = served.visitor(who).browser.cookies
    header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    address = f"ws://127.0.0.1:{served.port}{path}"
    return connect(address, origin=Origin(served.url), additional_headers=header, proxy=None)


def heard(socket: ClientConnection) -> bool:
    try:
        return bool(socket.recv(timeout=HEARD))
    except TimeoutError:
        return False


def order_is_made(served: Served, person: Person) -> None:
    """In the server's own process, as an in-memory channel layer needs it: in the admin, inline."""
    boss = served.visitor("boss")
    [pk] = ids_of(served, person)
    form = boss.form(f"/admin/clients/client/{pk}/change/", "name", "email", "amount", "title")
    prefix = form.named("amount").rpartition("-")[0].rpartition("-")[0]
    number = int(form.fields.get(f"{prefix}-TOTAL_FORMS", "0"))
    new: dict[str, Any] = {"title": "Graded", "amount": "7.00", "status": "NEW", "client": str(pk), "id": ""}
    fields = {f"{prefix}-0-{name}": value for name, value in new.items()}
    form.send({**fields, f"{prefix}-TOTAL_FORMS": str(max(number, 1))})


# --- 20 ---------------------------------------------------------------------------------------------------------------
@check(20, "`docker-compose` with `web`, `postgres`, `redis`")
def compose_names_the_services(served: Served) -> None:
    names = ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml")
    files = [one for name in names if (one := served.place.code / name).is_file()]
    if not files:
        raise Fails("the project was looked through", "a docker-compose.yml", "none")
    try:
        services = (yaml.safe_load(files[0].read_text(encoding="utf-8")) or {}).get("services") or {}
    except yaml.YAMLError as error:
        raise Fails(f"{files[0].name} was read", "YAML", str(error)[:200]) from None
    images = {name: str((service or {}).get("image", "")) for name, service in services.items()}
    for wanted in ("web", "postgres", "redis"):
        if not any(wanted in name or wanted in image.rpartition("/")[2] for name, image in images.items()):
            raise Fails(f"{files[0].name} was read", f"a service for {wanted}", ", ".join(images) or "none")


@check(20, "Check: `docker compose up` runs the whole stack")
def the_stack_runs(served: Served) -> None:
    raise NotJudged("no engine is asked to run other people's containers")
