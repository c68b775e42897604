"""Images that visitors send along: what is taken, how much of it, and for whom it waits."""

from typing import NamedTuple

from miniback import clock, ids, projects
from miniback.db import Tx
from miniback.errors import NotFound, TooLarge, Unsupported
from miniback.feedback import attachment_store
from miniback.feedback.buckets import Bucket, Buckets
from miniback.feedback.visitors import MOST_ATTACHMENTS
from miniback.feedback.waiting import too_many
from miniback.projects import Project

LARGEST_BYTES = 1_000_000
# A project's images that no item has named yet: they cannot fill a disk.
_MOST_WAITING = 200
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


class Image(NamedTuple):
    """An image as it is kept; its type is what its bytes say, whatever the sender said."""

    content_type: str
    content: bytes


def checked(content: bytes) -> Image:
    """Take bytes for an image, or raise TooLarge or Unsupported."""
    if len(content) > LARGEST_BYTES:
        raise TooLarge(f"Request body is larger than {LARGEST_BYTES} bytes")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Image("image/webp", content)
    if content.startswith(_PNG):
        return Image("image/png", content)
    if content.startswith(_JPEG):
        return Image("image/jpeg", content)
    raise Unsupported("Send an image as WebP, PNG or JPEG")


def store(tx: Tx, project: Project, visitor: str, limit: int, image: Image) -> str:
    """Keep an image until an item names it, and return its id; TooMany where too many came."""
    now = clock.now()
    own = Bucket(project.account_id, visitor + " images", limit * MOST_ATTACHMENTS)
    buckets = Buckets(tx, [own], now)
    if wait_ms := buckets.wait_ms(own):
        raise too_many(wait_ms)
    waiting = attachment_store.count_waiting(tx, project.account_id, project.id, _MOST_WAITING)
    if waiting >= _MOST_WAITING:
        raise too_many(attachment_store.WAITS_MS // 24)
    buckets.take(own)
    buckets.keep()
    if not projects.hold(tx, [(project.account_id, project.id)])():
        raise NotFound("Project not found")
    attachment_id = ids.new(attachment_store.ID)
    attachment_store.insert(
        tx, project.account_id, attachment_id, project.id, image.content_type, image.content
    )
    return attachment_id


def find(tx: Tx, account_id: str, position: int, attachment_id: str) -> Image:
    """Find an image of an item, or raise NotFound."""
    is_id = ids.is_one(attachment_store.ID, attachment_id)
    found = attachment_store.find(tx, account_id, position, attachment_id) if is_id else None
    if found is None:
        raise NotFound("Attachment not found")
    return Image(*found)
