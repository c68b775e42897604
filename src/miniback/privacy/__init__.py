"""Privacy: the duties towards one person, to show, hand out and erase what they have sent."""

from miniback.privacy.bundle import bundle
from miniback.privacy.service import Person, Sent, begin_erasing, find, note_export

__all__ = ["Person", "Sent", "begin_erasing", "bundle", "find", "note_export"]
