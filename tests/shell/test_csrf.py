"""No form is taken that no page of ours has sent, and no GET changes anything (T16, G11)."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import httpx2
import pytest
from starlette.routing import Route

from miniback import clock, db, plans
from miniback.accounts.links import Purpose, issue
from miniback.app import ROUTES
from miniback.db import Database, Tx
from miniback.http import Resource
from miniback.notifications import Kind, Links, Target, delivery_store, service
from miniback.notifications.models import Wanted
from miniback.plans import Allowance
from miniback.vault import Vault
from tests.house import House, awaited, running, until
from tests.imports.importing import checked_import
from tests.visitor import PASSWORD, Member, Visitor, owner, visiting

# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)

FORM_TYPE = "application/x-www-form-urlencoded"
NEW_PASSWORD = "staple battery horse correct"
# What each form holds when it is right; {…} is filled in from the person who sends it.
FORMS: dict[str, dict[str, str]] = {
    "/inbox/act": {"action": "RESOLVED", "items": "{item_id}"},
    "/inbox/undo/{act}": {},
    "/analytics/insights": {},
    "/inbox/views": {"name": "Waiting", "query": "?status=NEW"},
    "/inbox/views/{view_id}": {"name": "Renamed"},
    "/inbox/views/{view_id}/filters": {"query": "?status=REVIEWED"},
    "/inbox/views/{view_id}/delete": {},
    "/inbox/{item_id}/tags": {"tags": "bug"},
    "/inbox/{item_id}/assignee": {"assignee": "{user_id}"},
    "/inbox/{item_id}/notes": {"content": "A note"},
    "/inbox/{item_id}/notes/{note_id}/delete": {},
    "/projects/new": {"name": "Second"},
    "/projects/{slug}/pause": {},
    "/projects/{slug}/resume": {},
    "/projects/{slug}/security": {"domain": "new.example"},
    "/projects/{slug}/security/remove": {"domain": "shop.example"},
    "/projects/{slug}/security/guard": {"proof": "always", "visitor_limit": "7"},
    "/projects/{slug}/security/identity": {},
    "/projects/{slug}/widget": {"position": "top-left", "theme": "dark", "color": "#123456"},
    "/projects/{slug}/settings": {"name": "Renamed", "slug": "{slug}"},
    "/projects/{slug}/settings/retention": {"retention_days": "365"},
    "/projects/{slug}/delete": {"slug": "{slug}"},
    "/projects/{slug}/api/key": {"overlap": "0"},
    "/projects/{slug}/api/test": {"key": "{key}"},
    "/projects/{slug}/api/revoke": {},
    "/settings/billing": {"plan": "STARTER"},
    "/settings/data/people": {"who": "visitor-7"},
    "/settings/data/people/export": {"who": "visitor-7"},
    "/settings/data/people/erase": {"who": "visitor-7", "typed": "visitor-7", "sure": "1"},
    "/settings/profile": {"name": "Zoe", "time_zone": "UTC"},
    "/settings/email": {"email": "new-{email}", "current_password": PASSWORD},
    "/settings/password": {"password": NEW_PASSWORD, "current_password": PASSWORD},
    "/settings/sessions/end-others": {},
    "/settings/sessions/{session_id}/end": {},
    "/settings/appearance": {"theme": "DARK", "density": "COMPACT"},
    "/settings/theme": {"theme": "DARK"},
    "/settings/dismiss": {"mark": "1:80"},
    "/settings/notifications": {
        "kind": "EMAIL",
        "address": "new-{email}",
        "created": "on",
        "schedule": "INSTANT",
        "hour": "9",
    },
    "/settings/notifications/{channel_id}": {"updated": "on"},
    "/settings/notifications/{channel_id}/test": {},
    "/settings/notifications/{channel_id}/enable": {},
    "/settings/notifications/{channel_id}/remove": {},
    "/settings/data/import": {},
    "/settings/data/import/{import_id}": {
        "format": "table",
        "project": "{project_id}",
        "column-2": "message",
        "undated": "2024-01-02",
    },
    "/settings/data/import/{import_id}/start": {},
    "/settings/data/import/{import_id}/cancel": {},
    "/settings/webhooks": {"address": "https://new.example/hook", "created": "on"},
    "/settings/webhooks/{webhook_id}": {"address": "https://new.example/hook", "updated": "on"},
    "/settings/webhooks/{webhook_id}/secret": {},
    "/settings/webhooks/{webhook_id}/test": {},
    "/settings/webhooks/{webhook_id}/enable": {},
    "/settings/webhooks/{webhook_id}/disable": {},
    "/settings/webhooks/{webhook_id}/delete": {},
    "/settings/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": {},
    "/logout": {},
}
OPEN_FORMS: dict[str, dict[str, str]] = {
    "/login": {"email": "{email}", "password": PASSWORD},
    "/forgot": {"email": "{email}"},
    "/signup": {"email": "stranger@example.test"},
    "/signup/finish": {"token": "{sign_up}", "password": NEW_PASSWORD},
    "/reset": {"token": "{reset}", "password": NEW_PASSWORD},
    "/verify/{token}": {},
    "/setup": {"token": "{set_up}", "email": "eve@example.test", "password": NEW_PASSWORD},
}
# Visitors of any site post there, without a session that could be misused.
PUBLIC_DOORS = {"/f/{slug}", "/w/{slug}/attachments"}
# Mail programs post there by themselves (RFC 8058); whoever has the link may do that one thing.
PUBLIC_DOORS |= {"/unsubscribe/{token}"}
# Assistants post there, by key alone: a session opens nothing (tests/mcp).
PUBLIC_DOORS |= {"/mcp"}
# What a form is answered that is taken, where it is not a page or the way to one.
TAKEN = {"/setup": (404,), "/settings/theme": (204,), "/settings/data/import": (422,)}
SENT_BUT_CHANGES_NOTHING = (
    *("/projects/{slug}/api/test", "/setup"),
    *("/settings/data/import", "/settings/data/people"),
)
# What leaves the server stands in the audit log, and nowhere else: that is no change of anything
# that somebody could be made to do (RFC 9110, section 9.2.1, has the same of access logs).
RECORDED = (
    *("/inbox/export.csv", "/inbox/export.jsonl", "/inbox/export.xlsx"),
    *("/settings/data/archive.zip", "/settings/audit-log.csv"),
)
# A file comes along there; tests/imports says what becomes of one without the page's token.
MULTIPART = ("/settings/data/import",)


def with_method(method: str) -> set[str]:
    """The addresses of pages that answer to a method."""
    resources = [
        (route.path, route.endpoint)
        for route in ROUTES
        if isinstance(route, Route) and isinstance(route.endpoint, Resource)
    ]
    return {
        path for path, at in resources if method in at.handlers and not path.startswith("/api/")
    }


class Sender(NamedTuple):
    """Somebody who could send every form, what forms and addresses name, and tokens of pages."""

    member: Member
    stranger: Visitor
    names: dict[str, str]
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def open_house(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A house of this file's own, so that nobody else changes anything; strangers may sign up.

    Nor does it by itself: what is to be told stays where it is.
    """
    environment = {"MINIBACK_REGISTRATION": "on", "MINIBACK_DELIVERIES": "off"}
    with running(new_house(database, environment=environment)) as house:
        yield house


