"""The Model Context Protocol: assistants read feedback and work through it, by an API key.

What each tool does is written once, over the client for Python (`tools`). Two ways lead there: a
command on the assistant's machine, which calls a server, and this server's own address.
"""

from miniback.mcp.loading import is_installed, speak

__all__ = ["is_installed", "speak"]
