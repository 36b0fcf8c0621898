"""The instructor's page: rolling out to a group, a user or a percentage, what each group sees, locking a stage."""

import pytest
from django.contrib.auth.models import Group
from model_bakery import baker
from waffle.models import Flag

from stages import locks
from stages.catalog import Stage
from stages.features import is_active_for_user
from tests.fixtures import assert_refused, assert_sent_to_login, browser_of, page, person, text_of

pytestmark = pytest.mark.django_db
URL, LOCK = "/stages/rollout/", "/stages/rollout/lock/"


@pytest.fixture
def cohort(milestones) -> Group:
    return baker.make(Group, name="Autumn cohort")


@pytest.fixture
def student(cohort):
    user = person("student", is_staff=False, is_superuser=False)
    user.groups.add(cohort)
    return user


def rolled_out(browser, **data):
    return browser.post(URL, {"milestone": "orders", **data})


def seen(browser) -> dict[str, dict[str, str]]:
    """What the table says: milestone, column, cell."""
    table = page(browser.get(URL)).select_one("table#seen")
    columns = [cell.get_text() for cell in table.select("thead th")][1:]
    if columns[-1] == "Change":
        del columns[-1]
    return {
        row["id"]: dict(zip(columns, [cell.get_text() for cell in row.select("td.seen")], strict=True))
        for row in table.select("tbody tr[id]")
    }


def test_a_milestone_is_rolled_out_to_a_group(manager_client, learner, student, cohort):
    response = rolled_out(manager_client, groups=[cohort.pk])

    assert (response.status_code, response["Location"]) == (302, URL)
    assert is_active_for_user("orders", student)
    assert not is_active_for_user("orders", learner)
    assert "Switched on for group Autumn cohort: Order model." in text_of(
        manager_client.get(URL), "#messages"
    )
    table = seen(manager_client)
    assert table["orders"] == {"Guests": "off", "Logged in": "off", "Autumn cohort": "on"}
    assert table["order-totals"] == {"Guests": "off", "Logged in": "off", "Autumn cohort": "on"}
    assert table["client-crud"] == {"Guests": "on", "Logged in": "on", "Autumn cohort": "on"}
    assert table["monthly-report"]["Autumn cohort"] == "off"


def test_a_milestone_is_rolled_out_to_users_by_name(manager_client, learner, student):
    assert rolled_out(manager_client, users=" student , ").status_code == 302
    assert is_active_for_user("orders", student)
    assert not is_active_for_user("orders", learner)


def test_a_milestone_is_rolled_out_to_a_percentage(manager_client, milestones):
    assert rolled_out(manager_client, percent="12.5").status_code == 302
    assert str(milestones.row("orders").percent) == "12.5"
    assert seen(manager_client)["orders"] == {"Guests": "12.5 %", "Logged in": "12.5 %"}


def test_what_it_requires_is_switched_on_for_the_group_too(manager_client, student, cohort, milestones):
    milestones.off("orders")
    rolled_out(manager_client, milestone="order-totals", groups=[cohort.pk])

    assert is_active_for_user("order-totals", student)
    assert seen(manager_client)["orders"] == {"Guests": "off", "Logged in": "off", "Autumn cohort": "on"}


def test_a_requirement_that_is_rolled_out_already_keeps_its_own_groups(manager_client, cohort, student):
    spring = baker.make(Group, name="Spring cohort")
    rolled_out(manager_client, groups=[spring.pk])
    rolled_out(manager_client, milestone="order-totals", groups=[cohort.pk])

    assert set(Flag.objects.get(name="orders").groups.all()) == {spring, cohort}


def test_turning_it_on_again_makes_it_everybodys(manager_client, learner, cohort):
    rolled_out(manager_client, groups=[cohort.pk])
    manager_client.post("/stages/orders/switch/", {"to": "on"})

    assert is_active_for_user("orders", learner)


@pytest.mark.parametrize(
    "data, said",
    [
        ({}, "Choose a group, a user or a percentage first."),
        ({"milestone": "order-totals", "percent": "10"}, "Turn on for everyone first: Order model."),
    ],
)
def test_what_cannot_be_rolled_out_is_said_and_nothing_changes(manager_client, milestones, data, said):
    milestones.off("orders")
    before = list(Flag.objects.order_by("pk").values())
    response = rolled_out(manager_client, **data)

    assert response.status_code == 409
    assert said in response.content.decode()
    assert list(Flag.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "data, field, said",
    [
        ({"users": "student, nobody"}, "users", "Nobody is called nobody."),
        ({"percent": "100"}, "percent", "less than or equal to 99"),
        ({"percent": "a lot"}, "percent", "Enter a number."),
        ({"groups": ["4711"]}, "groups", "is not one of the available choices"),
        ({"milestone": "vip-signal"}, "milestone", "is not one of the available choices"),
        ({"milestone": "client-model"}, "milestone", "is not one of the available choices"),
    ],
)
def test_a_mistake_in_the_form_comes_back_beside_its_field(manager_client, student, data, field, said):
    response = rolled_out(manager_client, **data)

    assert response.status_code == 200
    assert said in " ".join(response.context["form"].errors[field])


