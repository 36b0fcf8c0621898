"""What ends somebody's right to listen, told to every process that has sockets: door.py looks again.

Signals, because a logout, an account and a flag belong to code that is not ours. They are told after the commit.
"""

import hashlib
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest
from waffle import get_waffle_flag_model

from clients.live.events import GROUP
from clients.live.reliable.sending import send_from_any_thread, send_to_layer

LOOK_AGAIN = "access.changed"
SESSION_ENDED = "session.ended"


def group_of(user_id: int) -> str:
    """The group of all sockets of one account."""
    return f"{GROUP}.user.{user_id}"


def digest(session_key: str) -> str:
    """Stands for the key in messages: the key itself is as good as a password."""
    return hashlib.sha256(session_key.encode()).hexdigest()


@receiver(user_logged_out, dispatch_uid="clients.live.reliable.leaving.session_ended")
def session_ended(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Named, because Django sends this signal a moment before it deletes the session."""
    if user is not None and request.session.session_key:
        message = {"type": SESSION_ENDED, "session": digest(request.session.session_key)}
        transaction.on_commit(partial(send_from_any_thread, send_to_layer, message, group_of(user.pk)))


@receiver(
    [post_save, post_delete],
    sender=get_user_model(),
    dispatch_uid="clients.live.reliable.leaving.account_changed",
)
def account_changed(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Another password, deactivated, deleted. Every login saves the account as well, and changes nothing of that."""
    if kwargs.get("update_fields") != frozenset({"last_login"}):
        transaction.on_commit(
            partial(send_from_any_thread, send_to_layer, {"type": LOOK_AGAIN}, group_of(instance.pk))
        )


@receiver(
    [post_save, post_delete],
    sender=get_waffle_flag_model(),
    dispatch_uid="clients.live.reliable.leaving.switched",
)
def milestone_switched(sender: Any, **kwargs: Any) -> None:
    """Whichever it is: what it is required for goes with it."""
    transaction.on_commit(partial(send_from_any_thread, send_to_layer, {"type": LOOK_AGAIN}, GROUP))
