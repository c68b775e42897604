"""Requests that this server makes to others: all of them, and only where they may go (T27, T28)."""

from miniback.outgoing.addresses import checked
from miniback.outgoing.answers import Answer, Page, Unreachable
from miniback.outgoing.client import Client

__all__ = ["Answer", "Client", "Page", "Unreachable", "checked"]
