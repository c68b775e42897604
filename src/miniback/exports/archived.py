"""What an archive holds, read in portions: each function returns lines behind a mark.

All that came in after the archive was begun is left out of each member, so what one of them names
stands in the others; what is deleted meanwhile may be missing from the later ones.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from msgspec import Raw

from miniback import accounts, clock, feedback, projects
from miniback.db import Tx
from miniback.exports import portions
from miniback.feedback import ITEM, Annotation, Filter, Item, Kind, Shelf
from miniback.http import encode

LINES_AT_ONCE = 500
_IMAGES_AT_ONCE = 4
_CHANGES_OF_TAGS = (Kind.TAG, Kind.UNTAG)
_NOTHING = Annotation()


class Scope(NamedTuple):
    """Whose archive it is, of which project or all, and the position of the last item in it."""

    account_id: str
    project_id: str | None
    newest: int


class Lines(NamedTuple):
    """Some lines, the mark behind which it goes on (None: nowhere), and who and what they name."""

    lines: list[bytes]
    after: Any
    people: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    next_limit: int = LINES_AT_ONCE


class _Place(NamedTuple):
    """An item that the archive has, and its project."""

    id: str
    project_id: str


def scope_of(tx: Tx, account_id: str, project: str = "") -> Scope:
    """Return what is to be archived; NotFound for a project that is not the account's."""
    project_id = projects.id_of(tx, account_id, project) if project else None
    found = [
        position
        for shelf in Shelf
        for position in feedback.positions(tx, Filter(account_id, project_id, shelf=shelf), [], 1)
    ]
    return Scope(account_id, project_id, max(found, default=0))


def project_lines(tx: Tx, scope: Scope, after: str, limit: int) -> Lines:
    """Return projects, each with its settings and the slugs that it had before."""
    if scope.project_id:
        found = [projects.named(tx, scope.account_id, scope.project_id)]
    else:
        found = projects.since(tx, scope.account_id, after, limit)
    slugs = projects.slugs_of(tx, scope.account_id, [each.id for each in found]) if found else []
    lines = [
        encode(
            {
                "id": project.id,
                "name": project.name,
                "slug": project.slug,
                "oldSlugs": [s for owner, s in slugs if owner == project.id and s != project.slug],
                "status": project.status,
                "updatedAt": clock.iso(project.updated_at),
                "settings": {
                    "allowedDomains": project.allowed_domains,
                    **projects.shown_settings(project.settings),
                },
            }
        )
        for project in found
    ]
    goes_on = len(found) == limit and not scope.project_id
    return Lines(lines, found[-1].id if goes_on else None)


def view_lines(tx: Tx, scope: Scope, _after: str, _limit: int) -> Lines:
    """Return the saved views, which are of a whole account."""
    views = [] if scope.project_id else feedback.views_of(tx, scope.account_id)
    return Lines([encode(view._asdict()) for view in views], None)


def feedback_lines(tx: Tx, scope: Scope, after: int, limit: int) -> Lines:
    """Return items of all shelves, the oldest first."""
    account_id = scope.account_id
    everywhere = Filter(account_id, scope.project_id, oldest=after + 1, newest=scope.newest)
    found = [
        position
        for shelf in Shelf
        for position in feedback.positions(
            tx, everywhere._replace(shelf=shelf), [], limit, order="ASC"
        )
    ]
    positions = sorted(found)[:limit]
    if not positions:
        return Lines([], None)
    rows = feedback.at_positions(tx, account_id, positions, ITEM + ", shelf")[::-1]
    annotations = feedback.annotations(tx, account_id, positions)
    suspicions = feedback.suspicions(tx, account_id, positions)
    identities = feedback.identities(tx, account_id, positions)
    lines = [
        _item_line(
            Item(*row[:-1]),
            row[-1],
            annotations.get(row[0], _NOTHING),
            suspicions.get(row[0]),
            identities.get(row[0]),
        )
        for row in rows
    ]
    return Lines(
        lines,
        positions[-1] if len(positions) == limit else None,
        frozenset(each.assignee_id for each in annotations.values()),
        frozenset(tag for each in annotations.values() for tag in each.tags),
        portions.limit_for(len(lines), sum(map(len, lines))),
    )


def note_lines(tx: Tx, scope: Scope, after: tuple[int, str], limit: int) -> Lines:
    """Return the notes on what the archive has, item by item."""
    notes = feedback.notes_since(tx, scope.account_id, after, limit)
    there = _there(tx, scope, {note.position for note in notes})
    kept = [note for note in notes if note.position in there]
    lines = [
        encode(
            {
                "id": note.id,
                "feedbackId": there[note.position].id,
                "personId": note.user_id or None,
                "content": note.content,
            }
        )
        for note in kept
    ]
    last = (notes[-1].position, notes[-1].id) if len(notes) == limit else None
    return Lines(lines, last, frozenset(note.user_id for note in kept))


