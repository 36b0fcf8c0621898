from contextlib import contextmanager

from django.db.models.signals import post_save

from clients import signals
from clients.models import Client
from stages.checking.mistakes import Mistake
from stages.features import is_active
from tests.stages.mistakes.patches import everywhere

UID = "clients.signals.mark_vip"


@contextmanager
def receiver(wrong):
    """`wrong` connected to post_save in the place of the real receiver."""
    post_save.disconnect(sender=Client, dispatch_uid=UID)
    post_save.connect(wrong, sender=Client, dispatch_uid=UID, weak=False)
    try:
        yield
    finally:
        post_save.disconnect(sender=Client, dispatch_uid=UID)
        post_save.connect(signals.mark_vip, sender=Client, dispatch_uid=UID)


def concerns(instance):
    return not instance.vip and signals.has_vip_domain(instance.email) and is_active("vip-signal")


def saves_again(sender, instance, raw=False, **kwargs):
    if not raw and concerns(instance):
        instance.vip = True
        instance.save()


def forgets_the_object(sender, instance, raw=False, **kwargs):
    if not raw and concerns(instance):
        sender.objects.filter(pk=instance.pk).update(vip=True)


def writes_each_time(sender, instance, raw=False, **kwargs):
    if not raw and is_active("vip-signal"):
        instance.vip = instance.vip or signals.has_vip_domain(instance.email)
        sender.objects.filter(pk=instance.pk).update(vip=instance.vip)


MISTAKES = [
    Mistake(
        "ends-with",
        '`endswith("company.com")` makes notcompany.com a VIP.',
        "test_a_domain_that_only_looks_like_it_does_not_count",
        lambda: everywhere(signals.has_vip_domain, lambda email: email.endswith("company.com")),
    ),
    Mistake(
        "save-in-post-save",
        "`save()` inside post_save sends post_save once more.",
        "test_the_signal_writes_once_and_does_not_call_itself",
        lambda: receiver(saves_again),
    ),
    Mistake(
        "stale-object",
        "The row is a VIP, the object in the caller's hand is not.",
        "test_a_client_created_with_that_domain_is_a_vip",
        lambda: receiver(forgets_the_object),
    ),
    Mistake(
        "writes-each-time",
        "Every save of every client writes twice.",
        "test_saving_again_costs_no_second_query",
        lambda: receiver(writes_each_time),
    ),
]
