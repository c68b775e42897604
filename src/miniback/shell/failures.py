"""Refusals as people read them: plain words, what to do next, and the request's id."""

import msgspec

from miniback import errors, http
from miniback.errors import Refusal
from miniback.http import Request, Response
from miniback.shell.pages import Frame, Shell

_FOR_PROGRAMS = ("/openapi.json", "/healthz", "/readyz", "/metrics", "/mcp")


class _Words(msgspec.Struct, frozen=True):
    """What is said of a status. `tells_reason`: the refusal's own sentence helps a person."""

    title: str
    advice: str
    tells_reason: bool = False


# Texts of the catalogue.
_WORDS = {
    400: _Words("That did not work", "Go back, correct what is named here, and try again.", True),
    401: _Words("Please sign in", "Sign in, then try again."),
    403: _Words("You cannot do that", "Go back and reload the page, or ask an owner.", True),
    404: _Words("There is nothing here", "The address may be mistyped, or what was here is gone."),
    405: _Words("That did not work", "This address does not take what was sent to it."),
    408: _Words("That took too long", "The request did not arrive in time. Please try again."),
    409: _Words("That is taken", "Go back and choose something else.", True),
    413: _Words("That is too large", "Go back and send less at once.", True),
    415: _Words("That cannot be read", "Send the form from the page, as it is.", True),
    422: _Words("That did not work", "Go back, correct what is named here, and try again.", True),
    429: _Words("Too many tries", "Wait a little, then try again.", True),
    500: _Words("Something broke", "It is not your fault. Please try again; if it stays, tell us."),
    503: _Words("Busy just now", "Nothing was changed. Please try again in a moment."),
}


# The API, and what scripts on other sites load and call.
_PROGRAMS_FOLDERS = ("/api/", "/w/", "/widget")


def is_for_programs(request: Request) -> bool:
    """Tell whether a program asks, which reads JSON, rather than a person."""
    path = request.scope["path"].lower()
    return path.startswith(_PROGRAMS_FOLDERS) or path == "/api" or path in _FOR_PROGRAMS


def page(request: Request, frame: Frame, refusal: Refusal) -> Response:
    """Write the page of a refusal; a script that asked for a piece of one gets a short message."""
    shell: Shell = request.state["shell"]
    status = http.status_of(refusal)
    words = _WORDS[status]
    values = {
        "code": status,
        "title": words.title,
        "advice": words.advice,
        "reason": str(refusal) if words.tells_reason else "",
        "wait_s": refusal.retry_after_s,
        "request_id": request.id,
        "can_sign_in": isinstance(refusal, errors.Unauthenticated),
    }
    if request.header(b"hx-request"):
        response = shell.fragment(frame, "shell/templates/failure_toast.html", status, **values)
        response = response.with_headers(
            (
                (b"hx-retarget", b"#toasts"),
                (b"hx-reswap", b"beforeend"),
                (b"hx-reselect", b".toast"),
            )
        )
    else:
        response = shell.page(request, frame, "shell/templates/failure.html", status, **values)
    return response.with_headers(http.headers_of(refusal))
