"""A submission on its way through the stages of a batch."""

from miniback import ids
from miniback.errors import Refusal
from miniback.feedback import models
from miniback.feedback.models import Shelf
from miniback.feedback.submissions import Accepted, Submission
from miniback.feedback.visitors import Sign
from miniback.idempotency import Claim
from miniback.plans import Usage
from miniback.projects import Caller


class Case:
    """One submission; settled once it has an outcome."""

    __slots__ = (
        *("caller", "claim", "leader", "made", "outcome", "shelf", "signs"),
        *("submission", "used"),
    )

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.outcome: Accepted | Refusal | None = None
        self.caller: Caller
        self.claim: Claim | None = None
        # Its item's name, once it has passed so far.
        self.made: ids.Made
        # An earlier submission of the same batch with the same Idempotency-Key.
        self.leader: Case | None = None
        self.shelf = Shelf.LIVE
        # What speaks against it, where it was judged.
        self.signs: tuple[Sign, ...] = ()
        self.used = Usage()

    @property
    def settled(self) -> Accepted | Exception:
        """What became of it; every stage together leaves none open."""
        if self.outcome is None:
            raise RuntimeError("A submission has passed all stages without an outcome")
        return self.outcome

    def accept(self, item_id: str, *, is_replay: bool = False) -> None:
        """Let it be an item, a new one or one of before."""
        document = models.document(item_id, self.submission.draft)
        self.outcome = Accepted(item_id, document, is_replay, self.caller, self.used)
