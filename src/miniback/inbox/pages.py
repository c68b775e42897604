"""Pages of the inbox: the list, one item beside it, and saved views."""

from typing import Any

from miniback import feedback, http, ids, insights
from miniback.accounts import Role, Visit, for_members, signed_in
from miniback.db import Tx
from miniback.errors import Conflict, Invalid, NotFound
from miniback.feedback import Shelf, View
from miniback.http import Request, Response
from miniback.inbox import asked, curl, issues, opening, reading
from miniback.inbox.asked import PATH, Asked
from miniback.inbox.menu import address_of
from miniback.shell import MenuEntry

LONGEST_NAME = 60
# Labels are texts of the catalogue.
_CHIPS = {
    "search": "Search",
    "project": "Project",
    "projectSlug": "Project",
    "source": "Source",
    "tag": "Tag",
    "assignee": "Assignee",
    "start": "From",
    "end": "Up to",
    "path": "Page",
    "browser": "Browser",
    "device": "Device",
    "language": "Language",
    "rating": "Rating",
}


async def show_inbox(request: Request, visit: Visit) -> Response:
    """GET /inbox?project&status&source&search&start&end&tag&assignee&shelf&page&pageSize."""
    wanted = asked.read(request.query)
    listing = await request.db.read(reading.listed, visit.session, wanted)
    return await _page(request, visit, wanted, listing, None)


async def show_item(request: Request, visit: Visit) -> Response:
    """GET /inbox/{item_id}?…: the item, and the page of the list on which it lies."""
    wanted, item_id = asked.read(request.query), request.path("item_id")
    opened = await request.db.read(opening.opened, visit.session, wanted, item_id)
    wanted = wanted if opened.shelf is wanted.shelf else wanted.of(opened.shelf)
    listing = await request.db.read(reading.listed, visit.session, wanted, item_id)
    return await _page(request, visit, wanted, listing, opened)


async def save_view(request: Request, visit: Visit) -> Response:
    """POST /inbox/views: give the filters of an address a name."""
    name = visit.form.checked("name", checked_name)
    if name is None:
        raise Invalid(visit.form.errors["name"])
    view = View(ids.new(asked.VIEW), name, _filters(visit))
    await request.db.write(_add_view, visit.account_id, view)
    return visit.tell(address_of(view), visit.say("View saved"))


async def show_view(request: Request, visit: Visit) -> Response:
    """GET /inbox/views/{view_id}: its name and its filters."""
    view = await _view(request, visit)
    visit.form.values = {"name": view.name}
    return await visit.page("inbox/templates/view.html", view=view, path=PATH)


async def update_view(request: Request, visit: Visit) -> Response:
    """POST /inbox/views/{view_id}."""
    view = await _view(request, visit)
    name = visit.form.checked("name", checked_name)
    if name is None:
        return await visit.page("inbox/templates/view.html", 422, view=view, path=PATH)
    changed = view._replace(name=name)
    await request.db.write(feedback.update_view, visit.account_id, changed)
    return visit.tell(address_of(view), visit.say("View saved"))


async def update_filters(request: Request, visit: Visit) -> Response:
    """POST /inbox/views/{view_id}/filters: have a view show what an address asks for."""
    view = (await _view(request, visit))._replace(query=_filters(visit))
    await request.db.write(feedback.update_view, visit.account_id, view)
    return visit.tell(address_of(view), visit.say("View updated"))


async def delete_view(request: Request, visit: Visit) -> Response:
    """POST /inbox/views/{view_id}/delete."""
    view = await _view(request, visit)
    await request.db.write(feedback.delete_view, visit.account_id, view.id)
    return visit.tell(PATH, visit.say("View deleted"))