def test_many_groups_are_not_all_columns(manager_client, milestones):
    baker.make(Group, _quantity=15)

    assert len(seen(manager_client)["orders"]) == 2 + 12
    assert "3 more groups are not shown." in text_of(manager_client.get(URL), "main")


@pytest.mark.parametrize("address", [URL, LOCK])
def test_guests_are_led_to_the_login_and_learners_refused(guest, learner_client, address):
    assert_sent_to_login(guest.post(address), back_to=address)
    assert_refused(learner_client.post(address))


def test_only_staff_are_shown_the_way(learner_client, manager_client):
    assert page(learner_client.get("/stages/")).select_one(f'a[href="{URL}"]') is None
    assert page(manager_client.get("/stages/")).select_one(f'a[href="{URL}"]') is not None


# --- Locks ------------------------------------------------------------------------------------------------------------
def test_a_superuser_locks_a_stage_and_staff_can_no_longer_switch_it(admin_client, manager_client, cohort):
    assert admin_client.post(LOCK, {"stage": "middle", "to": "lock"}).status_code == 302
    before = list(Flag.objects.order_by("pk").values())

    for response in (
        manager_client.post("/stages/orders/switch/", {"to": "off"}),
        manager_client.post("/stages/set/junior/"),
        rolled_out(manager_client, groups=[cohort.pk]),
    ):
        assert response.status_code == 409
        assert "The Middle stage is locked" in response.content.decode()
    assert list(Flag.objects.order_by("pk").values()) == before
    assert not Flag.objects.get(name="orders").groups.exists()


def test_other_stages_and_superusers_are_not_bound(admin_client, manager_client):
    admin_client.post(LOCK, {"stage": "middle", "to": "lock"})

    assert manager_client.post("/stages/avatars/switch/", {"to": "off"}).status_code == 302
    assert admin_client.post("/stages/orders/switch/", {"to": "off"}).status_code == 302
    assert Flag.objects.get(name="orders").everyone is False


def test_turning_on_needs_nothing_of_a_locked_stage_that_is_on_already(
    admin_client, manager_client, milestones
):
    milestones.off("orders")
    admin_client.post(LOCK, {"stage": "junior", "to": "lock"})

    assert manager_client.post("/stages/orders/switch/", {"to": "on"}).status_code == 302


def test_unlocking_lets_staff_switch_again(admin_client, manager_client):
    admin_client.post(LOCK, {"stage": "middle", "to": "lock"})
    assert locks.locked_stages() == {Stage.MIDDLE}
    admin_client.post(LOCK, {"stage": "middle", "to": "unlock"})

    assert locks.locked_stages() == set()
    assert manager_client.post("/stages/orders/switch/", {"to": "off"}).status_code == 302


def test_staff_cannot_lock(manager_client):
    assert_refused(manager_client.post(LOCK, {"stage": "middle", "to": "lock"}))
    assert locks.locked_stages() == set()


@pytest.mark.parametrize("data", [{}, {"stage": "senior", "to": "lock"}, {"stage": "middle", "to": "shut"}])
def test_a_lock_that_makes_no_sense_is_a_bad_request(admin_client, data):
    assert admin_client.post(LOCK, data).status_code == 400


def test_where_everything_is_locked_nothing_is_offered_and_all_is_refused(admin_client, cohort, settings):
    settings.CRM_LOCKED = True
    shown = page(admin_client.get(URL))

    assert shown.select("main form") == []
    assert rolled_out(admin_client, groups=[cohort.pk]).status_code == 409
    assert admin_client.post(LOCK, {"stage": "middle", "to": "lock"}).status_code == 409


def test_no_other_page_asks_for_the_locks(learner, django_assert_max_num_queries):
    browser = browser_of(learner)
    with django_assert_max_num_queries(20) as captured:
        browser.get("/clients/")
    assert not [query for query in captured if "waffle_switch" in query["sql"]]
