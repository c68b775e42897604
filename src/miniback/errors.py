"""The ways the system says no. Rooms raise them; `http/errors.py` alone makes them statuses."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A request that is understood and not carried out; the message is for the caller.

    `retry_after_s` are whole seconds after which the same request may go through. `code` is a word
    for programs that do something about it, '' for none.
    """

    retry_after_s: int | None = None

    def __init__(self, message: str = "", *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Invalid(Refusal):
    """The request does not say what it must."""


class Unauthenticated(Refusal):
    """It is not known who asks, or their plan does not open this door."""


class Forbidden(Refusal):
    """They may not."""


class NotFound(Refusal):
    """There is no such thing, or none that the caller may see."""


class Conflict(Refusal):
    """Something else already stands where this should go."""


class Unprocessable(Refusal):
    """The request contradicts an earlier one that it claims to repeat."""


class TooSlow(Refusal):
    """The body took too long to come."""


class TooLarge(Refusal):
    """The body is larger than anything that could be meant."""


class Unsupported(Refusal):
    """The body is in a form that is not read here."""


class OverQuota(Refusal):
    """The plan's allowance for this period is spent."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class TooMany(Refusal):
    """Tried too often; the next try counts after a while."""

    def __init__(self, message: str, retry_after_s: int, *, code: str = "") -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class Unavailable(Refusal):
    """It cannot be taken or found just now; nothing was done. `retry_after_s` is the least wait."""

    def __init__(
        self, retry_after_s: int = 1, message: str = "Temporarily unavailable, please retry"
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class MethodNotAllowed(Refusal):
    """Something stands there, but it does not answer to this method; `allow` are those it does."""

    def __init__(self, allow: str) -> None:
        super().__init__("Method not allowed")
        self.allow = allow


class Failed(Refusal):
    """Something broke; what it was stands in the log."""

    def __init__(self) -> None:
        super().__init__("Internal server error")


class Misconfigured(Exception):  # noqa: N818 - told to the operator, with exit code 78
    """The operator's settings or files do not let the program start; the message says why."""
