"""What each role may do on the pages, and what nobody may without having signed in."""

from typing import Any

import pytest

from miniback import plans
from miniback.accounts import Role
from tests.house import House
from tests.visitor import Member, member_of, owner, owner_of, said, visiting

# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)

ROLES = list(Role)
ADMINS = [Role.OWNER, Role.ADMIN]
WORKERS = [*ADMINS, Role.MEMBER]
# Whether it is a read, the path, the fields, and the roles that may.
PAGES: list[tuple[str, str, dict[str, str], list[Role]]] = [
    ("GET", "/projects", {}, ROLES),
    ("GET", "/projects/{slug}", {}, ROLES),
    ("GET", "/projects/{slug}/api", {}, ROLES),
    ("GET", "/projects/{slug}/security", {}, ROLES),
    ("GET", "/projects/{slug}/install", {}, ROLES),
    ("GET", "/projects/{slug}/widget", {}, ADMINS),
    ("GET", "/analytics", {}, ROLES),
    ("GET", "/analytics/insights", {}, ROLES),
    ("GET", "/analytics/days.csv", {}, ROLES),
    ("GET", "/usage", {}, ROLES),
    ("GET", "/usage.csv", {}, ROLES),
    ("GET", "/settings/profile", {}, ROLES),
    ("GET", "/settings/appearance", {}, ROLES),
    ("GET", "/settings/billing", {}, ROLES),
    ("GET", "/settings/notifications", {}, ROLES),
    ("GET", "/settings/webhooks", {}, ROLES),
    ("GET", "/settings/data", {}, ROLES),
    ("GET", "/settings/data/archive.zip", {}, ADMINS),
    ("GET", "/settings/data/people", {}, ADMINS),
    ("GET", "/settings/audit-log", {}, ADMINS),
    ("GET", "/settings/audit-log.csv", {}, ADMINS),
    ("GET", "/projects/new", {}, ADMINS),
    ("GET", "/projects/{slug}/settings", {}, ADMINS),
    ("GET", "/projects/{slug}/delete", {}, ADMINS),
    ("GET", "/projects/{slug}/api/revoke", {}, ADMINS),
    ("POST", "/projects/new", {"name": "One more"}, ADMINS),
    ("POST", "/projects/{slug}/api/key", {"overlap": "0"}, ADMINS),
    ("POST", "/projects/{slug}/api/test", {"key": "no key"}, ADMINS),
    ("POST", "/projects/{slug}/security", {"domain": "example.test"}, ADMINS),
    ("POST", "/projects/{slug}/security/guard", {"proof": "automatic"}, ADMINS),
    ("POST", "/projects/{slug}/security/identity", {}, ADMINS),
    (
        "POST",
        "/projects/{slug}/widget",
        {"position": "top-left", "theme": "dark", "color": "#123456"},
        ADMINS,
    ),
    ("POST", "/projects/{slug}/security/remove", {"domain": "example.test"}, ADMINS),
    ("POST", "/projects/{slug}/settings", {"name": "Other", "slug": "{slug}"}, ADMINS),
    ("POST", "/projects/{slug}/settings/retention", {"retention_days": "365"}, ADMINS),
    ("POST", "/settings/data/people", {"who": "nobody"}, ADMINS),
    ("POST", "/settings/data/people/export", {"who": "nobody"}, ADMINS),
    ("POST", "/settings/data/people/erase", {"who": "nobody"}, ADMINS),
    ("POST", "/projects/{slug}/pause", {}, ADMINS),
    ("POST", "/projects/{slug}/resume", {}, ADMINS),
    (
        "POST",
        "/settings/webhooks",
        {"address": "https://{role}.example.test/hook", "created": "on"},
        ADMINS,
    ),
    (
        "POST",
        "/settings/notifications",
        {"kind": "SLACK", "address": "https://{role}.example.test/services/x", "created": "on"},
        ADMINS,
    ),
    ("POST", "/settings/profile", {"name": "Ada", "time_zone": ""}, ROLES),
    ("POST", "/settings/theme", {"theme": "DARK"}, ROLES),
    ("POST", "/settings/billing", {"plan": "PRO"}, []),
    ("POST", "/projects/{slug}/api/revoke", {}, ADMINS),
]
CALLS: list[tuple[str, str, dict[str, str], list[Role]]] = [
    ("GET", "/api/projects", {}, ROLES),
    ("GET", "/api/audit-log", {}, ADMINS),
    ("PUT", "/api/feedback/{item}", {"status": "RESOLVED"}, WORKERS),
    ("POST", "/api/projects", {"name": "One more"}, ADMINS),
    ("POST", "/api/projects/{project}/api-key", {}, ADMINS),
]


@pytest.fixture(scope="module")
def people(house: House) -> dict[Role, Member]:
    """One person of each role in one account."""
    boss = owner(house)
    # The first person of a server administers it; here only roles count.
    house.change("UPDATE users SET is_administrator = 0 WHERE email = :email", email=boss.email)
    return {Role.OWNER: boss} | {
        role: member_of(house, boss.account, role) for role in ROLES if role is not Role.OWNER
    }


