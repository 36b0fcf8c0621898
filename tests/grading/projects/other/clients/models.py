from django.db import models


class ClientManager(models.Manager):
    def active(self):
        unfinished = Order.objects.exclude(status=Order.DONE)
        return self.filter(pk__in=unfinished.values("client"))


class Client(models.Model):
    name = models.CharField("Name", max_length=100)
    email = models.EmailField("E-Mail", unique=True)
    phone = models.CharField("Telefon", max_length=30, blank=True)
    avatar = models.ImageField("Bild", upload_to="avatars/", blank=True)
    vip = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientManager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class Order(models.Model):
    DONE = "DONE"
    STATUSES = [("NEW", "neu"), ("IN_PROGRESS", "in Arbeit"), (DONE, "fertig")]

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    title = models.CharField("Titel", max_length=100)
    amount = models.DecimalField("Betrag", max_digits=10, decimal_places=2)
    status = models.CharField(max_length=20, choices=STATUSES, default="NEW")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title
