"""What a call may fail with: a class for each kind, so that each can be caught by itself."""

import json
from collections.abc import Mapping

OK_FROM, OK_TO = 200, 300
SERVER_ERRORS_FROM = 500


class MinibackError(Exception):
    """Whatever went wrong with a call."""


class NetworkError(MinibackError):
    """No answer came, or only a part of one; whether the call was carried out is not known."""


class WebhookError(MinibackError):
    """A message that does not come from the webhook whose secret was given, or is too old."""


class ApiError(MinibackError):
    """The server's refusal, in its own words."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{message} ({status})")
        self.status = status
        self.message = message
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after


class Invalid(ApiError):
    """400, 415 and 422: the content does not make sense, or a key was used for something else."""


class Unauthorized(ApiError):
    """401: no key was sent, or its plan does not allow this call."""


class Forbidden(ApiError):
    """403: no such key, no project of its account, a project that is paused, or a full plan."""


class NotFound(ApiError):
    """404: the account has no such thing."""


class Conflict(ApiError):
    """409: the name is taken, or there are too many already."""


class TooLarge(ApiError):
    """413: the body is too large."""


class RateLimited(ApiError):
    """429: too much; `retry_after` tells how many seconds to wait."""


class QuotaExceeded(RateLimited):
    """429: what the plan allows in a month is used up."""


class ServerError(ApiError):
    """5xx: the server failed or cannot carry it out right now."""


_KINDS: dict[int, type[ApiError]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    413: TooLarge,
    415: Invalid,
    422: Invalid,
    429: RateLimited,
}


def refusal(status: int, headers: Mapping[str, str], content: bytes) -> ApiError:
    """Make the error of an answer; a proxy in between may have written it."""
    told = _told(content)
    message = told.get("error")
    code = told.get("code")
    return _kind(status, str(message))(
        status,
        message if isinstance(message, str) else "The answer is not one of Miniback's",
        code if isinstance(code, str) else None,
        headers.get("x-request-id"),
        seconds(headers.get("retry-after")),
    )


def seconds(retry_after: str | None) -> int | None:
    """Read a Retry-After that is a number; a date, as some proxies have it, is not heeded."""
    is_number = retry_after is not None and retry_after.isascii() and retry_after.isdigit()
    return int(retry_after) if is_number and retry_after else None


def _kind(status: int, message: str) -> type[ApiError]:
    if status >= SERVER_ERRORS_FROM:
        return ServerError
    kind = _KINDS.get(status, ApiError)
    return QuotaExceeded if kind is RateLimited and _is_of_a_month(message) else kind


def _is_of_a_month(message: str) -> bool:
    return message.startswith("Monthly limit")


def _told(content: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
