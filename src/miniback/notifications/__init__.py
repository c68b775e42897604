"""Notifications: who is told of what happens, by webhook, mail and chat, at least once."""

from miniback.notifications.fitting import change_plan
from miniback.notifications.letters import Letters
from miniback.notifications.links import Links
from miniback.notifications.logged import Heard, heard_of
from miniback.notifications.mailing import Mails
from miniback.notifications.models import Kind, Target
from miniback.notifications.notices import Notices
from miniback.notifications.sending import Sender
from miniback.notifications.target_store import all_of as targets_of

__all__ = [
    "Heard",
    "Kind",
    "Letters",
    "Links",
    "Mails",
    "Notices",
    "Sender",
    "Target",
    "change_plan",
    "heard_of",
    "targets_of",
]
