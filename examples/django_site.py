"""A Django site, in one file, with Miniback below /feedback.

In a site that `django-admin startproject` has made, the last two lines stand in its `asgi.py`.
"""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from miniback.asgi import Miniback

PROJECT = os.environ.get("PROJECT", "my-website")

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    SECRET_KEY=os.environ.get("SECRET_KEY", "only for an example"),
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)


def show_home(_request: HttpRequest) -> HttpResponse:
    """The page that has the widget on it."""
    return HttpResponse(
        f"""<!doctype html><html lang="en"><title>A Django site</title>
<h1>A Django site</h1>
<script async src="/feedback/w/{PROJECT}.js"></script></html>"""
    )


urlpatterns = [path("", show_home)]

# MINIBACK_BASE_URL says where: http://127.0.0.1:8000/feedback.
feedback = Miniback()
app = feedback.beside(get_asgi_application())
