"""Cookies: their names and how they are set.

Behind https they are `__Host-…` and Secure, so that no other host of the domain can set or read
them; on plain http a browser would refuse both (contract section 2). Below a path of another site
they go no further than that path, which `__Host-` does not allow: there they are `__Secure-…`
(decision 34).
"""

from miniback.http import Header, Request
from miniback.settings import Settings

SESSION, FORM, NOTICE = "session", "form", "notice"
_BARE_NAMES = {SESSION: "miniback"}


def name_of(which: str, settings: Settings) -> str:
    """Return the name that one of our cookies goes by."""
    if not settings.is_secure:
        return f"miniback_{which}"
    kind = "__Secure-" if settings.root else "__Host-"
    return kind + _BARE_NAMES.get(which, f"miniback_{which}")


def value_of(which: str, request: Request) -> str:
    """Return what a browser has sent in one of our cookies, '' where nothing."""
    return request.cookie(name_of(which, request.state["settings"]))


def setting(which: str, value: str, settings: Settings, max_age_s: int | None = None) -> Header:
    """Return the header that sets a cookie, until the browser ends or for some seconds.

    No script can read it, and a request from another site carries it only when it follows a link.
    """
    place = f"Path={settings.root or '/'}"
    parts = [f"{name_of(which, settings)}={value}", place, "HttpOnly", "SameSite=Lax"]
    if settings.is_secure:
        parts.append("Secure")
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    return b"set-cookie", "; ".join(parts).encode()


def clearing(which: str, settings: Settings) -> Header:
    """Return the header that makes a browser forget a cookie."""
    return setting(which, "", settings, 0)
