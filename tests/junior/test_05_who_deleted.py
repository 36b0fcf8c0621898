"""Milestone 5 knows who somebody is, so the admin's log can say who has deleted a client by page."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client
from tests.fixtures import page, text_of

LOG = "/admin/admin/logentry/"


@pytest.fixture
def ada(milestones):
    return baker.make(Client, name="Ada Lovelace")


def delete(browser, client: Client):
    return browser.post(f"/clients/{client.pk}/edit/delete/")


@pytest.mark.beyond("comfort")
def test_a_deletion_leaves_an_entry_with_who_what_and_when(learner, learner_client, ada):
    before = baker.make(Client).created_at
    answer = delete(learner_client, ada)

    assert (answer.status_code, answer["Location"]) == (302, "/clients/")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_repr) == (learner, DELETION, "Ada Lovelace")
    assert (entry.content_type.model_class(), entry.object_id) == (Client, str(ada.pk))
    assert entry.action_time > before


@pytest.mark.beyond("comfort")
def test_the_entry_costs_one_insert(learner_client, ada):
    ContentType.objects.get_for_model(Client)  # remembered by the process from its first entry on
    with CaptureQueriesContext(connection) as queries:
        delete(learner_client, ada)

    about_the_log = [query["sql"] for query in queries if "django_admin_log" in query["sql"]]
    assert [sql.split()[0] for sql in about_the_log] == ["INSERT"]


@pytest.mark.beyond("comfort")
def test_a_deletion_that_fails_leaves_no_entry(learner_client, ada, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("the database is away")

    monkeypatch.setattr(Client, "delete", refuse)
    with pytest.raises(RuntimeError, match="away"):
        delete(learner_client, ada)

    assert Client.objects.filter(pk=ada.pk).exists()
    assert not LogEntry.objects.exists()


@pytest.mark.beyond("comfort")
def test_looking_at_the_page_that_asks_leaves_no_entry(learner_client, ada):
    assert learner_client.get(f"/clients/{ada.pk}/edit/delete/").status_code == 200
    assert not LogEntry.objects.exists()


@pytest.mark.beyond("comfort")
def test_a_name_of_two_hundred_characters_fits(learner_client, milestones):
    delete(learner_client, baker.make(Client, name="n" * 200))

    assert LogEntry.objects.get().object_repr == "n" * 200


@pytest.mark.switch
def test_off_a_guest_deletes_and_there_is_nobody_to_name(guest, ada, milestones):
    milestones.off("login-required")

    assert delete(guest, ada).status_code == 302
    assert not Client.objects.exists()
    assert not LogEntry.objects.exists()


# --- In the admin -----------------------------------------------------------------------------------------------------
@pytest.mark.beyond("comfort")
def test_staff_read_in_the_admin_who_deleted_what(learner_client, manager_client, ada):
    delete(learner_client, ada)
    row = text_of(manager_client.get(LOG), "#result_list tbody tr")

    for part in ("learner", "Deletion", "client", "Ada Lovelace"):
        assert part in row
    assert page(manager_client.get("/admin/")).select_one(f'a[href="{LOG}"]')


@pytest.mark.beyond("hostile")
def test_nobody_else_reads_it(guest, learner_client):
    for browser in (guest, learner_client):
        assert browser.get(LOG)["Location"] == f"/admin/login/?next={LOG}"


@pytest.mark.beyond("hostile")
def test_not_even_a_superuser_changes_the_log(learner_client, admin_client, ada):
    delete(learner_client, ada)
    entry = LogEntry.objects.get()

    assert admin_client.get(f"{LOG}add/").status_code == 403
    assert admin_client.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.post(f"{LOG}{entry.pk}/change/", {"object_repr": "Eve"}).status_code == 403
    assert not page(admin_client.get(f"{LOG}{entry.pk}/change/")).select("main input[type=text]")
    assert LogEntry.objects.get().object_repr == "Ada Lovelace"


@pytest.mark.beyond("comfort")
def test_a_user_whom_an_entry_names_is_not_deleted_in_the_admin(learner, learner_client, admin_client, ada):
    delete(learner_client, ada)
    admin_client.post(f"/admin/auth/user/{learner.pk}/delete/", {"post": "yes"})

    assert LogEntry.objects.filter(user=learner).count() == 1