def told_in(house: House, member: Member) -> dict[str, str]:
    """Somebody to be told of each kind, what was told already, and the link of an address."""
    account = member.account
    sql = "SELECT anchor FROM accounts WHERE id = :id"
    (anchor,) = house.row(sql, id=account.id)
    allowance = Allowance(account.id, plans.reshaped("")[account.plan], anchor)

    def tell(tx: Tx) -> tuple[Target, Target, Target, str]:
        hook, chat, mail = (
            service.add(tx, allowance, Wanted(kind, address, ("feedback.created",)))
            for kind, address in (
                (Kind.WEBHOOK, "https://shop.example/hook"),
                (Kind.SLACK, "https://shop.example/services/x"),
                (Kind.EMAIL, f"told-{member.email}"),
            )
        )
        told = service.test(tx, account.id, hook.id)
        row = {"account_id": account.id, "id": told.id, "due_at": 1, "attempts": 1}
        delivery_store.settle(tx, [{**row, "status": "DELIVERED"}])
        return hook, chat, mail, told.id

    hook, chat, mail, delivery_id = house.tx(tell)
    link = awaited(link_of(house, mail))
    token = link.rpartition("/")[2]
    ids = {"webhook_id": hook.id, "channel_id": chat.id, "delivery_id": delivery_id}
    return {**ids, "token": token}


async def link_of(house: House, target: Target) -> str:
    database = Database(db.engine_for(house.database_url))
    try:
        return await Links(Vault(database), house.base_url).verify(target)
    finally:
        database.close()


