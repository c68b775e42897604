"""REST endpoints for the images that came with feedback (beyond the reference)."""

from miniback import http
from miniback.db import Tx
from miniback.feedback import attachment_store, attachments, service
from miniback.feedback.attachment_store import Attachment
from miniback.feedback.attachments import Image
from miniback.http import Request, Response
from miniback.projects import Caller, keyed

_PATH = "/api/feedback/{feedback_id}/attachments"
_ALWAYS = ((b"cache-control", b"no-store"), (b"referrer-policy", b"no-referrer"))


async def list_attachments(request: Request, caller: Caller) -> Response:
    """GET /api/feedback/{feedback_id}/attachments, in the order of their ids."""
    feedback_id = request.path("feedback_id")
    found = await request.db.look_through(_of_item, caller.account_id, feedback_id)
    base = f"{request.state['base_url']}/api/feedback/{feedback_id}/attachments/"
    shown = [
        {
            "id": each.id,
            "contentType": each.content_type,
            "size": each.size,
            "url": base + each.id,
        }
        for each in found
    ]
    return http.data(shown)


async def get_attachment(request: Request, caller: Caller) -> Response:
    """GET /api/feedback/{feedback_id}/attachments/{attachment_id}: the image itself."""
    image = await request.db.read(
        _image, caller.account_id, request.path("feedback_id"), request.path("attachment_id")
    )
    return http.inert_image(image.content_type, image.content, _ALWAYS)


def _of_item(tx: Tx, account_id: str, feedback_id: str) -> list[Attachment]:
    position = service.find(tx, account_id, feedback_id).item.position
    return attachment_store.of_items(tx, account_id, [position]).get(position, [])


def _image(tx: Tx, account_id: str, feedback_id: str, attachment_id: str) -> Image:
    position = service.find(tx, account_id, feedback_id).item.position
    return attachments.find(tx, account_id, position, attachment_id)


routes = [
    http.resource(_PATH, GET=keyed(list_attachments)),
    http.resource(_PATH + "/{attachment_id}", GET=keyed(get_attachment)),
]
