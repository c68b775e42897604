"""Notifications: who is told of what happens, by webhook, mail and chat, at least once."""

from miniback.notifications.attempts import GONE
from miniback.notifications.delivery_store import of_item as deliveries_of
from miniback.notifications.letters import Letters
from miniback.notifications.links import Links
from miniback.notifications.mailing import Mails
from miniback.notifications.models import Delivery, DeliveryStatus, Kind, Target, TargetStatus
from miniback.notifications.sending import Sender
from miniback.notifications.target_store import all_of as targets_of

__all__ = [
    "GONE",
    "Delivery",
    "DeliveryStatus",
    "Kind",
    "Letters",
    "Links",
    "Mails",
    "Sender",
    "Target",
    "TargetStatus",
    "deliveries_of",
    "targets_of",
]