def sender_in(house: House, stranger: Visitor) -> Sender:
    member, other = owner(house), owner(house)
    account = member.account
    twin = Member(house, account, member.email)  # a second session of the same person
    twin.client.close()
    house.change("UPDATE users SET is_administrator = 1 WHERE email = :email", email=member.email)
    sql = "UPDATE projects SET allowed_domains = :domains WHERE id = :id"
    house.change(sql, domains='["shop.example"]', id=account.project_id)
    sql = "SELECT user_id, id FROM sessions WHERE account_id = :id ORDER BY id DESC"
    (user_id, session_id), *_ = house.rows(sql, id=account.id)
    item = account.say("A word", context={"userId": "visitor-7"})
    account.put(f"/api/feedback/{item['id']}", json={"status": "REVIEWED"})
    note = account.post(f"/api/feedback/{item['id']}/notes", json={"content": "Seen"})
    ((act,),) = house.rows(
        "SELECT act FROM changes WHERE account_id = :id AND kind = 'STATUS'", id=account.id
    )
    member.submit("/inbox/views", page="/usage", name="New", query="?status=NEW")
    names = {
        "page": "webhooks",
        "tag": "feedback",
        "item_id": item["id"],
        "note_id": note.json()["data"]["id"],
        "act": act,
        "attachment_id": "attachment_none",
        "version": "none",
        "block": "days",
        "view_id": house.row("SELECT id FROM views WHERE account_id = :id", id=account.id)[0],
        "user_id": user_id,
        "slug": account.slug,
        "key": account.key,
        "email": member.email,
        "session_id": session_id,
        "name": "x",
        "project_id": account.project_id,
        "import_id": house.tx(checked_import, account.id),
        **told_in(house, member),
        "set_up": house.tx(issue, Purpose.SET_UP, ""),
        "reset": house.tx(issue, Purpose.RESET_PASSWORD, user_id),
        "sign_up": house.tx(issue, Purpose.SIGN_UP, f"new-{account.slug}@example.test"),
    }
    tokens = {
        "own": member.token("/usage"),
        "open": stranger.token("/login"),
        "another's": other.token("/usage"),
    }
    for each in (member, other, stranger):
        each.client.headers.pop("origin", None)
    return Sender(member, stranger, names, tokens)


@pytest.fixture(scope="module")
def sender(open_house: House) -> Iterator[Sender]:
    with visiting(open_house) as stranger:
        yield sender_in(open_house, stranger)


# Insights that were asked for are computed again and again, hours apart.
_AT_WORK = (
    "SELECT id FROM outbox WHERE event <> 'insights.due' OR due_at <= :now"
    " UNION SELECT project_id FROM deletions"
)


