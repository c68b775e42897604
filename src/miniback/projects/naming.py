"""Finding a slug that is free: the one that is asked for, or one made from a name."""

import secrets

from miniback.db import Tx
from miniback.errors import Conflict
from miniback.projects import slug_store, slugs

_TRIES = 5


def taken_slug(tx: Tx, account_id: str, project_id: str, name: str, asked: str | None) -> str:
    """Take the slug that is asked for, or one made from the name, with a number if it must be."""
    wanted = asked or slugs.from_name(name)
    if wanted not in slugs.RESERVED and slug_store.take(tx, wanted, account_id, project_id):
        return wanted
    stem = slugs.stem_for_numbers(wanted)
    # One query settles it; another writer on PostgreSQL may still be quicker, hence the tries.
    for _ in range(0 if asked else _TRIES):
        numbered = slugs.joined(stem, slug_store.highest_number(tx, stem) + 1)
        if slug_store.take(tx, numbered, account_id, project_id):
            return numbered
    if asked:
        raise Conflict("Slug is already taken")
    by_chance = slugs.joined(stem, secrets.token_hex(3))
    slug_store.take(tx, by_chance, account_id, project_id)
    return by_chance
