"""Stage 1 of the seed: the CRM's pages, its form, its logins and its pictures."""

from io import BytesIO
from urllib.parse import urljoin, urlsplit

import httpx
from PIL import Image

from grading.checks import check
from grading.checks.office import (
    Person,
    added,
    found_in_list,
    ids_of,
    is_stored,
    links_of,
    new_person,
    says,
    sent,
)
from grading.served import PASSWORD, Served
from grading.verdicts import Fails
from grading.visitor import Visitor, page, row_of

PER_PAGE = 10


# --- 0 and 1 ----------------------------------------------------------------------------------------------------------
@check(0, "Add `/health/` → returns `ok`")
def health_says_ok(served: Served) -> None:
    answer = served.visitor().get("/health/", follow=True)
    if answer.status_code != 200 or answer.text.strip().strip('"').lower() != "ok":
        raise Fails("GET /health/", "200 and `ok`", f"{answer.status_code} and {answer.text.strip()[:60]!r}")


@check(
    1,
    "Fields: `name (required)`, `email (unique, lowercased)`, `phone (optional)`, `created_at (auto_now_add)`",
)
def the_model_has_its_fields(served: Served) -> None:
    code = """
from clients.models import Client
field = Client._meta.get_field
answer = {
    "a required name": not field("name").blank,
    "a unique email": field("email").unique or any(
        list(getattr(one, "fields", [])) == ["email"] or "email" in str(getattr(one, "expressions", ""))
        for one in Client._meta.constraints
    ),
    "an optional phone": field("phone").blank,
    "a created_at that sets itself": bool(getattr(field("created_at"), "auto_now_add", False))
        or field("created_at").has_default() or not field("created_at").editable,
}"""
    for what, there in served.contract(code, "the model Client was looked at", "the seed's fields").items():
        if not there:
            raise Fails("the model Client was looked at", what, "none")


@check(1, "Admin: `list_display(name, email, created_at)`, search by `name, email`")
def the_admin_lists_and_searches(served: Served) -> None:
    code = """
from django.contrib import admin
from clients.models import Client
registered = admin.site._registry.get(Client)
answer = registered and [[str(name) for name in registered.list_display], [str(n) for n in registered.search_fields]]"""
    found = served.contract(code, "the admin was asked for Client", "it to be registered")
    if not found:
        raise Fails("the admin was asked for Client", "it to be registered", "it is not")
    shown, searched = found
    lacking = [name for name in ("name", "email", "created_at") if name not in shown]
    lacking += [
        f"search by {one}" for one in ("name", "email") if not any(one in field for field in searched)
    ]
    if lacking:
        raise Fails(
            "the admin of Client was looked at",
            "name, email, created_at and search by both",
            f"no {lacking[0]}",
        )


@check(1, "Check: created via admin; list sorted by date")
def a_client_is_created_via_admin(served: Served) -> None:
    person = new_person()
    boss = served.visitor("boss")
    answer = sent(boss, "/admin/clients/client/add/", {"name": person.name, "email": person.email})
    if answer.status_code not in (302, 303):
        raise Fails(f"{person.name} was added in the admin", "a redirect", f"{answer.status_code}")
    if not says(boss.get("/admin/clients/client/", params={"q": person.email}), person.name):
        raise Fails(f"{person.name} was added in the admin", "to find it there by its e-mail", "nothing")


# --- 2 and 3 ----------------------------------------------------------------------------------------------------------
@check(2, "Check: redirect to list after create; flash message visible")
def adding_leads_to_the_list_with_a_message(served: Served) -> None:
    person, boss = new_person(), served.visitor("boss")
    answer = sent(boss, "/clients/add/", {"name": person.name, "email": person.email})
    to = urlsplit(urljoin("/clients/add/", answer.headers.get("Location", ""))).path
    if answer.status_code not in (302, 303) or to != "/clients/":
        raise Fails("a client was added", "a redirect to /clients/", f"{answer.status_code} {to}")
    told_of_it(served, boss, "a client was added")
    if not says(found_in_list(served, person), person.name):
        raise Fails("a client was added", "it to be in the list", "it is not")


def told_of_it(served: Served, visitor: Visitor, done: str) -> None:
    """The page says something that it does not say the next time."""
    first, second = (set(page(visitor.get("/clients/", follow=True)).stripped_strings) for _ in range(2))
    if not {text for text in first - second if len(text) > 3}:
        raise Fails(done, "a message on the next page", "none that is gone on the page after it")


