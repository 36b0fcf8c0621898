"""Around each request, under WSGI and ASGI alike: the flags it has read, and a page for what is not written yet."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from stages.flags import RequestFlags, current_flags
from stages.not_written_yet import NotWrittenYet

Answer = HttpResponseBase | Awaitable[HttpResponseBase]
GetResponse = Callable[[HttpRequest], Answer]


class FlagsMiddleware:
    """Stands after AuthenticationMiddleware; reads nothing itself. A streamed body is produced after it, outside."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        if self.is_async:
            return self._answer_later(request)
        with keeping_flags(request):
            return self.get_response(request)

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        with keeping_flags(request):
            return await self.get_response(request)  # type: ignore[misc]  # a coroutine: __init__ has looked


@contextmanager
def keeping_flags(request: HttpRequest) -> Iterator[None]:
    token = current_flags.set(RequestFlags(request))
    try:
        yield
    finally:
        current_flags.reset(token)


class YoursToWriteMiddleware(MiddlewareMixin):
    """The person who meets a stub of `stages start` is told whose turn it is, instead of an error."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return yours_to_write(request, exception) if isinstance(exception, NotWrittenYet) else None


def yours_to_write(request: HttpRequest, error: NotWrittenYet) -> HttpResponse:
    """501, as JSON for who prefers that."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"detail": str(error)}, status=501)
    context = {"milestone": error.milestone, "place": error.place}
    return render(request, "stages/yours_to_write.html", context, status=501)
