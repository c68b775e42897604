"""Insights: what repeats and what rises, found by counting on this machine alone (ADR 0019)."""

from miniback.insights.likeness import Similar, similar

__all__ = ["Similar", "similar"]
