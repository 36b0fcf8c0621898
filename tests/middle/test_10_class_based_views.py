"""Milestone 10: the same pages by class-based views. Whatever is asked, nobody can tell the difference.

Milestone 2's checks run here once more against the classes; then every kind of request goes to both, and the answers
are compared: status, where to, messages and the page itself.
"""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client
from tests.fixtures import browser_of, form_data, listed_ids, page
from tests.sentences import answer, listed, people

ADA = {"name": "Ada Lovelace", "email": "ada@mail.com", "phone": "+44 20 7946 0000"}
# The same ids each time: they stand in links, and the avatars' colours follow from them.
FIRST, LONG_GONE = 500_000, 999_999


@pytest.fixture
def ada(milestones) -> Client:
    return baker.make(Client, **ADA)


def assert_back_on_the_list(response: Any, what: str, message: str) -> None:
    """Led on to the list, which says this."""
    chain = response.redirect_chain
    assert chain == [("/clients/", 302)], (
        f"{what} led to {listed([address for address, _ in chain], 'no other page')}; /clients/ was expected."
    )
    shown = page(response).select_one("#messages")
    said = " ".join(shown.get_text(" ").split()) if shown else ""
    assert said == message, f"{what} says “{said}” on the list; “{message}” was expected."


# --- The views are classes, and do what milestone 2 asks for ----------------------------------------------------------
@pytest.mark.required
@pytest.mark.contrast
@pytest.mark.parametrize(
    "path, generic",
    [
        ("/clients/", "ListView"),
        ("/clients/add/", "CreateView"),
        ("/clients/{pk}/edit/", "UpdateView"),
        ("/clients/{pk}/edit/delete/", "DeleteView"),
    ],
)
def test_each_page_is_answered_by_djangos_generic_view(learner_client, ada, path, generic):
    response = learner_client.get(path.format(pk=ada.pk))
    view = response.context.get("view") if response.context else None
    assert view is not None, f"{answer(response)}, but not by a class-based view: {generic} was expected."
    bases = [base.__name__ for base in type(view).__mro__]
    assert generic in bases, f"{path} is answered by {bases[0]}, which is no {generic}."


@pytest.mark.required
def test_a_client_is_added_and_the_list_says_so(learner_client, milestones):
    response = learner_client.post("/clients/add/", ADA, follow=True)
    assert_back_on_the_list(response, "Adding Ada Lovelace", "Ada Lovelace was added.")
    stored = list(Client.objects.values_list("pk", flat=True))
    assert stored, "Adding Ada Lovelace stored no client."
    assert listed_ids(response) == stored, (
        f"The list shows {people(listed_ids(response))} after Ada was added."
    )


@pytest.mark.required
def test_a_client_is_edited_and_the_list_says_so(learner_client, ada):
    url = f"/clients/{ada.pk}/edit/"
    response = learner_client.post(url, form_data(learner_client.get(url), name="Ada King"), follow=True)
    assert_back_on_the_list(response, "Renaming her", "Ada King was saved.")
    name = Client.objects.get().name
    assert name == "Ada King", f"Ada was renamed to Ada King and saved; the client's name is {name}."


@pytest.mark.required
def test_a_client_is_deleted_by_a_post_and_the_list_says_so(learner_client, ada):
    url = f"/clients/{ada.pk}/edit/delete/"
    question = learner_client.get(url)
    assert question.status_code == 200, f"{answer(question)}; the page that asks first (200) was expected."
    assert Client.objects.exists(), "Opening the page that asks first has deleted the client."
    response = learner_client.post(url, follow=True)
    assert_back_on_the_list(response, "Deleting her", "Ada Lovelace was deleted.")
    assert not Client.objects.exists(), "Ada was deleted, and is still there."


# --- The same request to both -----------------------------------------------------------------------------------------
Request = Callable[[Browser, Client], Any]


def get(path: str, **query: str) -> Request:
    return lambda browser, client: browser.get(path.format(pk=client.pk), query)


