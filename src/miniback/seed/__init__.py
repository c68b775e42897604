"""Filling an empty database with people, projects and feedback to look at."""

from miniback.seed.demo import People, fill

__all__ = ["People", "fill"]
