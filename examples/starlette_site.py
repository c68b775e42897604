"""A Starlette site with a start and an end of its own, and Miniback below /feedback."""

import contextlib
import os
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from miniback.asgi import Miniback

PROJECT = os.environ.get("PROJECT", "my-website")

# MINIBACK_BASE_URL says where: http://127.0.0.1:8000/feedback.
feedback = Miniback()


@contextlib.asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Open what the site needs before Miniback, and close it after."""
    app.state.greeting = "Welcome"
    async with feedback.lifespan():
        yield


async def show_home(request: Request) -> Response:
    """The page that has the widget on it."""
    return HTMLResponse(
        f"""<!doctype html><html lang="en"><title>A Starlette site</title>
<h1>{request.app.state.greeting}</h1>
<script async src="/feedback/w/{PROJECT}.js"></script></html>"""
    )


app = Starlette(routes=[Route("/", show_home), Mount("/feedback", feedback)], lifespan=lifespan)
