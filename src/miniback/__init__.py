"""Collect feedback from any website and work through it: API, command line and server."""

__version__ = "0.1.0"
