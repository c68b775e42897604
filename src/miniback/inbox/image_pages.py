"""Images that came with an item: for its account's members alone, and never as anything active."""

from miniback import feedback, http
from miniback.accounts import Visit, signed_in
from miniback.db import Tx
from miniback.feedback import Image
from miniback.http import Request, Response
from miniback.inbox.asked import PATH

_ALWAYS = ((b"cache-control", b"private, max-age=3600"), (b"vary", b"cookie"))


async def show_image(request: Request, visit: Visit) -> Response:
    """GET /inbox/{item_id}/attachments/{attachment_id}."""
    image = await request.db.read(
        _image, visit.account_id, request.path("item_id"), request.path("attachment_id")
    )
    return http.inert_image(image.content_type, image.content, _ALWAYS)


def _image(tx: Tx, account_id: str, item_id: str, attachment_id: str) -> Image:
    shown, _ = feedback.find_anywhere(tx, account_id, item_id)
    return feedback.find_attachment(tx, account_id, shown.item.position, attachment_id)


routes = [
    http.resource(f"{PATH}/{{item_id}}/attachments/{{attachment_id}}", GET=signed_in(show_image)),
]
