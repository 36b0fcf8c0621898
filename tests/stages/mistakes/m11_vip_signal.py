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


def new_ones_only(sender, instance, raw=False, created=False, **kwargs):
    if not raw and created and concerns(instance):
        sender.objects.filter(pk=instance.pk).update(vip=True)
        instance.vip = True


def forgets_the_object(sender, instance, raw=False, **kwargs):
    if not raw and concerns(instance):
        sender.objects.filter(pk=instance.pk).update(vip=True)


MISTAKES = [
    Mistake(
        "ends-with",
        '`endswith("company.com")` makes notcompany.com a VIP.',
        "test_a_domain_that_only_looks_like_it_does_not_count",
        lambda: everywhere(signals.has_vip_domain, lambda email: email.endswith("company.com")),
    ),
    Mistake(
        "new-ones-only",
        "`if created:` forgets the client whose address changes to company.com later.",
        "test_a_client_whose_address_changes_to_that_domain_becomes_one",
        lambda: receiver(new_ones_only),
    ),
    Mistake(
        "stale-object",
        "The row is a VIP, the object in the caller's hand is not.",
        "test_a_client_created_with_that_domain_is_a_vip",
        lambda: receiver(forgets_the_object),
    ),
    Mistake(
        "never-connected",
        "The receiver is there, and nobody connects it.",
        "test_a_client_created_with_that_domain_is_a_vip",
        lambda: receiver(lambda **kwargs: None),
    ),
]
