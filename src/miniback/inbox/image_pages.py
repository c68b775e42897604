"""Images that came with an item: for its account's members alone, and never as anything active."""

from miniback import feedback, http
from miniback.accounts import Visit, signed_in
from miniback.db import Tx
from miniback.feedback import Image
from miniback.http import Kind, Request, Response
from miniback.inbox.asked import PATH

_INERT = (
    (b"cache-control", b"private, max-age=3600"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"cookie"),
    (b"x-content-type-options", b"nosniff"),
)


async def show_image(request: Request, visit: Visit) -> Response:
    """GET /inbox/{item_id}/attachments/{attachment_id}."""
    image = await request.db.read(
        _image, visit.account_id, request.path("item_id"), request.path("attachment_id")
    )
    ending = image.content_type.rpartition("/")[2]
    name = (b"content-disposition", f'inline; filename="screenshot.{ending}"'.encode())
    kind = Kind((b"content-type", image.content_type.encode()), _INERT)
    return Response(200, image.content, (name,), kind)


def _image(tx: Tx, account_id: str, item_id: str, attachment_id: str) -> Image:
    shown, _ = feedback.find_anywhere(tx, account_id, item_id)
    return feedback.find_attachment(tx, account_id, shown.item.position, attachment_id)


routes = [
    http.resource(f"{PATH}/{{item_id}}/attachments/{{attachment_id}}", GET=signed_in(show_image)),
]