@pytest.fixture(scope="module")
def item(people: dict[Role, Member]) -> str:
    """Feedback in the account's project; made while its key is the first one."""
    item_id: str = people[Role.OWNER].account.say()["id"]
    return item_id


def is_admin_of_server(member: Member) -> None:
    """Make a person the administrator of the server."""
    member.house.change(
        "UPDATE users SET is_administrator = 1 WHERE email = :email", email=member.email
    )


def plan_of(member: Member) -> Any:
    return member.house.row("SELECT plan FROM accounts WHERE id = :id", id=member.account.id)[0]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path", "fields", "allowed"), PAGES)
def test_a_page_is_for_some_roles(
    people: dict[Role, Member],
    item: str,
    role: Role,
    method: str,
    path: str,
    fields: dict[str, str],
    allowed: list[Role],
) -> None:
    person = people[role]
    address = path.format(slug=person.account.slug)
    named = {"slug": person.account.slug, "role": role.lower()}
    sent = {name: value.format(**named) for name, value in fields.items()}
    is_read = method == "GET"
    answer = person.get(address) if is_read else person.submit(address, "/usage", **sent)

    assert (answer.status_code in (200, 204, 303)) == (role in allowed)
    assert (answer.status_code == 403) == (role not in allowed)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path", "body", "allowed"), CALLS)
def test_a_call_by_session_is_for_some_roles(
    people: dict[Role, Member],
    item: str,
    role: Role,
    method: str,
    path: str,
    body: dict[str, str],
    allowed: list[Role],
) -> None:
    person = people[role]
    address = path.format(item=item, project=person.account.project_id)
    answer = person.call(method, address, json=body) if body else person.call(method, address)
    if method == "POST" and not body:
        answer = person.call(method, address, json={})

    assert (answer.status_code in (200, 201)) == (role in allowed)
    assert (answer.status_code == 403) == (role not in allowed)


@pytest.mark.parametrize(("method", "path", "fields", "allowed"), PAGES)
def test_nobody_sees_a_page_without_signing_in(
    house: House, method: str, path: str, fields: dict[str, str], allowed: list[Role]
) -> None:
    address = path.format(slug=house.account().slug)
    with visiting(house) as visitor:
        answer = visitor.client.request(method, address, data=fields or None)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")


def test_a_refusal_says_whom_to_ask(people: dict[Role, Member]) -> None:
    page = people[Role.VIEWER].get("/projects/new")

    assert "Your role in this account does not allow this; ask its owner." in said(page)


def test_a_member_is_not_offered_what_is_refused(people: dict[Role, Member]) -> None:
    pages = {role: people[role].get("/projects").text for role in (Role.ADMIN, Role.MEMBER)}

    assert 'href="/projects/new"' in pages[Role.ADMIN]
    assert 'href="/projects/new"' not in pages[Role.MEMBER]


def test_an_owner_who_is_no_administrator_changes_no_plan(house: House) -> None:
    bob = owner(house, plans.FREE)
    house.change("UPDATE users SET is_administrator = 0 WHERE email = :email", email=bob.email)

    assert bob.submit("/settings/billing", "/usage", plan="PRO").status_code == 403
    assert plan_of(bob) == plans.FREE


def test_an_owner_who_is_administrator_changes_the_plan(house: House) -> None:
    bob = owner(house, plans.FREE)
    is_admin_of_server(bob)

    assert bob.submit("/settings/billing", "/usage", plan="PRO").headers["location"] == "/usage"
    assert plan_of(bob) == plans.PRO


@pytest.mark.parametrize("role", ROLES[1:])
def test_an_administrator_who_is_no_owner_changes_no_plan(house: House, role: Role) -> None:
    member = member_of(house, house.account(plans.FREE), role)
    is_admin_of_server(member)

    assert member.submit("/settings/billing", "/usage", plan="PRO").status_code == 403
    assert plan_of(member) == plans.FREE


def test_a_role_taken_away_is_gone_with_the_next_request(house: House) -> None:
    bob = owner_of(house, house.account())
    assert bob.get("/projects/new").status_code == 200
    house.change("UPDATE members SET role = 'VIEWER' WHERE account_id = :id", id=bob.account.id)

    assert bob.get("/projects/new").status_code == 403


def test_whoever_is_no_member_any_more_is_signed_out(house: House) -> None:
    carol = member_of(house, house.account(), Role.MEMBER)
    house.change("DELETE FROM members WHERE account_id = :id", id=carol.account.id)

    assert carol.get("/projects").status_code == 303


def test_mallory_sees_nothing_of_bobs_project(house: House) -> None:
    bob, mallory = house.account(), owner(house)
    paths = ["", "/install", "/widget", "/api", "/security", "/settings", "/delete"]

    statuses = {mallory.get(f"/projects/{bob.slug}{path}").status_code for path in paths}

    assert statuses == {404}
