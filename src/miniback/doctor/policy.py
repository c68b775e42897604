"""Content-Security-Policy (CSP level 3): what a page lets load, as far as a widget needs it."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

_PORTS = {"http": 80, "https": 443}
# Where a directive is not there, the next one counts.
FALLBACKS = {
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
}
_HOST_SOURCE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\*|(?:\*\.)?[a-z0-9._-]+|\[[0-9a-f:]+\])"
    r"(?::(?P<port>\d+|\*))?(?P<path>/[^?#]*)?"
)


def directives(policy: str) -> dict[str, list[str]]:
    """Take a policy apart; of a directive that comes twice the first counts."""
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split()[:200] or [""]
        if name:
            found.setdefault(name.lower(), sources)
    return found


def governing(policy: dict[str, list[str]], kind: str) -> str | None:
    """Return the directive that decides about a kind of request, None where none does."""
    return next((name for name in FALLBACKS[kind] if name in policy), None)


def allows(sources: Sequence[str], url: str, page: str, nonce: str = "") -> bool:
    """Tell whether a list of sources lets a page load a script or connect to a URL."""
    lowered = [each.lower() for each in sources]
    if nonce and f"'nonce-{nonce}'" in sources:
        return True
    if "'strict-dynamic'" in lowered:  # then only what carries a nonce or a hash counts
        return False
    return any(_matches(each, urlsplit(url), urlsplit(page)) for each in lowered)


def _matches(source: str, target: SplitResult, page: SplitResult) -> bool:
    if source == "*":
        return target.scheme in _PORTS or target.scheme == page.scheme
    if source == "'self'":
        return _origin(target) == _origin(page)
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:", source):
        return target.scheme == source[:-1] or (source, target.scheme) == ("http:", "https")
    found = _HOST_SOURCE.fullmatch(source)
    if not found:
        return False
    return (
        _fits_scheme(found["scheme"] or page.scheme, target.scheme)
        and _fits_host(found["host"], target.hostname or "")
        and _fits_port(found["port"], target)
        and _fits_path(found["path"] or "", target.path)
    )


def _fits_scheme(wanted: str, scheme: str) -> bool:
    return wanted == scheme or (wanted, scheme) == ("http", "https")


def _fits_host(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return host == pattern.strip("[]")


def _fits_port(port: str | None, target: SplitResult) -> bool:
    actual = target.port or _PORTS.get(target.scheme)
    if port is None:
        return actual == _PORTS.get(target.scheme)
    return port == "*" or int(port) == actual


def _fits_path(pattern: str, path: str) -> bool:
    if pattern in ("", "/"):
        return True
    return path.startswith(pattern) if pattern.endswith("/") else path == pattern


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or _PORTS.get(url.scheme)
