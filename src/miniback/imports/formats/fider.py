"""Fider: its CSV of posts, posts as its API lists them, and posts.json of its backup."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO
from zipfile import ZipFile

from miniback.errors import Invalid
from miniback.imports import mapping
from miniback.imports.models import Row, Taken, Target

POSTS = "posts.json"
# Tables of a backup are read whole.
LARGEST_TABLE_BYTES = 256 << 20
_MAPPING = {
    "number": Target.ID,
    "title": Target.TITLE,
    "description": Target.MESSAGE,
    "created_at": Target.CREATED_AT,
    "createdAt": Target.CREATED_AT,
    "created_by": Target.NAME,
    "email": Target.EMAIL,
    "status": Target.STATUS,
    "tags": Target.TAGS,
    **dict.fromkeys(("id", "slug", "tenant_id", "user_id", "search", "hasVoted"), Target.NOTHING),
}
# As they are numbered in its database; a post of the last kind is deleted.
_STATUSES = ("open", "started", "completed", "declined", "planned", "duplicate", "deleted")
_DELETED = len(_STATUSES) - 1


def recognises(columns: Collection[str]) -> bool:
    """Tell whether these are posts of Fider: numbered, with a title and a description."""
    return set(columns) >= {"number", "title", "description", "status"}


def taken(cells: Mapping[str, Any]) -> Taken:
    """Take title and description for the message; votes and the answer go into the context."""
    flat = dict(cells)
    user = flat.pop("user", None)
    if isinstance(user, dict):
        flat |= {"created_by": user.get("name"), "email": user.get("email")}
    return mapping.taken(flat, _MAPPING)


def backed_up(file: BinaryIO) -> Iterator[Row]:
    """Yield the posts of a backup, with their authors' names and addresses and their tags."""
    with ZipFile(file) as archive:
        people = {each["id"]: each for each in _table(archive, "users.json")}
        names = {each["id"]: each["name"] for each in _table(archive, "tags.json")}
        tags: dict[Any, list[str]] = {}
        for each in _table(archive, "post_tags.json"):
            tags.setdefault(each["post_id"], []).append(names.get(each["tag_id"], ""))
        for number, post in enumerate(_table(archive, POSTS), 1):
            if post.get("status") != _DELETED:
                yield Row(number, _whole(post, people, tags))


def _whole(
    post: dict[str, Any], people: Mapping[Any, dict[str, Any]], tags: Mapping[Any, list[str]]
) -> dict[str, Any]:
    author = people.get(post.get("user_id"), {})
    status = post.get("status")
    is_known = isinstance(status, int) and 0 <= status < len(_STATUSES)
    return {
        **post,
        "status": _STATUSES[status] if is_known else status,  # type: ignore[index] # is a number
        "created_by": author.get("name"),
        "email": author.get("email"),
        "tags": tags.get(post.get("id"), []),
    }


def _table(archive: ZipFile, name: str) -> list[dict[str, Any]]:
    if name not in archive.namelist():
        return []
    if archive.getinfo(name).file_size > LARGEST_TABLE_BYTES:
        raise Invalid(f"{name} in the backup is larger than {LARGEST_TABLE_BYTES >> 20} MB")
    rows = json.loads(archive.read(name) or b"[]")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(f"{name} in the backup is no list of objects")
    return rows
