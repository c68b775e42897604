"""Notifications: who is told of what happens, by webhook, mail and chat, at least once."""

from miniback.notifications.attempts import GONE
from miniback.notifications.fitting import change_plan
from miniback.notifications.letters import Letters
from miniback.notifications.links import Links
from miniback.notifications.logged import Heard, heard_of
from miniback.notifications.mailing import Mails
from miniback.notifications.models import Delivery, DeliveryStatus, Kind, Target, TargetStatus
from miniback.notifications.notices import Notices
from miniback.notifications.sending import Sender
from miniback.notifications.target_store import all_of as targets_of

__all__ = [
    "GONE",
    "Delivery",
    "DeliveryStatus",
    "Heard",
    "Kind",
    "Letters",
    "Links",
    "Mails",
    "Notices",
    "Sender",
    "Target",
    "TargetStatus",
    "change_plan",
    "heard_of",
    "targets_of",
]
