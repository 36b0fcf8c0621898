"""`{% load stages %}{% milestone_on "orders" as orders_on %}{% if orders_on %}…`"""

from typing import NoReturn

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from stages.catalog import catalog
from stages.features import is_active
from stages.not_written_yet import NotWrittenYet
from stages.pages import line_html
from stages.states import StageSummary, summary

register = template.Library()


@register.simple_tag(takes_context=True)
def milestone_on(context: Context, slug: str) -> bool:
    """Whether the milestone is active for the visitor of this page."""
    return is_active(slug, context.get("request"))


@register.simple_tag(takes_context=True)
def stage_summary(context: Context) -> StageSummary:
    """`{% stage_summary as stage %}`: the running stage, and how many milestones are active for the visitor."""
    return summary(context["request"])


@register.simple_tag
def milestone_count() -> int:
    """`{% milestone_count %}`: how many the whole curriculum has."""
    return len(catalog().milestones)


@register.simple_tag
def not_written_yet(milestone: int, path: str) -> NoReturn:
    """`{% not_written_yet 4 "clients/…/_pagination.html" %}`: stands in a template that a learner writes again."""
    raise NotWrittenYet(milestone, path)


@register.filter
def inline_markdown(text: str) -> SafeString:
    """One line of the manifest, with its `code` marked up."""
    return line_html(text)
