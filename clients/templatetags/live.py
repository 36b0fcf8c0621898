"""Milestone 19 in the list of clients."""

from typing import Any

from django import template

from clients.live.reliable.missed import newest_id
from stages.features import is_active

register = template.Library()


@register.inclusion_tag("clients/_live.html", takes_context=True)
def live_orders(context: dict[str, Any]) -> dict[str, Any]:
    """What the page needs to hear of new orders; nothing while the milestone is off.

    `live_after` is the newest order as the page is rendered: the socket starts from there.
    """
    live_on = is_active("live-orders", context.get("request"))
    return {"live_on": live_on, "live_after": newest_id() if live_on else 0}
