"""Slugs: the public names of projects, unique across the service (contract section 4)."""

import re

from slugify import slugify

from miniback.errors import Invalid

LONGEST = 63
# A number that somebody asks for beyond this is not counted on from.
HIGHEST_COUNTED = 99_999
_LONGEST_STEM = LONGEST - len("-999999")
_SHAPE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Longer numbers are somebody's name, not a count that settles a collision.
_NUMBERED = re.compile(r"(.+)-([2-9]|[1-9][0-9]{1,5})")
RESERVED = frozenset(
    re.findall(
        r"[a-z]+",
        """
    about account accounts admin analytics api app assets auth billing blog cdn dashboard demo
    dev docs download export faq favicon feedback ftp healthz help home import inbox invite
    legal login logout mail me metrics miniback new null oauth openapi password pricing
    privacy profile projects public readyz register robots root search security settings setup
    signin signup sitemap smtp static status support system team terms test undefined usage
    user users w webhooks widget www
    """,
    )
)


def checked(slug: object) -> str:
    """Return a slug that somebody asks for, raising Invalid unless it can be one."""
    if not isinstance(slug, str) or not _SHAPE.fullmatch(slug):
        raise Invalid(
            f"The slug must be 1 to {LONGEST} of a-z, 0-9 and '-', with no hyphen at either end"
        )
    if slug in RESERVED:
        raise Invalid(f"The slug '{slug}' is reserved; choose another")
    return slug


def is_one(text: str) -> bool:
    """Tell whether a text has the shape of a slug, so that nothing else reaches the database."""
    return _SHAPE.fullmatch(text) is not None


def from_name(name: str) -> str:
    """Make a slug from a name: My Website becomes my-website; nothing left becomes project."""
    return slugify(name, max_length=LONGEST, word_boundary=False).strip("-") or "project"


def split(slug: str) -> tuple[str, int]:
    """Return a slug's stem and number: (my-website, 2) for my-website-2, and 1 without one."""
    found = _NUMBERED.fullmatch(slug)
    return (found[1], int(found[2])) if found else (slug, 1)


def stem_for_numbers(slug: str) -> str:
    """Return a slug, cut so that any number fits behind it."""
    return slug[:_LONGEST_STEM].rstrip("-")


def joined(stem: str, ending: int | str) -> str:
    """Write a stem and a number, or whatever settles it, as a slug."""
    return f"{stem}-{ending}"
