"""What an instructor meets on the way: groups, roll-outs by name, questions before a loss, locks, refusals in place."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from model_bakery import baker
from waffle.models import Flag

from stages import locks
from stages.catalog import Stage
from tests.fixtures import assert_refused, assert_sent_to_login, browser_of, page, person

pytestmark = pytest.mark.django_db
URL = "/stages/rollout/"


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


@pytest.fixture
def course(milestones) -> Group:
    return baker.make(Group, name="Monday course")


@pytest.fixture
def rolled_out(course, learner):
    """Orders for a group, a user and half of the visitors."""
    flag = Flag.objects.get(name="orders")
    Flag.objects.filter(pk=flag.pk).update(everyone=None, percent=50)
    flag.groups.add(course)
    flag.users.add(learner)


# --- Groups -----------------------------------------------------------------------------------------------------------
def test_groups_are_boxes_to_tick(manager_client, course):
    boxes = page(manager_client.get(URL)).select(".groups input[type=checkbox]")
    assert [box["value"] for box in boxes] == [str(course.pk)]


def test_without_groups_it_says_so_and_leads_on_only_who_may(manager_client, admin_client, manager):
    groups = page(manager_client.get(URL)).select_one(".groups")
    assert "There is no group yet." in words(groups)
    assert groups.select("a") == []
    assert page(admin_client.get(URL)).select_one(".groups a")["href"] == "/admin/auth/group/add/"
    manager.user_permissions.add(Permission.objects.get(codename="add_group"))
    assert page(browser_of(manager).get(URL)).select_one(".groups a") is not None


# --- By name ----------------------------------------------------------------------------------------------------------
NAMED = "on for some (group Monday course, user learner, 50 % of visitors)"


def test_staff_see_for_whom_a_milestone_is_on(manager_client, rolled_out):
    html = page(manager_client.get("/stages/"))
    assert words(html.select_one("#orders .state")) == NAMED
    assert words(html.select_one("#csv-export .state")) == f"on for some (with Order model: {NAMED[13:-1]})"
    assert words(page(manager_client.get("/stages/orders/")).select_one(".side .state")) == NAMED


def test_others_are_told_no_names(guest, learner_client, rolled_out):
    for browser in (guest, learner_client):
        for address in ("/stages/", "/stages/orders/"):
            assert "Monday course" not in browser.get(address).content.decode()


def test_many_names_are_counted(manager_client, rolled_out):
    Flag.objects.get(name="orders").users.add(*(person(f"user{number}") for number in range(5)))
    assert (
        "users learner, user0, user1, user2 and 2 more"
        in manager_client.get("/stages/orders/").content.decode()
    )


def test_half_of_the_visitors_is_no_yes_and_no_no(manager_client, milestones):
    Flag.objects.filter(name="avatars").update(everyone=None, percent=50)
    cells = page(manager_client.get(URL)).select("#avatars td.seen")
    assert [words(cell) for cell in cells] == ["50 %", "50 %"]
    assert {cell.span["class"][1] for cell in cells} == {"seen-share"}


def test_a_user_who_is_listed_stands_beside_the_milestone(manager_client, rolled_out):
    assert "also learner" in words(page(manager_client.get(URL)).select_one("#orders th"))


# --- Changing it where it stands --------------------------------------------------------------------------------------
def test_a_line_of_the_table_opens_as_a_form_that_says_what_holds_now(manager_client, rolled_out, course):
    assert page(manager_client.get(URL)).select_one("#orders td a")["href"] == "?edit=orders#orders"
    form = page(manager_client.get(f"{URL}?edit=orders")).select_one("#orders + .edit-line form")
    assert form.select_one("[name=who][checked]")["value"] == "some"
    assert form.select_one("[name=groups][checked]")["value"] == str(course.pk)
    assert form.select_one("[name=users]")["value"] == "learner"
    assert float(form.select_one("[name=percent]")["value"]) == 50


@pytest.mark.parametrize("who, everyone", [("everyone", True), ("nobody", False)])
def test_a_line_is_saved_and_one_comes_back_to_it(manager_client, rolled_out, who, everyone):
    response = manager_client.post(URL, {"milestone": "orders", "who": who, "at": "row"})
    assert (response.status_code, response["Location"]) == (302, f"{URL}#orders")
    assert Flag.objects.get(name="orders").everyone is everyone


@pytest.mark.parametrize("name", ["vip-signal", "client-model", "nothing"])
def test_what_cannot_be_rolled_out_opens_no_form(manager_client, milestones, name):
    assert page(manager_client.get(f"{URL}?edit={name}")).select(".edit-line") == []


def test_the_milestones_page_changes_it_too(manager_client, course):
    form = page(manager_client.get("/stages/orders/")).select_one(".side form.rollout-form")
    assert form["action"] == URL
    sent = {"milestone": "orders", "at": "milestone", "who": "some", "groups": [course.pk]}
    response = manager_client.post(URL, sent)
    assert response["Location"] == "/stages/orders/"
    assert set(Flag.objects.get(name="orders").groups.all()) == {course}


def test_a_mistake_on_the_milestones_page_comes_back_there(manager_client, milestones):
    html = page(manager_client.post(URL, {"milestone": "orders", "at": "milestone", "users": "nobody"}))
    assert html.h1.text == "8. Order model"
    assert html.select_one("details.rollout-of").has_attr("open")
    assert "Nobody is called nobody." in words(html.select_one(".rollout-form"))


def test_a_refusal_comes_back_in_its_line(manager_client, milestones):
    html = page(manager_client.post(URL, {"milestone": "orders", "at": "row", "who": "some"}), status=409)
    said = html.select_one("#orders + .edit-line [role=alert]")
    assert "Choose a group" in words(said)


@pytest.mark.parametrize("address", ["/stages/orders/", "/stages/vip-signal/"])
def test_others_find_no_roll_out(learner_client, address):
    assert page(learner_client.get(address)).select(".rollout-form") == []


# --- Before a roll-out is lost ----------------------------------------------------------------------------------------
def test_setting_a_stage_asks_before_it_ends_a_roll_out(manager_client, rolled_out):
    before = list(Flag.objects.order_by("pk").values())
    response = manager_client.post("/stages/set/junior/")
    assert response["Location"] == "/stages/set/junior/ask/"
    assert list(Flag.objects.order_by("pk").values()) == before
    html = page(manager_client.get(response["Location"]))
    assert [words(row) for row in html.select("#ended tbody tr")] == [
        f"8. Order model {NAMED[13:-1]} off for everyone"
    ]
    form = html.select_one("main form")
    sent = {field["name"]: field["value"] for field in form.select("input[name=ends]")}
    assert manager_client.post(form["action"], sent)["Location"] == "/stages/"
    assert Flag.objects.get(name="orders").everyone is False


def test_a_roll_out_that_came_meanwhile_is_asked_about_too(manager_client, rolled_out):
    Flag.objects.filter(name="avatars").update(everyone=None, percent=10)
    response = manager_client.post("/stages/set/middle/", {"ends": "orders"})
    assert response["Location"] == "/stages/set/middle/ask/"


def test_only_staff_are_asked(guest, learner_client):
    assert_sent_to_login(guest.get("/stages/set/junior/ask/"), "/stages/")
    assert_refused(learner_client.get("/stages/set/junior/ask/"))


def test_asking_changes_nothing(manager_client, milestones):
    before = list(Flag.objects.order_by("pk").values())
    assert page(manager_client.get("/stages/set/junior/ask/")).h1.text == "Set to Junior?"
    assert manager_client.post("/stages/set/junior/ask/").status_code == 405
    assert manager_client.get("/stages/set/senior/ask/").status_code == 404
    assert list(Flag.objects.order_by("pk").values()) == before


# --- Locks ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def locked(milestones):
    locks.lock(Stage.MIDDLE, locked=True)


def test_a_locked_stage_shows_as_locked_and_its_buttons_say_why(manager_client, locked):
    html = page(manager_client.get("/stages/"))
    assert "locked" in words(html.select_one(".picture-track.stage-middle .track-name"))
    reason = html.select_one("#middle-locked")
    assert words(reason) == "Locked. The Middle stage stays as it is until a superuser unlocks it."
    for button in html.select("#stop-orders, #turn-off-orders, #middle form button"):
        assert button.has_attr("disabled")
    assert html.select_one("#turn-off-orders")["aria-describedby"] == reason["id"]
    assert not html.select_one("#turn-off-avatars").has_attr("disabled")


def test_a_locked_milestones_page_says_why_too(manager_client, locked):
    html = page(manager_client.get("/stages/orders/"))
    assert html.select_one("#turn-off-orders").has_attr("disabled")
    assert "until a superuser unlocks it" in words(html.select_one("#middle-locked"))
    assert html.select(".rollout-form") == []


def test_a_superuser_sees_the_lock_and_may_switch(admin_client, locked):
    html = page(admin_client.get("/stages/"))
    assert "superusers can" in words(html.select_one("#middle-locked"))
    assert not html.select_one("#turn-off-orders").has_attr("disabled")


def test_the_roll_out_shows_what_is_locked_and_offers_the_rest(manager_client, locked):
    html = page(manager_client.get(URL))
    assert words(html.select_one("#orders td:last-child")) == "locked"
    choices = {option["value"]: option for option in html.select("[name=milestone] option")}
    assert choices["orders"].has_attr("disabled")
    assert choices["orders"].text == "8 Order model (locked)"
    assert not choices["avatars"].has_attr("disabled")


def test_the_switched_off_page_offers_no_locked_switch(manager_client, locked, milestones):
    milestones.off("orders")
    html = page(manager_client.get("/figures.csv"), status=404)
    assert html.select_one("#turn-on-orders").has_attr("disabled")


@pytest.mark.parametrize(
    "at, place",
    [
        ("map", "section.picture > [role=alert]"),
        ("orders", "tr#orders [role=alert]"),
        ("", "main > [role=alert]"),
    ],
)
def test_a_refusal_stands_where_the_switch_was(manager_client, locked, at, place):
    sent = {"to": "off", "next": "/stages/", "at": at}
    html = page(manager_client.post("/stages/orders/switch/", sent), status=409)
    assert len(html.select("[role=alert]")) == 1
    assert "The Middle stage is locked" in words(html.select_one(place))
    assert html.select_one(place).has_attr("autofocus")


def test_a_refused_stage_button_says_so_in_its_stage(manager_client, locked):
    html = page(manager_client.post("/stages/set/junior/", {"at": "junior"}), status=409)
    assert "The Middle stage is locked" in words(html.select_one("#junior [role=alert]"))


def stages(*arguments: str) -> str:
    said = StringIO()
    call_command("stages", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_says_what_is_locked_and_for_whom_something_is_on(locked, rolled_out):
    lines = {line.split()[2]: line for line in stages("list").splitlines()[2:]}
    assert "on; stage locked" in lines["active-clients"] or "stage locked" in lines["active-clients"]
    assert "locked" not in lines["avatars"]
    assert NAMED in lines["orders"]


@pytest.mark.parametrize("arguments", [("off", "csv-export"), ("set", "junior")])
def test_the_command_switches_all_the_same_and_says_that_it_is_locked(locked, arguments):
    assert "The Middle stage is locked" in stages(*arguments)
    assert Flag.objects.get(name="csv-export").everyone is False


def test_the_command_says_nothing_of_a_lock_elsewhere(locked):
    assert "locked" not in stages("off", "avatars")
