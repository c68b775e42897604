"""One question to this server from its own machine: what does a request look like that arrives?"""

from miniback.probes.tokens import HEADER, PATH, issue

__all__ = ["HEADER", "PATH", "issue"]
