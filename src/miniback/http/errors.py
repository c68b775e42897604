"""The one place where a refusal becomes a status and the JSON of an error."""

from miniback import errors
from miniback.http.responses import Response, encode

_STATUS: dict[type[errors.Refusal], int] = {
    errors.Invalid: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.TooSlow: 408,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    errors.Unsupported: 415,
    errors.Unprocessable: 422,
    errors.OverQuota: 429,
    errors.Unavailable: 503,
}
# After these the rest of the body is not read, so the connection cannot be used again.
_ENDS_CONNECTION = (errors.TooSlow, errors.TooLarge)


def refused(refusal: errors.Refusal) -> Response:
    """Answer a refusal with its own words."""
    response = error(_STATUS[type(refusal)], str(refusal))
    if refusal.retry_after_s is not None:
        response = response.with_headers(((b"retry-after", b"%d" % refusal.retry_after_s),))
    if isinstance(refusal, _ENDS_CONNECTION):
        response = response.with_headers(((b"connection", b"close"),))
    return response


def error(status: int, message: str) -> Response:
    """Answer with `{"error": message}` (contract section 1)."""
    return Response(status, encode({"error": message}))
