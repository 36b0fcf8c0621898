"""Keeps the flags a request has read for as long as it is served, under WSGI and ASGI alike."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from stages.flags import FlagBook, current_book

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
        with open_book(request):
            return self.get_response(request)

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        with open_book(request):
            return await self.get_response(request)  # type: ignore[misc]  # a coroutine: __init__ has looked


@contextmanager
def open_book(request: HttpRequest) -> Iterator[None]:
    token = current_book.set(FlagBook(request))
    try:
        yield
    finally:
        current_book.reset(token)
