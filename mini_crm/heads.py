"""Answers to HEAD have no body."""

from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable


def without_bodies(application: Any) -> Any:
    """ASGI middleware. Django leaves the body of a HEAD to the server, and daphne drops only the first 64 KiB of it:

    the browser would take the rest for the beginning of the next answer on the same connection.
    """

    async def answer(scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async def send_headers(message: Any) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await application(scope, receive, send_headers if scope["method"] == "HEAD" else send)

    return answer
