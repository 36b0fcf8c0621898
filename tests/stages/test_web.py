"""The wrappers around the question: decorator, mixin, either, template tag, DRF permission, switched-off page."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.views import View
from model_bakery import baker
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from waffle.models import Flag

from stages.catalog import UnknownMilestoneError, catalog
from stages.rest import MilestoneActive
from stages.web import EitherView, MilestoneRequiredMixin, either, milestone_required, switched_off
from tests.fixtures import assert_switched_off, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(milestones):
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    return request


@milestone_required("avatars")
def guarded(request, word="hello"):
    """A view of the tests."""
    return HttpResponse(word)


class GuardedView(MilestoneRequiredMixin, View):
    milestone = "avatars"

    def get(self, request):
        return HttpResponse("hello")


def text(response):
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


@pytest.mark.parametrize("view", [guarded, GuardedView.as_view()])
def test_a_guarded_view_answers_while_its_milestone_is_on(request_, view):
    assert view(request_).content == b"hello"


@pytest.mark.parametrize("view", [guarded, GuardedView.as_view()])
def test_a_guarded_view_answers_the_switched_off_page_while_it_is_off(request_, milestones, view):
    milestones.off("avatars")
    response = view(request_)
    assert response.status_code == 404
    assert b'data-switched-off="avatars"' in response.content


def test_the_decorator_hands_arguments_on_and_keeps_the_name(request_):
    assert guarded(request_, word="bye").content == b"bye"
    assert (guarded.__name__, guarded.__doc__) == ("guarded", "A view of the tests.")


def test_either_picks_the_view_by_its_milestone(request_, milestones):
    on, off = (lambda request, pk: HttpResponse(f"new {pk}")), (lambda request, pk: HttpResponse(f"old {pk}"))
    view = either("avatars", on=on, off=off)
    assert isinstance(view, EitherView)
    assert view.pick(request_) is on
    assert view(request_, pk=3).content == b"new 3"
    milestones.off("avatars")
    assert view.pick(request_) is off
    assert view(request_, pk=3).content == b"old 3"


def test_a_misspelt_milestone_is_an_error_and_not_merely_off(request_):
    with pytest.raises(UnknownMilestoneError, match="avatars"):
        milestone_required("avatar")(lambda request: HttpResponse())(request_)


def test_the_switched_off_page_says_what_is_off_and_how_to_turn_it_on(guest, milestones):
    milestones.off("client-crud")
    response = guest.get("/clients/")
    assert_switched_off(response, "client-crud")
    main = page(response, status=404).main
    assert main.select_one('a[href="/stages/client-crud/"]').text == "Client CRUD (FBV)"
    assert main.pre.text.strip() == "python manage.py stages on client-crud"
    assert main.select_one("form") is None


def test_the_switched_off_page_is_the_same_with_debug(settings, guest, milestones):
    settings.DEBUG = True
    milestones.off("client-crud")
    assert_switched_off(guest.get("/clients/"), "client-crud")


def test_staff_can_turn_it_on_from_the_switched_off_page(manager_client, milestones):
    milestones.off("client-crud")
    form = page(manager_client.get("/clients/?q=anna"), status=404).select_one("main form")
    assert form["action"] == "/stages/client-crud/switch/"
    assert form.select_one("[name=next]")["value"] == "/clients/?q=anna"
    assert form.button["value"] == "on"


def test_the_switched_off_page_says_what_it_waits_for(request_, milestones):
    milestones.off("client-crud")
    assert "waiting for Client CRUD (FBV)" in text(switched_off(request_, "avatars"))


def test_the_switched_off_page_names_the_profile_that_has_it(request_, settings):
    settings.CRM_STAGE = "junior"
    said = text(switched_off(request_, "csv-export"))
    assert "make demo STAGE=middle" in said
    assert "stages on csv-export" not in said


def test_the_switched_off_page_says_that_others_have_it(request_):
    Flag.objects.filter(name="avatars").update(everyone=None, staff=True)
    assert "on for some (staff), but not for you" in text(switched_off(request_, "avatars"))


def test_the_template_tag_asks_for_the_visitor_of_the_page(request_, learner):
    Flag.objects.filter(name="avatars").update(everyone=None)
    Flag.objects.get(name="avatars").users.add(learner)
    template = Template(
        '{% load stages %}{% milestone_on "avatars" as on %}{% if on %}yes{% else %}no{% endif %}'
    )
    assert template.render(Context({"request": request_})) == "no"
    request_.user = learner
    assert template.render(Context({"request": request_})) == "yes"
    assert template.render(Context()) == "no"


def test_the_header_says_how_much_is_on(request_, milestones, settings):
    settings.CRM_STAGE = "junior"
    milestones.off("avatars", "login-required")
    template = Template(
        "{% load stages %}{% stage_summary as stage %}{{ stage.stage_title }} {{ stage.on }}/{{ stage.total }}"
    )
    assert template.render(Context({"request": request_})) == f"Junior 6/{len(catalog().milestones)}"


def test_the_filter_marks_up_code_and_nothing_dangerous():
    template = Template("{% load stages %}{{ line|inline_markdown }}")
    rendered = template.render(
        Context({"line": "Add `<b>` & <script>alert(1)</script> [x](javascript:alert(1))"})
    )
    assert rendered.startswith("Add <code>&lt;b&gt;</code> &amp; &lt;script&gt;")
    assert "<a" not in rendered


class GuardedAPI(APIView):
    permission_classes = [MilestoneActive]
    authentication_classes = []
    milestone = "avatars"

    def get(self, request):
        return Response({"answer": 42})


def test_the_api_answers_while_its_milestone_is_on(request_):
    assert GuardedAPI.as_view()(request_).data == {"answer": 42}


def test_the_api_answers_404_with_the_reason_while_it_is_off(request_, milestones):
    milestones.off("avatars")
    response = GuardedAPI.as_view()(request_)
    assert response.status_code == 404
    assert response.data["detail"] == (
        "Milestone 6, Avatar, is switched off. A member of staff can turn it on at /stages/avatars/, "
        "or: python manage.py stages on avatars"
    )


def test_the_permission_itself_raises_not_found_rather_than_forbid(request_, milestones):
    milestones.off("avatars")
    with pytest.raises(NotFound):
        MilestoneActive().has_permission(Request(request_), GuardedAPI())


def test_a_user_who_is_known_only_to_the_api_counts(request_, milestones):
    user = baker.make("auth.User")
    Flag.objects.filter(name="avatars").update(everyone=None)
    Flag.objects.get(name="avatars").users.add(user)
    wrapped = Request(request_)
    wrapped.user = user
    assert MilestoneActive().has_permission(wrapped, GuardedAPI())