@check(2, "URLs: `/clients/<id>/edit/`; use `messages` for success on save")
def a_client_can_be_edited(served: Served) -> None:
    person, boss = added(served), served.visitor("boss")
    boss.get("/clients/", follow=True)  # shows what was told of the adding
    [pk], other = ids_of(served, person), new_person()
    answer = sent(boss, f"/clients/{pk}/edit/", {"name": other.name, "email": other.email})
    if answer.status_code not in (302, 303):
        raise Fails("a client was edited", "a redirect", f"{answer.status_code}")
    told_of_it(served, boss, "a client was edited")
    if not says(found_in_list(served, other), other.name):
        raise Fails("a client was edited", "the new name in the list", "it is not there")


@check(2, "URLs: `/clients/<id>/edit/delete/`; use `messages` for success on delete")
def a_client_can_be_deleted(served: Served) -> None:
    person, boss = added(served), served.visitor("boss")
    [pk] = ids_of(served, person)
    boss.get("/clients/", follow=True)
    path = f"/clients/{pk}/edit/delete/"
    answer = boss.get(path)
    if answer.status_code != 200 or not is_stored(served, person):
        raise Fails(f"GET {path}", "a page that asks first", f"{answer.status_code}, or the client is gone")
    answer = sent(boss, path, {})
    if answer.status_code not in (302, 303) or is_stored(served, person):
        raise Fails(f"POST {path}", "a redirect, and the client gone", f"{answer.status_code}")
    told_of_it(served, boss, "a client was deleted")


@check(3, "Check: `USER@MAIL.COM` → `user@mail.com`")
def an_address_is_lowercased(served: Served) -> None:
    person = new_person()
    added(served, Person(person.name, person.email.upper()))
    code = f"from clients.models import Client\nanswer = Client.objects.get(name={person.name!r}).email"
    if (stored := served.asked(code)) != person.email:
        raise Fails(f"{person.email.upper()} was typed in", person.email, stored)


@check(3, "`@example.com` → validation error; render field & form errors in templates")
def example_com_is_refused_with_a_reason(served: Served) -> None:
    for domain in ("example.com", "EXAMPLE.COM"):
        is_refused_with_a_reason(served, new_person(domain))
    added(served, new_person("notexample.com"))  # another domain


def is_refused_with_a_reason(served: Served, person: Person) -> None:
    boss = served.visitor("boss")
    before = set(page(boss.get("/clients/add/", follow=True)).stripped_strings)
    answer = sent(boss, "/clients/add/", {"name": person.name, "email": person.email})
    if answer.status_code != 200 or is_stored(served, person):
        raise Fails(f"{person.email} was typed in", "the form again", f"{answer.status_code}")
    if not set(page(answer).stripped_strings) - before - {person.name, person.email}:
        raise Fails(
            f"{person.email} was typed in", "a reason on the page", "nothing that was not there before"
        )


# --- 4 ----------------------------------------------------------------------------------------------------------------
@check(4, "`/clients/?q=...` filters by `name OR email__icontains`")
def the_list_can_be_searched(served: Served) -> None:
    wanted, other = added(served), added(served)
    for text in (wanted.name.split()[1].lower(), wanted.email.split("@")[0].upper()):
        answer = served.visitor("boss").get("/clients/", params={"q": text}, follow=True)
        if not says(answer, wanted.email) or says(answer, other.email):
            raise Fails(f"GET /clients/?q={text}", f"{wanted.email} and nobody else", "another list")


@check(4, "Pagination: 10 per page. Check: next/prev links work")
def ten_a_page_and_links_to_the_next(served: Served) -> None:
    others = [added(served, Person("Otto Other", "otto.other1@mail.com"))]
    people = [added(served) for _ in range(PER_PAGE + 2)]
    others.append(added(served, Person("Otto Other", "otto.other2@mail.com")))
    boss, common = served.visitor("boss"), people[0].name.split("g0")[0]
    first = boss.get("/clients/", params={"q": common}, follow=True)
    shown = shown_of(first)
    if len(shown) != PER_PAGE:
        raise Fails(f"{len(people)} clients and more were added", "10 on the first page", f"{len(shown)}")
    further = [boss.get(link, follow=True) for link in links_of(first)]
    further = [answer for answer in further if answer.status_code == 200 and shown_of(answer) - shown]
    if not further:
        raise Fails(f"GET /clients/?q={common}", "a link to the next ten", "no link shows others")
    found = [answer for answer in further if not any(says(answer, one.email) for one in others)]
    if not found:
        raise Fails(f"GET /clients/?q={common} and its next page", "only whom was searched for", "others too")
    for answer in found:
        if any(shown_of(boss.get(back, follow=True)) == shown for back in links_of(answer)):
            return
    raise Fails(f"GET {found[0].url}, the next page", "a link back to the first ten", "none")