def kept(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, but for when somebody was last here.

    What an earlier form has asked of the workers comes to its end first, so that nothing but the
    form that is looked at changes anything between two looks.
    """
    until(lambda: not house.rows(_AT_WORK, now=clock.now()), "the workers to rest")
    tables = (
        *("accounts", "users", "members", "projects", "slugs", "api_keys", "feedback", "tallies"),
        *("usage", "outbox", "deletions", "idempotency_keys", "one_time_links", "throttles"),
        *("annotations", "notes", "tags", "changes", "deleted_feedback", "suspicions", "views"),
        *("targets", "listeners", "deliveries", "attempts"),
        *("submitters", "erasures", "audit_log", "audit_heads"),
    )
    selects = {table: f"SELECT * FROM {table}" for table in tables}
    selects["imports"] = "SELECT account_id, id, state, plan FROM imports"
    selects["sessions"] = "SELECT token_hash, user_id, account_id FROM sessions"
    return house.tx(  # type: ignore[no-any-return]
        lambda tx: {table: sorted(tx.all(sql), key=str) for table, sql in selects.items()}
    )


def send(
    who: Sender, path: str, token: str, headers: dict[str, Any], content_type: str = FORM_TYPE
) -> httpx2.Response:
    """Send the right form to an address, with this token and these headers."""
    form = (FORMS | OPEN_FORMS)[path]
    fields = {name: value.format(**who.names) for name, value in form.items()}
    content = urlencode({**fields, **({"csrf_token": token} if token else {})})
    client = who.member.client if path in FORMS else who.stranger.client
    headers = {"content-type": content_type, **headers}
    return client.post(path.format(**who.names), content=content, headers=headers)


def own_token(who: Sender, path: str) -> str:
    return who.tokens["own" if path in FORMS else "open"]


HEADERS = {
    "from another site": ("sec-fetch-site", "cross-site"),
    "from a sister site": ("sec-fetch-site", "same-site"),
    "another origin": ("origin", "https://evil.example"),
    "our host on another port": ("origin", "http://127.0.0.1:1"),
    "our host within another": ("origin", "{own}.evil.example"),
    "origin null": ("origin", "null"),
    "no such header at all": ("x-nothing", "at all"),
}


def test_every_form_of_every_page_is_tried() -> None:
    assert with_method("POST") - PUBLIC_DOORS == FORMS.keys() | OPEN_FORMS.keys()


@pytest.mark.parametrize("path", [*FORMS, *OPEN_FORMS])
def test_a_form_that_another_page_sends_changes_nothing(
    open_house: House, sender: Sender, path: str
) -> None:
    token, before = own_token(sender, path), kept(open_house)

    statuses = {
        how: send(sender, path, token, {name: value.format(own=open_house.base_url)}).status_code
        for how, (name, value) in HEADERS.items()
    }

    assert statuses == dict.fromkeys(HEADERS, 403)
    assert kept(open_house) == before


@pytest.mark.parametrize("path", ["/settings/theme", "/login"])
@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "http://", "?", "\xe9"])
def test_an_origin_that_is_no_address_is_not_ours(sender: Sender, path: str, origin: str) -> None:
    answer = send(sender, path, own_token(sender, path), {"origin": origin.encode("latin-1")})

    assert answer.status_code == 403


def test_a_cross_site_form_with_our_origin_is_refused(open_house: House, sender: Sender) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": open_house.base_url}

    answer = send(sender, "/settings/theme", sender.tokens["own"], headers)

    assert answer.status_code == 403


@pytest.mark.parametrize("path", [*FORMS, *OPEN_FORMS])
def test_a_form_without_its_own_token_changes_nothing(
    open_house: House, sender: Sender, path: str
) -> None:
    other_kind = sender.tokens["open" if path in FORMS else "own"]
    tokens = ["", "x", "A" * 88, sender.tokens["another's"], other_kind]
    headers, before = {"origin": open_house.base_url}, kept(open_house)

    statuses = [send(sender, path, token, headers).status_code for token in tokens]

    assert statuses == [403] * len(tokens)
    assert kept(open_house) == before


@pytest.mark.parametrize("path", OPEN_FORMS)
def test_an_open_form_with_the_token_of_another_browser_is_refused(
    open_house: House, sender: Sender, path: str
) -> None:
    with visiting(open_house) as attacker:
        token = attacker.token("/login")

    assert send(sender, path, token, {"origin": open_house.base_url}).status_code == 403


@pytest.mark.parametrize("path", [*FORMS, *OPEN_FORMS])
def test_a_form_of_another_type_changes_nothing(
    open_house: House, sender: Sender, path: str
) -> None:
    types = ["text/plain", "application/json", "", "multipart/form-data; boundary=x"]
    headers, token = {"origin": open_house.base_url}, own_token(sender, path)
    before = kept(open_house)

    statuses = [send(sender, path, token, headers, each).status_code for each in types]

    assert statuses == [403, 403, 403, 400 if path in MULTIPART else 415]
    assert kept(open_house) == before


@pytest.mark.parametrize("path", sorted(with_method("GET")))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_get_changes_anything(open_house: House, sender: Sender, path: str, method: str) -> None:
    form = (FORMS | OPEN_FORMS).get(path, {})
    query = {name: value.format(**sender.names) for name, value in form.items()}
    query["csrf_token"] = sender.tokens["own"]
    before = kept(open_house)

    for read in ("GET", "HEAD"):
        answer = sender.member.client.request(read, path.format(**sender.names), params=query)
        assert answer.status_code < 500

    after = kept(open_house)
    if path in RECORDED:
        assert after.pop("audit_log") != before.pop("audit_log")
        assert after.pop("audit_heads") != before.pop("audit_heads")
    assert after == before


@pytest.mark.parametrize("path", [*FORMS, *OPEN_FORMS])
def test_the_same_form_from_our_own_page_is_taken(open_house: House, path: str) -> None:
    with visiting(open_house) as stranger:
        who = sender_in(open_house, stranger)
        if path.endswith("/resume"):
            sql = "UPDATE projects SET status = 'PAUSED' WHERE slug = :slug"
            open_house.change(sql, slug=who.names["slug"])
        if path.endswith("/enable"):
            sql = "UPDATE targets SET status = 'DISABLED' WHERE account_id = :id"
            open_house.change(sql, id=who.member.account.id)
        before = kept(open_house)
        answer = send(who, path, own_token(who, path), {"origin": open_house.base_url})

    assert answer.status_code in TAKEN.get(path, (200, 303))
    assert (kept(open_house) != before) == (path not in SENT_BUT_CHANGES_NOTHING)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_browser_that_tells_the_site_needs_no_origin(
    open_house: House, sender: Sender, site: str
) -> None:
    path = "/settings/profile"

    answer = send(sender, path, own_token(sender, path), {"sec-fetch-site": site})

    assert answer.status_code == 303
