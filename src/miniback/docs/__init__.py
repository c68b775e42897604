"""The documentation as pages of this server: guides, the reference, and what is made from it."""

from miniback.docs.site import Site

__all__ = ["Site"]
