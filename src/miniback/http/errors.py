"""The one place where a refusal becomes a status, headers, and the JSON of an error."""

import secrets

from miniback import errors, metrics
from miniback.http.responses import Response, encode
from miniback.http.whole import CLOSE
from miniback.http.wire import Header

_STATUS: dict[type[errors.Refusal], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.MethodNotAllowed: 405,
    errors.TooSlow: 408,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.Unprocessable: 422,
    errors.OverQuota: 429,
    errors.TooMany: 429,
    errors.Failed: 500,
    errors.Unavailable: 503,
}
# Clients that were turned away at the same moment shall not come back at the same moment.
_SPREAD_S = 4
# After these the rest of the body is not read, so the connection cannot be used again.
_ENDS_CONNECTION = (errors.TooSlow, errors.TooLarge)


def refused(refusal: errors.Refusal) -> Response:
    """Answer a refusal with `{"error": …}` in its own words (contract section 1)."""
    content = {"error": str(refusal)}
    if refusal.code:
        content["code"] = refusal.code
    return Response(status_of(refusal), encode(content), headers_of(refusal))


def status_of(refusal: errors.Refusal) -> int:
    """Return the HTTP status of a refusal that is answered now, and count it."""
    metrics.refused(type(refusal).__name__, refusal.code)
    return _STATUS[type(refusal)]


def headers_of(refusal: errors.Refusal) -> tuple[Header, ...]:
    """Return the headers that tell a client when to come again, or what else it may do."""
    headers: tuple[Header, ...] = ()
    if refusal.retry_after_s is not None:
        is_shared = isinstance(refusal, errors.Unavailable)
        wait_s = spread(refusal.retry_after_s) if is_shared else refusal.retry_after_s
        headers += ((b"retry-after", b"%d" % wait_s),)
    if isinstance(refusal, errors.MethodNotAllowed):
        headers += ((b"allow", refusal.allow.encode()),)
    if isinstance(refusal, _ENDS_CONNECTION):
        headers += (CLOSE,)
    return headers


def spread(least_s: int) -> int:
    """Return when one of many is to come again who were turned away for the same reason."""
    return least_s + secrets.randbelow(_SPREAD_S)
