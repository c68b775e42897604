"""When a call is sent again: what may have been carried out, how long to wait, when to give up."""

import random
import time
from typing import Generic, TypeVar

from miniback_client.call import Answer, Call, Failure
from miniback_client.errors import MinibackError, NetworkError, refusal, seconds

T = TypeVar("T")
TOO_MANY = 429
# The server, or a proxy before it, cannot carry it out right now.
AWAY = (502, 503, 504)
FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 8.0
# Clients that were told the same time shall not come back at the same moment.
SPREAD = 0.1


class Attempts(Generic[T]):
    """The tries of one call, which end `patience_s` seconds after the first began."""

    def __init__(self, call: Call[T], patience_s: float) -> None:
        self._call = call
        self._ends_at = time.monotonic() + patience_s
        self._waited = 0
        self._may_be_done = False

    def wait_s(self, outcome: Answer | Failure) -> float | None:
        """Return how long to wait before the next try, None where this one succeeded.

        Raises what went wrong where another try may do harm, helps nothing, or comes too late.
        """
        if isinstance(outcome, Answer) and self._call.is_done_by(
            outcome, is_repeated=self._may_be_done
        ):
            return None
        wait_s = self._next_wait_s(outcome)
        if not self._may_repeat(outcome) or time.monotonic() + wait_s > self._ends_at:
            raise _error(outcome)
        self._waited += 1
        self._may_be_done |= not _is_not_done(outcome)
        return wait_s

    def _may_repeat(self, outcome: Answer | Failure) -> bool:
        is_passing = isinstance(outcome, Failure) or outcome.status in (TOO_MANY, *AWAY)
        return is_passing and (self._call.is_repeatable or _is_not_done(outcome))

    def _next_wait_s(self, outcome: Answer | Failure) -> float:
        if isinstance(outcome, Answer):
            told_s = seconds(outcome.headers.get("retry-after"))
            if told_s is not None:
                return told_s * (1 + random.uniform(0, SPREAD))  # noqa: S311 - no secret
        longest_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0**self._waited)
        return random.uniform(longest_s / 2, longest_s)  # noqa: S311 - no secret


def _is_not_done(outcome: Answer | Failure) -> bool:
    """Tell whether the server has surely not carried the call out."""
    return not outcome.is_sent if isinstance(outcome, Failure) else outcome.status == TOO_MANY


def _error(outcome: Answer | Failure) -> MinibackError:
    if isinstance(outcome, Failure):
        return NetworkError(outcome.reason)
    return refusal(outcome.status, outcome.headers, outcome.content)