def post(path: str, **data: Any) -> Request:
    def send(browser: Browser, client: Client) -> Any:
        fresh = {"updated_at": Client.objects.get(pk=client.pk).updated_at.isoformat()}
        return browser.post(path.format(pk=client.pk), {**fresh, **data})

    return send


def by_method(method: str, path: str) -> Request:
    return lambda browser, client: getattr(browser, method)(path.format(pk=client.pk))


def upload(path: str, name: str, content: bytes) -> Request:
    def send(browser: Browser, client: Client) -> Any:
        # made anew for each request, since sending reads it to its end
        return post(path, **ADA, avatar=SimpleUploadedFile(name, content))(browser, client)

    return send


LIST, ADD, EDIT, DELETE = "/clients/", "/clients/add/", "/clients/{pk}/edit/", "/clients/{pk}/edit/delete/"
OTHER = {"name": "Bob", "email": "bob@mail.com", "phone": ""}
REQUESTS: dict[str, Request] = {
    "list": get(LIST),
    "list, searched": get(LIST, q="ada"),
    "list, nothing found": get(LIST, q="zzz"),
    "list, page 2": get(LIST, page="2"),
    "list, a page beyond the end": get(LIST, page="99"),
    "list, a page that is no number": get(LIST, page="two"),
    "list, hostile search": get(LIST, q="\x00<script>%' OR 1=1 --" + "%" * 10_000),
    "list, active only": get(LIST, active="1"),
    "add": get(ADD),
    "add, saved": post(ADD, **OTHER),
    "add, nothing filled in": post(ADD),
    "add, nothing sent at all": by_method("post", ADD),
    "edit, nothing sent at all": by_method("post", EDIT),
    "add, an address that is taken": post(ADD, **{**OTHER, "email": "ADA@mail.com"}),
    "add, a forbidden address": post(ADD, **{**OTHER, "email": "bob@example.com"}),
    "add, too long a name": post(ADD, **{**OTHER, "name": "x" * 10_000}),
    "add, markup as name": post(ADD, **{**OTHER, "name": "<script>alert(1)</script>"}),
    "add, a text file as picture": upload(ADD, "face.png", b"no picture"),
    "edit": get(EDIT),
    "edit, saved": post(EDIT, **ADA),
    "edit, invalid": post(EDIT, **{**ADA, "email": "no address"}),
    "edit, a client that is gone": lambda browser, client: browser.post(f"/clients/{LONG_GONE}/edit/", ADA),
    "delete": get(DELETE),
    "delete, done": post(DELETE),
    "delete, a client that is gone": lambda browser, client: browser.post(
        f"/clients/{LONG_GONE}/edit/delete/"
    ),
}
# What somebody sends who opened the form before somebody else had saved.
LATE_REQUESTS: dict[str, Request] = {
    "edit, older than the client": post(
        EDIT, **{**ADA, "name": "Ada King", "updated_at": "2001-01-01T00:00:00Z"}
    ),
    "edit, without its time": post(EDIT, **{**ADA, "name": "Ada King", "updated_at": "garbage"}),
}
# What no browser sends by itself, and a generic view answers in its own way unless it is told not to.
OTHER_METHODS: dict[str, Request] = {
    f"{method} {path}": by_method(method, path)
    for method in ("head", "options", "put", "patch", "delete", "trace")
    for path in (LIST, ADD, EDIT, DELETE)
} | {"post to the list": post(LIST, **OTHER)}


def outcome(request: Request, user: Any, milestones: Any, *, classes: bool) -> dict[str, Any]:
    """All of an answer that somebody could see, from a database with the same clients each time."""
    Client.objects.all().delete()
    client = baker.make(Client, pk=FIRST, **ADA)
    for number in range(1, 13):
        baker.make(Client, pk=FIRST + number, name=f"Ada {number}", email=f"ada{number}@mail.com")
    (milestones.on if classes else milestones.off)("class-based-views")
    response = request(browser_of(user) if user else Browser(), client)
    return {
        "status": response.status_code,
        "location": response.headers.get("Location"),
        "allow": response.headers.get("Allow"),
        "type": response.headers.get("Content-Type"),
        "messages": [str(message) for message in get_messages(response.wsgi_request)],
        "page": visible(response.content),
        "stored": list(Client.objects.order_by("pk").values_list("name", "email", "phone", "avatar")),
    }


