"""Descriptions of all calls, a module for each kind of thing."""
