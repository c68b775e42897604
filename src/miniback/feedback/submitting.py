"""A submission's way from a request to the queue and back, by whichever entrance it came."""

from miniback import metrics
from miniback.feedback import intake
from miniback.feedback.submissions import Accepted, Submission
from miniback.http import Request


async def submit(request: Request, submission: Submission) -> Accepted:
    """Have a submission taken in with all that wait at this moment; it is on disk on return.

    Raises what `intake.submit_all` refuses it by, and Unavailable where too much waits already.
    """
    accepted: Accepted = await request.db.batch(
        intake.submit_all, submission, request.state["plans"], weight=len(request.body)
    )
    if accepted.is_replay:
        metrics.REPLAYED.inc()
    else:
        metrics.taken(submission.entrance)
    return accepted
