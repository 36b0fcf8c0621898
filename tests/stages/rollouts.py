"""Requests and roll-outs for the tests of the engine."""

from django.contrib.auth.models import AnonymousUser, Group
from django.test import RequestFactory
from model_bakery import baker
from waffle.models import Flag


def request_of(user=None, **cookies):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    request.COOKIES = cookies
    return request


def group_of(user):
    group = baker.make(Group)
    user.groups.add(group)
    return group


def roll_out(slug, **values):
    """Neither on nor off for everyone."""
    values = {"everyone": None, "superusers": False} | values
    Flag.objects.filter(name=slug).update(**values)
    return Flag.objects.get(name=slug)
