"""Miniback inside sites of other frameworks."""
