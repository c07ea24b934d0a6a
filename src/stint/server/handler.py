"""Django's sync handler behind an ASGI server, run whole in a fixed pool of threads.

Django's own ASGI handler starts a thread for each request and opens a database connection in it: about 60
requests a second where this does 791. Its reading of bodies and sending of responses are kept.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import IO, Any, TypeVar

from asgiref.typing import ASGIReceiveCallable, ASGIReceiveEvent, HTTPScope
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from stint.server.pool import RequestPool

T = TypeVar("T")

# Larger than any import; without a bound anybody could fill the disk with a body.
LARGEST_BODY = 512 * 1024 * 1024


class _BodyTooLarge(Exception):
    """The client sends more than LARGEST_BODY."""


# Enabling and previewing ask Toggl, about once a second and for up to 40 s: nobody's timer may stand behind that.
WAITING_PATHS = ("/integrations", "/api/v1/integrations")


class PooledHandler(ASGIHandler):
    """Answers each request in one visit to a pool; streamed ones in one visit a piece.

    Requests that may wait for an outside service (WAITING_PATHS) have a pool of their own.
    """

    def __init__(self, pool: RequestPool, waiting_pool: RequestPool) -> None:
        # ASGIHandler's own __init__ would load the middleware for async.
        BaseHandler.__init__(self)
        self._pool, self._waiting_pool = pool, waiting_pool
        self.load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Answer one HTTP request."""
        try:
            body = await self.read_body(_bounded(receive))
        except RequestAborted:
            return
        except _BodyTooLarge:
            await self.send_response(HttpResponse("413 Payload too large", status=413), send)
            return
        # One context for all pieces of an answer, so that its language and the like stay its own.
        in_context = contextvars.copy_context().run
        pool = self._waiting_pool if scope["path"].startswith(WAITING_PATHS) else self._pool
        response, thread = await pool.run(partial(in_context, self._answer, pool, scope, body))
        if isinstance(response, StreamingHttpResponse):
            run = partial(self._run, pool, in_context, thread)
            await self._stream(response, run, receive, send)
        else:
            await self.send_response(response, send)

    def _answer(self, pool: RequestPool, scope: HTTPScope, body: IO[bytes]) -> tuple[HttpResponseBase, int]:
        """Return the response, already closed unless it streams, and the number of this thread."""
        # Of what Django's signals around a request do, this alone matters here; they took a tenth of a small answer.
        close_old_connections()
        request, refusal = self.create_request(scope, body)
        response: HttpResponseBase
        if request is None:
            body.close()
            assert refusal is not None
            response = refusal
        else:
            response = self.get_response(request)
        response._handler_class = type(self)  # type: ignore[attr-defined]
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if request is not None and not response.streaming:
            request.close()
        return response, pool.here

    async def _run(
        self, pool: RequestPool, in_context: Callable[..., Any], thread: int, call: Callable[[], T]
    ) -> T:
        return await pool.run(partial(in_context, call), on=thread)

    async def _stream(
        self,
        response: StreamingHttpResponse,
        run: Callable[[Callable[[], Any]], Any],
        receive: ASGIReceiveCallable,
        send: Callable[[Mapping[str, Any]], Awaitable[None]],
    ) -> None:
        if not response.is_async:
            response.streaming_content = _pieces(iter(response), run)
        sending = asyncio.ensure_future(self.send_response(response, send))
        gone = asyncio.ensure_future(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait([sending, gone], return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            for task in (sending, gone):
                task.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)
            # Queued behind a piece that may still be in the making, on the same thread.
            await asyncio.shield(asyncio.ensure_future(run(response.close)))


async def _pieces(iterator: Iterator[bytes], run: Callable[..., Any]) -> AsyncIterator[bytes]:
    while (piece := await run(partial(next, iterator, None))) is not None:
        yield piece


def _bounded(receive: ASGIReceiveCallable) -> Callable[[], Any]:
    read = 0

    async def bounded() -> ASGIReceiveEvent:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message["body"])
            if read > LARGEST_BODY:
                raise _BodyTooLarge
        return message

    return bounded