def change_lines(tx: Tx, scope: Scope, after: str, limit: int) -> Lines:
    """Return what was done to what the archive has, in the order in which it was done."""
    changes = feedback.changes_since(tx, scope.account_id, after, limit)
    there = _there(tx, scope, {change.position for change in changes})
    kept = [change for change in changes if change.position in there]
    lines = [
        encode(
            {
                "id": change.id,
                "feedbackId": there[change.position].id,
                "projectId": change.project_id,
                "kind": change.kind,
                "was": change.was,
                "became": change.became,
                "personId": change.user_id or None,
                "way": change.way,
                "act": change.act,
            }
        )
        for change in kept
    ]
    named = {change.user_id for change in kept}
    tags: set[str] = set()
    for change in kept:
        if change.kind == Kind.ASSIGN:
            named |= {change.was, change.became}
        elif change.kind in _CHANGES_OF_TAGS:
            tags |= {change.was, change.became}
    last = changes[-1].id if len(changes) == limit else None
    return Lines(lines, last, frozenset(named), frozenset(tags))


def attachment_lines(tx: Tx, scope: Scope, after: str, limit: int) -> Lines:
    """Return what is known of the images, and where in the archive each lies."""
    images = feedback.attachments_since(tx, scope.account_id, after, limit)
    there = _there(tx, scope, {image.position for image in images})
    lines = [
        encode(
            {
                "id": image.id,
                "feedbackId": there[image.position].id,
                "projectId": there[image.position].project_id,
                "contentType": image.content_type,
                "uploadedAt": clock.iso(image.uploaded_at),
                "file": _file(image.id, image.content_type),
            }
        )
        for image in images
        if image.position in there
    ]
    return Lines(lines, images[-1].id if len(images) == limit else None)


def images(tx: Tx, scope: Scope, after: str) -> tuple[dict[str, bytes], str | None]:
    """Return a few images by their names in the archive, and the mark behind which it goes on."""
    found = feedback.attachments_since(tx, scope.account_id, after, _IMAGES_AT_ONCE)
    there = _there(tx, scope, {image.position for image in found})
    kept = {image.id: image.content_type for image in found if image.position in there}
    contents = feedback.contents(tx, scope.account_id, list(kept)) if kept else {}
    files = {_file(each, kept[each]): content for each, content in contents.items()}
    return files, found[-1].id if len(found) == _IMAGES_AT_ONCE else None


def tag_lines(tx: Tx, scope: Scope, used: Collection[str]) -> list[bytes]:
    """Return the account's tags; for one project those that its items have or had."""
    tags = sorted(feedback.tags_of(tx, scope.account_id), key=lambda tag: tag.id)
    kept = [tag for tag in tags if not scope.project_id or tag.id in used]
    return [encode({"id": tag.id, "name": tag.name}) for tag in kept]


def person_lines(tx: Tx, scope: Scope, named: Collection[str]) -> list[bytes]:
    """Return the people whom the archive names: members, and who was one elsewhere."""
    people = accounts.people_named(tx, scope.account_id, named)
    return [
        encode({"id": person.id, "email": person.email, "name": person.name})
        for _, person in sorted(people.items())
    ]


def _there(tx: Tx, scope: Scope, positions: Collection[int]) -> dict[int, _Place]:
    """Return those items at some positions that the archive has."""
    wanted = [each for each in positions if each <= scope.newest]
    if not wanted:
        return {}
    columns = "position, id, project_id"
    rows = feedback.at_positions(tx, scope.account_id, wanted, columns)
    gone = projects.being_deleted(tx, scope.account_id)
    return {
        position: _Place(item_id, project_id)
        for position, item_id, project_id in rows
        if project_id not in gone and scope.project_id in (None, project_id)
    }


def _file(attachment_id: str, content_type: str) -> str:
    return f"attachments/{attachment_id}.{content_type.rpartition('/')[2]}"


def _item_line(
    item: Item,
    shelf: str,
    annotation: Annotation,
    suspicion: tuple[str, int] | None,
    identity: str | None,
) -> bytes:
    """Write an item; what was sent stays as it came, in a string where it has several lines."""
    message, context = feedback.parts(item.document)
    is_on_one_line = "\n" not in context and "\r" not in context
    line = {
        "id": item.id,
        "projectId": item.project_id,
        "shelf": shelf,
        "status": item.status,
        "source": item.source,
        "updatedAt": clock.iso(item.updated_at),
        "message": Raw(message.encode()),
        "context" if is_on_one_line else "contextText": (
            Raw(context.encode()) if is_on_one_line else context
        ),
        "tags": annotation.tags,
        "assignee": annotation.assignee_id or None,
        "reason": suspicion[0] if suspicion else None,
        "since": clock.iso(suspicion[1]) if suspicion else None,
        "identity": identity or None,
    }
    return encode(line)