def shown_of(answer: httpx.Response) -> set[str]:
    text = page(answer).get_text(" ")
    return {word for word in text.split() if word.startswith("zoe.grading")}


# --- 5 and 6 ----------------------------------------------------------------------------------------------------------
@check(5, "CRUD pages require login. Check: guest → redirected to login")
def a_guest_is_sent_to_the_login(served: Served) -> None:
    [pk] = ids_of(served, added(served))
    for path in ("/clients/", "/clients/add/", f"/clients/{pk}/edit/", f"/clients/{pk}/edit/delete/"):
        answer = served.visitor().get(path)
        if answer.status_code not in (301, 302, 303, 307, 308):
            raise Fails(f"a guest asked for {path}", "a redirect to a login", f"{answer.status_code}")
        if not page(served.visitor().get(path, follow=True)).select("input[type=password]"):
            raise Fails(
                f"a guest asked for {path}", "to land on a login form", "a page without a password field"
            )


@check(5, "CRUD pages require login")
def a_guest_adds_nobody(served: Served) -> None:
    person, guest = new_person(), served.visitor()
    guest.get("/clients/add/", follow=True)  # the login's form brings the cookie with the token
    token = guest.browser.cookies.get("csrftoken", "")
    fields = {"name": person.name, "email": person.email, "csrfmiddlewaretoken": token}
    guest.ask("POST", "/clients/add/", data=fields, headers={"Referer": f"{served.url}/clients/add/"})
    if is_stored(served, person):
        raise Fails("a guest sent POST /clients/add/", "nobody to be added", f"{person.email} is stored")


@check(5, "Add `/accounts/login/`, `/accounts/logout/`")
def who_signs_in_gets_in_and_out(served: Served) -> None:
    visitor = Visitor(served.url)
    visitor.sign_in("learner", PASSWORD)
    if visitor.get("/clients/").status_code != 200:
        raise Fails("somebody with an account signed in", "the list (200)", "still no list")
    for method in ("POST", "GET"):
        token = visitor.browser.cookies.get("csrftoken", "")
        headers = {"X-CSRFToken": token, "Referer": f"{served.url}/clients/"}
        visitor.ask(method, "/accounts/logout/", headers=headers)
        if visitor.get("/clients/").status_code != 200:
            return
    raise Fails("somebody signed out at /accounts/logout/", "to be a guest again", "the list (200) as before")


@check(6, "Check: upload works; files served from `MEDIA`")
def a_picture_is_stored_and_served(served: Served) -> None:
    without, person, boss = added(served), new_person(), served.visitor("boss")
    fields = {"name": person.name, "email": person.email}
    answer = sent(boss, "/clients/add/", fields, avatar=("me.png", picture(), "image/png"))
    if answer.status_code not in (302, 303):
        raise Fails("a client with a picture was added", "a redirect", f"{answer.status_code}")
    sources = pictures_of(served, person) - pictures_of(served, without)
    for source in sources:
        file = boss.get(source, follow=True)
        if file.status_code == 200 and is_picture(file.content):
            return
    raise Fails(
        "a picture was uploaded",
        "it in the client's row, from MEDIA",
        f"{len(sources)} of its own, none that opens",
    )


def pictures_of(served: Served, person: Person) -> set[str]:
    """The addresses of the pictures in the client's row; what stands in every row is a fallback."""
    shown = found_in_list(served, person)
    row = row_of(shown, person.email) or row_of(shown, person.name)
    found = row.select("img[src]") if row else []
    return {urljoin(str(shown.url), str(one["src"])) for one in found}


def picture() -> bytes:
    data = BytesIO()
    Image.effect_noise((64, 64), 80).convert("RGB").save(data, "PNG")
    return data.getvalue()


def is_picture(content: bytes) -> bool:
    try:
        return Image.open(BytesIO(content)).size[0] > 0
    except OSError:
        return content.lstrip()[:5] in (b"<svg ", b"<?xml")
