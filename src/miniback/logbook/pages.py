"""The page of the audit log, and all of it as a file."""

from miniback import exports, http
from miniback.accounts import Visit, for_admins
from miniback.errors import Invalid
from miniback.http import Kind, Request, Response, Stream
from miniback.logbook import asked, lines, reading, telling
from miniback.logbook.asked import PATH, Asked
from miniback.logbook.telling import Words

_CSV = Kind(
    (b"content-type", b"text/csv; charset=utf-8"),
    (*exports.PAGE, (b"content-disposition", b'attachment; filename="miniback-audit-log.csv"')),
)


async def show_log(request: Request, visit: Visit) -> Response:
    """GET /settings/audit-log?group&person&from&to&before: the newest first."""
    wanted, status, zone = asked.read(request.query), 200, visit.session.user.time_zone
    try:
        meant = wanted.wanted(zone)
    except Invalid as refusal:
        # The page as it opens tells what is wrong with the dates.
        visit.form.errors["from"], status = str(refusal), 422
        wanted = Asked(wanted.group, wanted.person)
        meant = wanted.wanted(zone)
    before = request.whole_number("before", 0, 1) or None
    opened = await request.db.read(reading.opened, visit.account_id, meant, before)
    return await visit.page(
        "logbook/templates/log.html",
        status,
        asked=wanted,
        opened=opened,
        groups=asked.GROUPS,
        sentence=telling.sentence,
        doer=telling.doer,
        words=Words(visit.say, visit.count),
        is_newest=before is None,
    )


async def download_log(request: Request, visit: Visit) -> Response:
    """GET /settings/audit-log.csv?…: all that the filters leave, which is recorded as well."""
    wanted = asked.read(request.query)
    meant = wanted.wanted(visit.session.user.time_zone)
    account_id = visit.account_id
    await exports.record(request, lines.note_export, account_id, "csv", visit.actor, wanted.names)
    return Stream(lines.csv_pieces(request.db, account_id, meant), _CSV)


routes = [
    http.resource(PATH, GET=for_admins(show_log)),
    http.resource(f"{PATH}.csv", GET=for_admins(download_log)),
]
