"""A FastAPI site with Miniback below /feedback, told its settings right here."""

import os

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from miniback.asgi import Miniback

SITE = os.environ.get("SITE", "http://127.0.0.1:8000")
PROJECT = os.environ.get("PROJECT", "my-website")

feedback = Miniback(base_url=f"{SITE}/feedback", visitor_limit=20)
app = FastAPI(title="A FastAPI site", lifespan=feedback.lifespan)
app.mount("/feedback", feedback)


@app.get("/", response_class=HTMLResponse)
def show_home() -> str:
    """The page that has the widget on it."""
    return f"""<!doctype html><html lang="en"><title>A FastAPI site</title>
<h1>A FastAPI site</h1>
<script async src="/feedback/w/{PROJECT}.js"></script></html>"""