def checked_name(name: str) -> str:
    """Return the name of a view, trimmed, or raise Invalid."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise Invalid(f"A view's name has 1 to {LONGEST_NAME} visible characters")
    return tidy


async def _page(
    request: Request,
    visit: Visit,
    wanted: Asked,
    listing: reading.Listing,
    opened: opening.Opened | None,
) -> Response:
    user, view = visit.session.user, await _open_view(visit, wanted)
    wanted = wanted._replace(view=view.id if view else "")
    is_changed = view is not None and view.address != wanted.at(1).address
    values: dict[str, Any] = {
        "asked": wanted.at(listing.page, wanted.cursor if listing.page == wanted.page else ""),
        "listing": listing,
        "opened": opened,
        "Role": Role,
        "Shelf": Shelf,
        "mine": user.id,
        "numbers": _numbers(listing.page, listing.pages),
        "curl": curl.command(request.state["base_url"], wanted, user.time_zone, user.id),
        "MINE": asked.MINE,
        "chips": _chips(visit, wanted, listing),
        "changed_view": view if is_changed else None,
    }
    if opened:
        values["similar"] = await _similar(request, visit, opened)
        permalink = f"{request.state['base_url']}{PATH}/{opened.item.id}"
        values["issue_links"] = issues.links(opened.message, permalink)
    return await visit.page("inbox/templates/inbox.html", **values)


async def _similar(
    request: Request, visit: Visit, opened: opening.Opened
) -> list[insights.Similar]:
    """Return what is likely to say the same, where the plan and this server look for it."""
    is_wanted = visit.allowance.plan.insights and request.state["settings"].insights
    if not is_wanted or opened.shelf is not Shelf.LIVE:
        return []
    return await request.db.read(insights.similar, visit.account_id, opened.item)


async def _open_view(visit: Visit, wanted: Asked) -> MenuEntry | None:
    """Return the view that one has come from, else the first that shows just what is asked for."""
    menu = (await visit.frame()).menu
    views = menu.views if menu else []
    named = [each for each in views if each.id == wanted.view]
    same = [each for each in views if each.address == wanted.at(1)._replace(view=each.id).address]
    return next(iter(named + same), None)


def _chips(visit: Visit, wanted: Asked, listing: reading.Listing) -> list[tuple[str, str, str]]:
    """Return what narrows the list: each filter's name, its label, and its value as people say."""
    people = {person.id: person.label for person in listing.choices.people}
    people[asked.MINE] = visit.say("Mine")
    return [
        (name, visit.say(label), people.get(value, value) if name == "assignee" else value)
        for name, label in _CHIPS.items()
        if (value := wanted.fields.get(name))
    ]


def _numbers(page: int, pages: int) -> list[int]:
    """Return the pages that are linked to: the first, the last, and those around this one."""
    near = range(page - 1, page + 2)
    return sorted({1, pages, *(number for number in near if 1 <= number <= pages)})


def _filters(visit: Visit) -> str:
    """Return the query that a form of the list carries, as a view keeps it."""
    return asked.parsed(visit.form["query"].removeprefix("?")).kept


def _add_view(tx: Tx, account_id: str, view: View) -> None:
    if len(feedback.views_of(tx, account_id)) >= feedback.MOST_VIEWS:
        raise Conflict(f"An account has at most {feedback.MOST_VIEWS} views; delete one first")
    feedback.insert_view(tx, account_id, view)


async def _view(request: Request, visit: Visit) -> View:
    view_id = request.path("view_id")
    views = await request.db.look_up(feedback.views_of, visit.account_id)
    for view in views:
        if view.id == view_id:
            return view
    raise NotFound("Not found")


_VIEW = f"{PATH}/views/{{view_id}}"
routes = [
    http.resource(PATH, GET=signed_in(show_inbox)),
    http.resource(f"{PATH}/views", POST=for_members(save_view)),
    http.resource(_VIEW, GET=for_members(show_view), POST=for_members(update_view)),
    http.resource(f"{_VIEW}/filters", POST=for_members(update_filters)),
    http.resource(f"{_VIEW}/delete", POST=for_members(delete_view)),
    http.resource(f"{PATH}/{{item_id}}", GET=signed_in(show_item)),
]
