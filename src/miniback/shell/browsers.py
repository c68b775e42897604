"""Which browser on which system: what a person recognises in a User-Agent."""

import re

# In this order: each names itself beside those after it.
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\w+ )?Safari/"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("macOS", "Mac OS X"),
    ("ChromeOS", "CrOS"),
    ("Linux", "Linux"),
)


_TABLETS = re.compile(r"iPad|Tablet|Android(?!.*Mobile)")
_PHONES = re.compile(r"iPhone|iPod|Mobile")


def family(user_agent: str) -> str:
    """Return a browser's name without its version, '' where it is not recognised."""
    return next((name for name, pattern in _BROWSERS if re.search(pattern, user_agent)), "")


def device(user_agent: str) -> str:
    """Return Tablet, Phone or Desktop, '' where a User-Agent names no system that is known."""
    if _TABLETS.search(user_agent):
        return "Tablet"
    if _PHONES.search(user_agent):
        return "Phone"
    return "Desktop" if any(sign in user_agent for _, sign in _SYSTEMS) else ""


def named(user_agent: str) -> str:
    """Return `Chrome 142 · macOS`; what is not recognised is told as it was sent."""
    browser = next(
        (
            f"{name} {found[1]}"
            for name, pattern in _BROWSERS
            if (found := re.search(pattern, user_agent))
        ),
        "",
    )
    system = next((name for name, sign in _SYSTEMS if sign in user_agent), "")
    return " · ".join(filter(None, (browser, system))) if browser else user_agent