def visible(content: bytes) -> str:
    """The page without what differs anyway: tokens, times and the header's count of what is switched on."""
    soup = BeautifulSoup(content, "html.parser")
    for element in soup.select("input[name=csrfmiddlewaretoken], input[name=updated_at], time, .stage-pill"):
        element.decompose()
    for element in soup.select("[nonce]"):
        del element["nonce"]
    return soup.prettify()


@pytest.fixture
def all_of_stage_one(milestones) -> Any:
    milestones.on(
        "client-validation",
        "search-pagination",
        "login-required",
        "avatars",
        "active-clients",
        "order-totals",
    )
    return milestones


def assert_both_alike(kind: str, request: Request, user: Any, milestones: Any) -> dict[str, Any]:
    """What both answered; a sentence says in what they differ."""
    expected = outcome(request, user, milestones, classes=False)
    came = outcome(request, user, milestones, classes=True)
    for what, was in expected.items():
        now, then = first_difference(came[what], was)
        assert now == then, (
            f"“{kind}” was asked of both: the functions answer with {what} {then!r}, the classes with {what} {now!r}. "
            "The same was expected."
        )
    return came


def first_difference(came: Any, was: Any) -> tuple[Any, Any]:
    """Both as they are; of two pages the first lines that differ."""
    if not isinstance(came, str) or came == was:
        return came, was
    lines = zip_longest(came.splitlines(), was.splitlines(), fillvalue="")
    return next((now.strip(), then.strip()) for now, then in lines if now != then)


@pytest.mark.required
@pytest.mark.parametrize("kind", REQUESTS)
def test_both_ways_answer_alike(learner, milestones, kind):
    assert_both_alike(kind, REQUESTS[kind], learner, milestones)


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("kind", REQUESTS)
def test_both_ways_answer_alike_with_all_of_stage_one(learner, all_of_stage_one, kind):
    assert_both_alike(kind, REQUESTS[kind], learner, all_of_stage_one)


@pytest.mark.beyond("races")
@pytest.mark.parametrize("kind", LATE_REQUESTS)
def test_both_ways_answer_a_late_request_alike(learner, all_of_stage_one, kind):
    assert_both_alike(kind, LATE_REQUESTS[kind], learner, all_of_stage_one)


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("kind", OTHER_METHODS)
def test_both_ways_answer_other_methods_alike(learner, all_of_stage_one, kind):
    assert_both_alike(kind, OTHER_METHODS[kind], learner, all_of_stage_one)


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("kind", ["list", "add", "edit", "delete, done", "add, saved"])
def test_both_ways_send_a_guest_to_the_login_page(all_of_stage_one, kind):
    came = assert_both_alike(kind, REQUESTS[kind], None, all_of_stage_one)
    assert came["location"].startswith("/accounts/login/?next=/clients/")


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize(
    "kind", ["list", "list, page 2", "add, saved", "add, a forbidden address", "edit, saved"]
)
def test_both_ways_answer_alike_with_all_else_switched_off(learner, milestones, kind):
    milestones.only("client-crud", "class-based-views")
    assert_both_alike(kind, REQUESTS[kind], learner, milestones)


@pytest.mark.beyond("comfort")
def test_both_ways_ask_the_database_alike(learner, all_of_stage_one):
    baker.make(Client, **ADA)

    def queries(switch: Callable[[str], None]) -> int:
        switch("class-based-views")
        browser = browser_of(learner)
        with CaptureQueriesContext(connection) as captured:
            response = browser.get("/clients/")
        assert len(listed_ids(response)) == 1
        return len(captured)

    assert queries(all_of_stage_one.off) == queries(all_of_stage_one.on)


@pytest.mark.switch
def test_switched_off_the_functions_answer(learner_client, milestones):
    milestones.off("class-based-views")
    response = learner_client.get("/clients/")
    assert response.status_code == 200
    assert "view" not in response.context
