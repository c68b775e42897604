"""All that one person has sent, as a ZIP file that is written while it is sent.

`feedback.json` with each item, its context and how its status changed; beside it the images. Notes
of the team are the team's own and stay out.
"""

import contextlib
import io
import zipfile
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import msgspec

from miniback import clock, feedback, ids, projects
from miniback.db import Database, Tx
from miniback.errors import NotFound
from miniback.feedback import LAST_POSITION, Attachment, Submitted
from miniback.privacy.service import NO_PROJECT, Person

# The event loop packs them: those of the largest size are half a megabyte so.
_AT_ONCE = 20
_MOST_CHANGES = 10_000
_EXTENSIONS = {"image/webp": "webp", "image/png": "png", "image/jpeg": "jpg"}


class _Portion(msgspec.Struct):
    """Some items as JSON, their images, and the newest position of what follows; None for none."""

    items: list[bytes]
    images: list[tuple[int, Attachment]]
    following: int | None


class _Pipe(io.RawIOBase):
    """Where a file that cannot be wound back is written; what is written so far is taken out."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Keep what is written."""
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def take(self) -> bytes:
        """Take out what was written since."""
        taken, self._parts = b"".join(self._parts), []
        return taken


async def bundle(db: Database, account_id: str, person: Person) -> AsyncGenerator[bytes, None]:
    """Give the file piece by piece: the next is read when the one before is on its way."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("feedback.json", "w") as member:
            member.write(b'{"madeAt":"' + clock.iso(clock.now()).encode() + b'","feedback":[')
            following: int | None = LAST_POSITION
            glue = b"\n"
            while following is not None:
                portion = await db.read(_read, account_id, person.subjects, following)
                for item in portion.items:
                    member.write(glue + item)
                    glue = b",\n"
                following = portion.following
                yield pipe.take()
            member.write(b"\n]}\n")
        following = LAST_POSITION
        while following is not None:
            portion = await db.read(_read, account_id, person.subjects, following)
            # One at a time: an image fills up to a megabyte.
            for position, image in portion.images:
                with contextlib.suppress(NotFound):  # it was deleted meanwhile
                    found = await db.read(feedback.find_attachment, account_id, position, image.id)
                    # Packed as it is; to try once more takes time and gains nothing.
                    file.writestr(_name(image), found.content, zipfile.ZIP_STORED)
                yield pipe.take()
            following = portion.following
    yield pipe.take()


def _read(tx: Tx, account_id: str, subjects: Sequence[str], newest: int) -> _Portion:
    items, following = feedback.submitted(tx, account_id, subjects, newest, _AT_ONCE)
    if not items:
        return _Portion([], [], following)
    positions = [item.position for item in items]
    images = feedback.attachments_of(tx, account_id, positions)
    changes: dict[int, list[dict[str, str]]] = {}
    for change in feedback.statuses_of(tx, account_id, positions, _MOST_CHANGES):
        told = {"at": clock.iso(ids.created_at(change.id)), "from": change.was, "to": change.became}
        changes.setdefault(change.position, []).append(told)
    names = projects.names(tx, account_id, sorted({item.project_id for item in items}))
    written = [
        _written(
            item,
            names.get(item.project_id, NO_PROJECT),
            changes.get(item.position, []),
            [_name(each) for each in images.get(item.position, [])],
        )
        for item in items
    ]
    beside = [(position, image) for position, several in images.items() for image in several]
    return _Portion(written, beside, following)


def _written(
    item: Submitted, place: tuple[str, str], history: list[dict[str, str]], images: list[str]
) -> bytes:
    """Write an item: its document as it is kept, and behind it what came to it."""
    more = {
        "project": {"name": place[0], "slug": place[1]},
        "source": item.source,
        "status": item.status,
        "shelf": item.shelf,
        "createdAt": item.created_at,
        "updatedAt": clock.iso(item.updated_at),
        "history": history,
        "attachments": images,
    }
    return item.document.encode() + b"," + msgspec.json.encode(more)[1:]


def _name(image: Attachment) -> str:
    return f"attachments/{image.id}.{_EXTENSIONS.get(image.content_type, 'bin')}"
