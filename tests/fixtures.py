"""What every test can ask for: the four people, their browsers, and what an answer must not be mistaken for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import zeal
from bs4 import BeautifulSoup, Tag
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection
from django.db.backends.signals import connection_created
from django.http import HttpResponse
from django.test import Client, override_settings
from model_bakery import baker, random_gen

from clients.fields import AvatarField, LowercaseEmailField
from clients.site import downloads
from tests.case import mind_case
from tests.sentences import answer, complaints

PASSWORD = "a-long-test-password"

# model_bakery knows Django's own fields only.
baker.generators.add(LowercaseEmailField, random_gen.gen_email)
baker.generators.add(AvatarField, random_gen.gen_image_field)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite a file of this run's own: threads that share a database in memory get "table is locked"."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = tmp_path_factory.mktemp("database") / "test.sqlite3"


# --- The surroundings of every test -----------------------------------------------------------------------------------
@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2 is slow on purpose; a test that is about hashing sets PASSWORD_HASHERS itself."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def case_as_in_production() -> Iterator[None]:
    """`contains` finds no other case on SQLite either."""
    connection_created.connect(mind_case)
    yield
    connection_created.disconnect(mind_case)


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path: Path) -> Path:
    """An empty folder for this test's uploads."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def empty_caches() -> None:
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(autouse=True)
def no_downloads_under_way(monkeypatch) -> None:
    """A download that a test does not read to its end holds its slot until somebody closes it."""
    monkeypatch.setattr(downloads, "slots", downloads.Slots())


# --- People: a stranger, and one of each kind -------------------------------------------------------------------------
def person(username: str, **kind: bool):
    """A user with the password PASSWORD."""
    user = baker.prepare(get_user_model(), username=username, **{"is_active": True, **kind})
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def learner(milestones):
    """Neither staff nor superuser."""
    return person("learner", is_staff=False, is_superuser=False)


@pytest.fixture
def manager(milestones):
    """Staff, but no superuser."""
    return person("manager", is_staff=True, is_superuser=False)


@pytest.fixture
def admin_user(milestones):
    """A superuser."""
    return person("admin", is_staff=True, is_superuser=True)


def browser_of(user) -> Client:
    """A browser in which this user is signed in. Not by `login()`: django-axes wants a request for that."""
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def guest(milestones) -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def learner_client(learner) -> Client:
    return browser_of(learner)


@pytest.fixture
def manager_client(manager) -> Client:
    return browser_of(manager)


@pytest.fixture
def admin_client(admin_user) -> Client:
    return browser_of(admin_user)


# --- Counting queries -------------------------------------------------------------------------------------------------
@contextmanager
def no_query_per_row() -> Iterator[None]:
    """Fails where the block asks the database once for each row, and names the line that asks."""
    try:
        with zeal.zeal_context():
            yield
    except zeal.NPlusOneError as error:
        # By an assertion, not by an exception: it says what the code does, and no check went wrong by itself.
        pytest.fail(f"One query for each row instead of one for all: {error}")


# --- Reading answers --------------------------------------------------------------------------------------------------
def page(response: HttpResponse, *, status: int = 200) -> BeautifulSoup:
    """The answer's HTML, once it is certain that it has this status and is a page at all. Read once per answer."""
    assert response.status_code == status, f"{_told(response)}; {status} was expected."
    assert response["Content-Type"].startswith("text/html"), f"no HTML page, but {response['Content-Type']}"
    if not hasattr(response, "soup"):
        response.soup = BeautifulSoup(response.content, "html.parser")
    return response.soup


def text_of(response: HttpResponse, selector: str) -> str:
    """The text of the first element found, blanks folded; it must be there."""
    found = page(response).select_one(selector)
    assert found is not None, f"no {selector} on the page"
    return " ".join(found.get_text(" ").split())


def listed_ids(response: HttpResponse) -> list[int]:
    """The ids of the clients in the list, top to bottom, told by each row's link to its edit page."""
    table = page(response).select_one("table#client-list")
    rows = table.select("tbody tr") if table else []
    links = [link for row in rows if (link := row.select_one('a[href$="/edit/"]'))]
    return [int(link["href"].split("/")[2]) for link in links]


def form_data(response: HttpResponse, **changes: object) -> dict[str, object]:
    """What a browser would send for the page's form, with these fields typed in anew. Files are left out."""
    form = page(response).select_one('main form[method="post"]')
    assert form is not None, "no form to send on the page"
    sent = {
        field["name"]: value for field in form.select("[name]") if (value := _value_of(field)) is not None
    }
    return {**sent, **changes}


def _value_of(field: Tag) -> str | None:
    """What this form control sends as it stands; None where it sends nothing."""
    if field.name == "textarea":
        return field.get_text()
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return chosen["value"] if chosen else None
    kind = field.get("type", "text")
    if field.name != "input" or kind in {"file", "submit"}:
        return None
    if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
        return None
    return field.get("value", "on" if kind == "checkbox" else "")


def field_errors(response: HttpResponse, field: str) -> str:
    """What the invalid form says about this field; the form must have come back with 200."""
    assert response.status_code == 200, f"{_told(response)}; the form again (200) was expected."
    return " ".join(response.context["form"].errors.get(field, []))


def assert_saved(response: HttpResponse) -> None:
    """A form was taken: it leads to the list of clients."""
    assert_not_switched_off(response)
    told = f"{answer(response)} {complaints(response)}".strip()
    assert response.status_code == 302, f"{told}; a redirect to /clients/ was expected."
    assert urlsplit(response["Location"]).path == "/clients/", (
        f"{told}; a redirect to /clients/ was expected."
    )


def is_switched_off(response: HttpResponse) -> bool:
    """Whether this is the page that stands in for a milestone that is off."""
    return response.status_code == 404 and b"data-switched-off" in response.content


def assert_not_switched_off(response: HttpResponse) -> None:
    """The switched-off page must never be taken for "forbidden", "gone" or "not in the list"."""
    assert not is_switched_off(response), f"the milestone behind {_path(response)} is switched off"


def assert_switched_off(response: HttpResponse, slug: str) -> None:
    main = page(response, status=404).select_one("main[data-switched-off]")
    assert main is not None, f"{_path(response)} answers 404, but not with the switched-off page"
    assert main["data-switched-off"] == slug


def assert_sent_to_login(response: HttpResponse, back_to: str) -> None:
    """A guest is asked to sign in, and comes back to `back_to` afterwards."""
    assert_not_switched_off(response)
    assert response.status_code == 302, f"{_told(response)}; the way to the login page was expected."
    target = urlsplit(response["Location"])
    assert target.path == "/accounts/login/", f"{_told(response)}; the way to the login page was expected."
    assert parse_qs(target.query).get("next") == [back_to], (
        f"{_told(response)}; “next” was expected to lead back to {back_to}."
    )


def assert_refused(response: HttpResponse) -> None:
    """Forbidden for whoever asked, and not merely switched off or missing."""
    assert_not_switched_off(response)
    assert response.status_code == 403, f"{_told(response)}; a refusal (403) was expected."


def assert_gone(response: HttpResponse) -> None:
    """The row is not there (any more), and that is the only reason for the 404."""
    assert_not_switched_off(response)
    assert response.status_code == 404, f"{_told(response)}; 404 was expected."


def _path(response: HttpResponse) -> str:
    return response.request["PATH_INFO"]


def _told(response: HttpResponse) -> str:
    return f"{answer(response)}{': the milestone is switched off' if is_switched_off(response) else ''}"
