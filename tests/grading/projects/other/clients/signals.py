from django.db.models.signals import post_save
from django.dispatch import receiver

from .models import Client


@receiver(post_save, sender=Client)
def make_vip(sender, instance, **kwargs):
    if instance.email.endswith("@company.com") and not instance.vip:
        Client.objects.filter(pk=instance.pk).update(vip=True)
