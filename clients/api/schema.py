"""What the OpenAPI description says of every address beyond what it can read off the code: how requests can fail."""

from typing import Any

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

SUCCESS = {"POST": 201, "DELETE": 204}
DETAIL = inline_serializer("Problem", {"detail": serializers.CharField()})
FAILURES = {
    400: OpenApiResponse(
        OpenApiTypes.OBJECT, "What is wrong, for each parameter or field a list of messages."
    ),
    401: OpenApiResponse(DETAIL, "Who is asking? Log in or send a token."),
    403: OpenApiResponse(DETAIL, "Only staff may write."),
    404: OpenApiResponse(DETAIL, "There is no such page, client or order."),
    405: OpenApiResponse(DETAIL, "The API only reads (milestone 15 is off)."),
    429: OpenApiResponse(DETAIL, "Too many requests; Retry-After says when to come back."),
}


class CrmSchema(AutoSchema):
    """Adds the failures, and that reading needs no login where API_PUBLIC_READ is on."""

    def get_response_serializers(self) -> Any:
        status = SUCCESS.get(self.method, 200)
        return {status: None if status == 204 else super().get_response_serializers(), **FAILURES}

    def get_auth(self) -> list[dict[str, list[str]]]:
        auth: list[dict[str, list[str]]] = super().get_auth()
        public = self.method in SAFE_METHODS and settings.API_PUBLIC_READ
        return [*auth, {}] if public else auth
