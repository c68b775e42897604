"""What the members of an account may do, by their roles, in calls and on pages."""

import pytest

from miniback.accounts import Role
from tests.house import House
from tests.test_session_calls import READS, Call, call, kept, new_item
from tests.test_tenants import CALLS
from tests.visitor import Member, member_of, owner

# What is asked here does not depend on the database, and there is much of it.
DATABASES = ("sqlite",)

# What is sent by POST and makes nothing new.
MAKE_NOTHING = ("/secret", "/redeliver")
ARCHIVE = "/api/exports/archive.zip"
POST_FEEDBACK = ("POST", "/api/projects/{projectId}/feedback")


@pytest.fixture(scope="module")
def bob(house: House) -> Member:
    """The owner of an account on PRO."""
    return owner(house)


def new_project(member: Member) -> str:
    """Start a project of the account and return its id."""
    made: str = member.call("POST", "/api/projects", json={"name": "Another"}).json()["data"]["id"]
    return made


def least(operation: Call) -> Role:
    """The least role that may make a call: viewers read, members triage, admins do all."""
    if operation[1] in (ARCHIVE, "/api/audit-log"):
        return Role.ADMIN
    if operation in READS:
        return Role.VIEWER
    is_triage = "{feedbackId}" in operation[1] or "{tagId}" in operation[1]
    is_triage = is_triage or operation == POST_FEEDBACK
    return Role.MEMBER if is_triage else Role.ADMIN


@pytest.fixture(scope="module")
def team(house: House, bob: Member) -> dict[Role, Member]:
    """The members of Bob's account, by their roles."""
    others = (Role.ADMIN, Role.MEMBER, Role.VIEWER)
    return {Role.OWNER: bob, **{each: member_of(house, bob.account, each) for each in others}}


@pytest.mark.parametrize("operation", CALLS, ids=" ".join)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_it_includes_and_nothing_else(
    house: House, team: dict[Role, Member], role: Role, operation: Call
) -> None:
    project_id = new_project(team[Role.OWNER])
    item_id = new_item(team[Role.OWNER], project_id)
    before = kept(house, team[role])

    answer = call(team[role], operation, project_id, item_id)

    if role.includes(least(operation)):
        makes = operation[0] == "POST" and not operation[1].endswith(MAKE_NOTHING)
        assert answer.status_code == (201 if makes else 200)
    else:
        assert answer.status_code == 403
        assert kept(house, team[role]) == before


def test_a_role_that_is_taken_away_is_gone_with_the_next_call(house: House, bob: Member) -> None:
    admin = member_of(house, owner(house).account, Role.ADMIN)
    sql = "UPDATE members SET role = 'VIEWER' WHERE account_id = :id AND role = 'ADMIN'"
    path = f"/api/projects/{admin.account.project_id}"
    assert admin.call("PUT", path, json={"name": "One"}).status_code == 200

    house.change(sql, id=admin.account.id)

    assert admin.call("PUT", path, json={"name": "Two"}).status_code == 403


PAGES = {
    "/projects": Role.VIEWER,
    "/projects/{slug}": Role.VIEWER,
    "/projects/{slug}/api": Role.VIEWER,
    "/projects/{slug}/security": Role.VIEWER,
    "/projects/{slug}/install": Role.VIEWER,
    "/projects/{slug}/widget": Role.ADMIN,
    "/analytics": Role.VIEWER,
    "/analytics/insights": Role.VIEWER,
    "/analytics/days.csv": Role.VIEWER,
    "/usage": Role.VIEWER,
    "/usage.csv": Role.VIEWER,
    "/settings/profile": Role.VIEWER,
    "/settings/billing": Role.VIEWER,
    "/settings/notifications": Role.VIEWER,
    "/settings/webhooks": Role.VIEWER,
    "/settings/data/import": Role.ADMIN,
    "/settings/data": Role.VIEWER,
    "/settings/data/archive.zip": Role.ADMIN,
    "/inbox/export.csv": Role.VIEWER,
    "/inbox/export.jsonl": Role.VIEWER,
    "/inbox/export.xlsx": Role.VIEWER,
    "/settings/data/people": Role.ADMIN,
    "/settings/audit-log": Role.ADMIN,
    "/settings/audit-log.csv": Role.ADMIN,
    "/projects/new": Role.ADMIN,
    "/projects/{slug}/settings": Role.ADMIN,
    "/projects/{slug}/delete": Role.ADMIN,
    "/projects/{slug}/api/revoke": Role.ADMIN,
}
FORMS = {
    "/projects/new": {"name": "Mine"},
    "/projects/{slug}/pause": {},
    "/projects/{slug}/security": {"domain": "shop.example"},
    "/projects/{slug}/security/guard": {"proof": "always"},
    "/projects/{slug}/security/identity": {},
    "/projects/{slug}/widget": {"position": "top-left", "theme": "dark", "color": "#123456"},
    "/projects/{slug}/settings": {"name": "Renamed", "slug": "renamed-by-a-role"},
    "/projects/{slug}/settings/retention": {"retention_days": "365"},
    "/settings/data/people/export": {"who": "nobody"},
    "/settings/data/people/erase": {"who": "nobody", "typed": "nobody", "sure": "1"},
    "/projects/{slug}/api/key": {"overlap": "0"},
    "/projects/{slug}/api/test": {"key": "mbk_1"},
    "/projects/{slug}/api/revoke": {},
    "/projects/{slug}/delete": {"slug": "{slug}"},
    "/settings/data/import": {},
    "/settings/webhooks": {"address": "https://shop.example/hook", "created": "on"},
    "/settings/notifications": {"kind": "SLACK", "address": "https://shop.example/services/x"},
}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", list(Role))
def test_a_page_is_open_from_its_least_role_on(
    team: dict[Role, Member], role: Role, path: str
) -> None:
    answer = team[role].get(path.format(slug=team[role].account.slug))

    assert answer.status_code == (200 if role.includes(PAGES[path]) else 403)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_a_form_on_what_is_the_accounts_is_for_admins_alone(
    house: House, team: dict[Role, Member], role: Role, path: str
) -> None:
    member = team[role]
    before = kept(house, member)
    slug = member.account.slug
    fields = {name: value.format(slug=slug) for name, value in FORMS[path].items()}

    answer = member.submit(path.format(slug=slug), page="/usage", **fields)

    assert answer.status_code == 403
    assert kept(house, member) == before


@pytest.mark.parametrize("path", ["/projects", "/projects/{slug}", "/projects/{slug}/api"])
@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_a_page_offers_no_form_that_its_reader_may_not_send(
    team: dict[Role, Member], role: Role, path: str
) -> None:
    page = team[role].get(path.format(slug=team[role].account.slug))

    assert 'method="post" action="/projects' not in page.text


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_only_the_administrator_of_the_server_changes_plans(
    house: House, team: dict[Role, Member], role: Role
) -> None:
    # The first person of a server is its administrator.
    email = team[role].email
    house.change("UPDATE users SET is_administrator = 0 WHERE email = :email", email=email)

    answer = team[role].submit("/settings/billing", page="/usage", plan="STARTER")

    assert answer.status_code == 403
    sql = "SELECT plan FROM accounts WHERE id = :id"
    assert house.row(sql, id=team[role].account.id) == ("PRO",)
