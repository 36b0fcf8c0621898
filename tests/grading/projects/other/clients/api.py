from django.urls import include, path
from rest_framework import filters, routers, serializers, viewsets

from .models import Client, Order


class ClientSerializer(serializers.ModelSerializer):
    class Meta:
        model = Client
        fields = ["id", "name", "email", "phone"]


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "client", "title", "amount", "status"]


class Clients(viewsets.ReadOnlyModelViewSet):
    queryset = Client.objects.all()
    serializer_class = ClientSerializer
    filter_backends = [filters.SearchFilter]
    search_fields = ["name", "email"]


class Orders(viewsets.ReadOnlyModelViewSet):
    serializer_class = OrderSerializer

    def get_queryset(self):
        orders = Order.objects.all()
        status = self.request.query_params.get("status")
        return orders.filter(status=status) if status else orders


router = routers.SimpleRouter()
router.register("clients", Clients)
router.register("orders", Orders, "order")
urlpatterns = [path("", include(router.urls))]
