"""Sites that mount Miniback in ways that show what becomes of it, or of them."""

import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from miniback.asgi import Miniback

feedback = Miniback()


async def _break(_request: Request) -> Response:
    raise ZeroDivisionError


async def _on_error(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("The site's own error", 500)


async def _on_missing(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("The site's own 404", 404)


# Has something to say of whatever goes wrong in it.
strict = Starlette(
    routes=[Route("/broken", _break), Mount("/feedback", feedback)],
    exception_handlers={Exception: _on_error, HTTPException: _on_missing},
    lifespan=feedback.lifespan,
)
# Has forgotten the lifespan.
forgetful = Starlette(routes=[Mount("/feedback", feedback)])
# Has put it elsewhere than it is said to be.
astray = Starlette(routes=[Mount("/other", feedback)], lifespan=feedback.lifespan)


@contextlib.asynccontextmanager
async def _of_the_site(_app: Starlette) -> AsyncIterator[None]:
    print("The site begins", flush=True)  # noqa: T201
    yield
    print("The site ends", flush=True)  # noqa: T201


@contextlib.asynccontextmanager
async def _failing(_app: Starlette) -> AsyncIterator[None]:
    raise RuntimeError("The site has no database")
    yield


# Lives itself, beside.
lively = feedback.beside(Starlette(routes=[Route("/broken", _break)], lifespan=_of_the_site))
failing = feedback.beside(Starlette(lifespan=_failing))
