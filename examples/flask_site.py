"""A Flask site with people who sign in, and Miniback below /feedback, which is told who they are.

Flask speaks WSGI: a2wsgi lets it answer from threads, beside Miniback.
"""

import hmac
import os

from a2wsgi import WSGIMiddleware
from flask import Flask, redirect, render_template_string, request, session
from werkzeug.wrappers import Response

from miniback.asgi import Miniback

PROJECT = os.environ.get("PROJECT", "my-website")
# The project's identity secret, from its page "Security".
SECRET = os.environ.get("WIDGET_SECRET", "")

HOME = """<!doctype html><html lang="en"><title>A Flask site</title>
<h1>{{ "Hello, " + name if name else "A Flask site" }}</h1>
<form method="post" action="/sign-in">
<input name="name" aria-label="Name"><button>Sign in</button></form>
<script async src="/feedback/w/{{ project }}.js"
{%- if name %} data-user-id="{{ name }}" data-user-hash="{{ signature }}"{% endif %}></script>
</html>"""

site = Flask(__name__)
site.secret_key = os.environ.get("SECRET_KEY", "only for an example")


@site.get("/")
def show_home() -> str:
    """The page that has the widget on it; it says who is signed in, signed by this server."""
    name = session.get("name", "")
    signature = hmac.new(SECRET.encode(), name.encode(), "sha256").hexdigest()
    return render_template_string(HOME, name=name, project=PROJECT, signature=signature)


@site.post("/sign-in")
def sign_in() -> Response:
    """Let anybody be whom they say; a site of yours asks for a password."""
    session["name"] = request.form["name"]
    return redirect("/")


# MINIBACK_BASE_URL says where: http://127.0.0.1:8000/feedback.
feedback = Miniback()
# Flask and a2wsgi write down the types of WSGI each in its own way.
app = feedback.beside(WSGIMiddleware(site))  # type: ignore[arg-type]
