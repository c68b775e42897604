"""Canny: posts as CSV, or as its API lists them."""

from collections.abc import Collection, Mapping
from typing import Any

from miniback.imports import mapping
from miniback.imports.mapping import plain
from miniback.imports.models import Taken, Target

_MEANINGS = {
    "title": Target.TITLE,
    "posttitle": Target.TITLE,
    "details": Target.MESSAGE,
    "postdetails": Target.MESSAGE,
    "created": Target.CREATED_AT,
    "createdat": Target.CREATED_AT,
    "postdate": Target.CREATED_AT,
    "status": Target.STATUS,
    "poststatus": Target.STATUS,
    "tags": Target.TAGS,
    "id": Target.ID,
    "postid": Target.ID,
    "url": Target.URL,
    "posturl": Target.URL,
    "link": Target.URL,
    "authorname": Target.NAME,
    "authoremail": Target.EMAIL,
}
_VOTES = {"votes", "votecount", "score", "upvotes"}


def recognises(columns: Collection[str]) -> bool:
    """Tell whether these are posts of Canny: a title, details and votes."""
    names = {plain(each).removeprefix("post") for each in columns}
    return names >= {"title", "details"} and bool(names & _VOTES)


def taken(cells: Mapping[str, Any]) -> Taken:
    """Take title and details for the message; votes, board and category go into the context."""
    flat = dict(cells)
    author = flat.pop("author", None)
    if isinstance(author, dict):
        flat |= {"authorName": author.get("name"), "authorEmail": author.get("email")}
    elif author:
        flat["authorName"] = author
    for name in ("board", "category"):
        if isinstance(flat.get(name), dict):
            flat[name] = flat[name].get("name")
    meanings = {name: _MEANINGS[plain(name)] for name in flat if plain(name) in _MEANINGS}
    return mapping.taken(flat, meanings)
