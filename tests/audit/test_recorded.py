"""Whoever does what matters leaves an entry: on a page, by the API, on the command line."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from miniback import clock
from miniback.accounts import Role
from miniback.feedback import service
from tests.audit.logs import Recorded, last, log_of
from tests.house import Account, House, until
from tests.imports.importing import check, upload
from tests.inbox.acting import act, undo, user_id
from tests.visitor import (
    PASSWORD,
    Member,
    link_for,
    member_of,
    owner,
    visiting,
)

NEW_PASSWORD = "staple battery horse correct"
# Of a visitor; none of it may ever be in the log.
VISITOR = {"email": "zyqvarn@example.test", "userId": "grubwexel"}
WORDS = "plimthodo quorzifant"
TRACES = ("zyqvarn", "grubwexel", "plimthodo", "quorzifant", "whsec_", "mbk_", "slack-secret")


class Watch:
    """The log of an account, from now on."""

    def __init__(self, house: House, account_id: str) -> None:
        self.house, self.account_id = house, account_id
        self.seen = len(log_of(house, account_id))

    def new(self) -> list[Recorded]:
        """What was recorded since the last look."""
        entries = log_of(self.house, self.account_id)[self.seen :]
        self.seen += len(entries)
        return entries

    def one(self, action: str, **details: Any) -> Recorded:
        """The one entry since the last look, which is of an action and tells some details."""
        (entry,) = self.new()
        assert entry.action == action
        assert details.items() <= entry.details.items()
        return entry


def ok(answer: Any) -> Any:
    assert answer.status_code in (200, 201, 204, 303), answer.text
    return answer


def assert_nothing_of_visitors(house: House, account_id: str) -> None:
    sql = "SELECT action || details FROM audit_log WHERE account_id = :id"
    content = json.dumps(house.rows(sql, id=account_id)).lower()
    assert [each for each in TRACES if each in content] == []


class Doing:
    """Somebody who does things to their project on pages, while somebody else watches the log."""

    def __init__(self, house: House) -> None:
        self.bob = owner(house)
        self.watch = Watch(house, self.bob.account.id)
        self.who = ("PAGE", user_id(house, self.bob.email), "")
        self.at = f"/projects/{self.bob.account.slug}"

    def did(self, path: str, action: str, fields: dict[str, str], **details: Any) -> Recorded:
        """Send a form, and see that it has left one entry."""
        self.nothing(path, fields, count=1)
        entry = self.watch.one(action, **details)
        assert (entry.way, entry.user_id, entry.project_id) == self.who
        return entry

    def nothing(self, path: str, fields: dict[str, str], count: int = 0) -> None:
        """Send a form, and see that it has left so many entries."""
        ok(self.bob.submit(path, "/usage", **fields))
        log = log_of(self.bob.house, self.bob.account.id)
        assert len(log) - self.watch.seen == count


def test_what_is_done_to_projects_on_pages(house: House) -> None:
    doing = Doing(house)
    at, did, account = doing.at, doing.did, doing.bob.account
    project = {"projectId": account.project_id}

    did("/projects/new", "project.created", {"name": "Second"}, name="Second")
    named = {"name": "Renamed", "slug": account.slug}
    did(f"{at}/settings", "project.changed", named, changed=["name"], name="Renamed", **project)
    doing.nothing(f"{at}/settings", named)
    did(f"{at}/pause", "project.changed", {}, changed=["status"])
    did(f"{at}/resume", "project.changed", {}, changed=["status"])
    domain = {"domain": "shop.example"}
    did(f"{at}/security", "project.changed", domain, changed=["allowedDomains"])
    did(f"{at}/security/remove", "project.changed", domain, changed=["allowedDomains"])
    did(f"{at}/security/guard", "project.changed", {"proof": "always"}, changed=["proof"])
    kept = {"retention_days": "365"}
    did(f"{at}/settings/retention", "project.changed", kept, changed=["retentionDays"])
    look = {"position": "top-left", "theme": "dark", "color": "#123456"}
    changed = did(f"{at}/widget", "project.changed", look).details["changed"]
    assert {"widget.position", "widget.theme", "widget.color"} <= set(changed)
    typed = {"slug": account.slug}
    did(f"{at}/delete", "project.deleted", typed, name="Renamed", slug=account.slug, **project)


def test_what_is_done_to_keys_and_secrets_on_pages(house: House) -> None:
    doing = Doing(house)
    at, did, account = doing.at, doing.did, doing.bob.account
    project = {"projectId": account.project_id}

    did(f"{at}/security/identity", "secret.made", {}, secret="identity", **project)
    doing.nothing(f"{at}/security/identity", {})
    did(f"{at}/security/identity", "secret.rotated", {"anew": "1"}, **project)
    old = {"replaces": account.key[-4:], "overlapS": 3_600}
    did(f"{at}/api/key", "key.issued", {"overlap": "1h"}, **old, **project)
    did(f"{at}/api/revoke", "key.revoked", {}, **project)
    doing.nothing(f"{at}/api/revoke", {})
    assert_nothing_of_visitors(house, account.id)


def test_what_is_done_to_those_who_are_told(house: House) -> None:
    bob = owner(house)
    watch = Watch(house, bob.account.id)
    add = {"address": "https://shop.example/slack-secret", "created": "on"}
    ok(bob.submit("/settings/webhooks", "/usage", **add))
    hook = watch.one("target.added", kind="WEBHOOK", host="shop.example").details["targetId"]
    at = f"/settings/webhooks/{hook}"
    for path, action, fields in (
        (at, "target.changed", {**add, "updated": "on"}),
        (f"{at}/secret", "secret.rotated", {}),
        (f"{at}/disable", "target.disabled", {}),
        (f"{at}/enable", "target.enabled", {}),
        (f"{at}/delete", "target.removed", {}),
    ):
        ok(bob.submit(path, "/usage", **fields))
        entry = watch.one(action, targetId=hook)
        assert entry.user_id == user_id(house, bob.email)
    mail = {"kind": "EMAIL", "address": "zyqvarn@example.test", "created": "on"}
    ok(bob.submit("/settings/notifications", "/usage", **mail, schedule="INSTANT", hour="9"))
    watch.one("target.added", kind="EMAIL")
    assert_nothing_of_visitors(house, bob.account.id)


def test_what_is_done_to_feedback_on_pages(house: House) -> None:
    bob = owner(house)
    items = [bob.account.say(WORDS, context=VISITOR)["id"] for _ in range(3)]
    watch = Watch(house, bob.account.id)

    done = act(bob, "DELETE", *items[:2])
    watch.one("feedback.deleted", items=2)
    undo(bob, done)
    watch.one("feedback.restored", items=2)
    act(bob, "DELETE", all="1", query="", items="")
    watch.one("feedback.deleted", items=3)
    ok(bob.get("/inbox/export.csv?search=plimthodo&status=NEW&shelf=LIVE"))
    watch.one("feedback.exported", format="csv", filters=["search", "status"])
    ok(bob.client.head("/inbox/export.csv"))
    assert watch.new() == []  # a HEAD takes nothing away
    ok(bob.get("/settings/data/archive.zip"))
    watch.one("archive.exported")
    ok(bob.submit("/settings/data/people/export", "/usage", who=VISITOR["email"]))
    watch.one("person.exported", items=3)
    assert_nothing_of_visitors(house, bob.account.id)


def test_who_comes_in_and_who_does_not(house: House) -> None:
    bob = owner(house)
    who = user_id(house, bob.email)
    watch = Watch(house, bob.account.id)
    with visiting(house) as visitor:
        ok(visitor.sign_in(bob.email))
        assert watch.one("session.begun").user_id == who
        ok(visitor.submit("/logout"))
        assert watch.one("session.ended", sessions=1).user_id == who
        assert visitor.sign_in(bob.email, "wrong, of course").status_code == 422
        assert visitor.sign_in("nobody@example.test", "wrong").status_code == 422
        until(lambda: last(house, bob.account.id).action == "session.refused", "the entry")
        refused = watch.one("session.refused", userId=who)
        assert (refused.way, refused.user_id) == ("PAGE", "")
    other = Member(house, bob.account, bob.email)
    ok(bob.submit("/settings/sessions/end-others", "/usage"))
    watch.one("session.ended", sessions=1)
    assert other.get("/usage").status_code == 303
    changed = {"email": f"new-{bob.email}", "current_password": PASSWORD}
    ok(bob.submit("/settings/email", "/usage", **changed))
    assert watch.one("email.changed").details == {}
    again = {"password": NEW_PASSWORD, "current_password": PASSWORD}
    ok(bob.submit("/settings/password", "/usage", **again))
    watch.one("password.changed", sessionsEnded=0)
    reset_password(house, f"new-{bob.email}")
    assert [each.action for each in watch.new()] == ["password.reset", "session.begun"]


def reset_password(house: House, email: str) -> None:
    with visiting(house) as visitor:
        ok(visitor.submit("/forgot", email=email))
        link = link_for(house, email)
        token = link.partition("token=")[2]
        ok(visitor.submit("/reset", link, token=token, password=PASSWORD))


def test_a_plan_and_a_member(house: House) -> None:
    bob = owner(house)
    house.change("UPDATE users SET is_administrator = 1 WHERE email = :email", email=bob.email)
    watch = Watch(house, bob.account.id)

    ok(bob.submit("/settings/billing", "/usage", plan="STARTER"))
    watch.one("plan.changed", plan="STARTER", projectsPaused=0)
    member = member_of(house, bob.account, Role.VIEWER)

    watch.one("member.added", userId=user_id(house, member.email), role="VIEWER")
    assert [each.action for each in log_of(house, bob.account.id)][:3] == [
        *("account.created", "project.created", "key.issued"),
    ]


def test_what_a_key_does_is_told_by_its_project(house: House, bob: Account) -> None:
    watch, own = Watch(house, bob.id), f"/api/projects/{bob.project_id}"
    item = bob.say(WORDS, context=VISITOR)["id"]

    def did(answer: Any, action: str, **details: Any) -> Any:
        ok(answer)
        entry = watch.one(action, **details)
        assert (entry.way, entry.user_id, entry.project_id) == ("API", "", bob.project_id)
        return answer.json()["data"] if action.startswith("target.") else None

    did(bob.post("/api/projects", json={"name": "Second"}), "project.created", name="Second")
    did(bob.put(own, json={"name": "Renamed"}), "project.changed", changed=["name"])
    limit = {"visitorLimit": 7}
    did(bob.put(f"{own}/settings", json=limit), "project.changed", changed=["visitorLimit"])
    did(bob.delete(f"/api/feedback/{item}"), "feedback.deleted", feedbackId=item, items=1)
    did(bob.get("/api/exports/feedback.jsonl?search=plimthodo"), "feedback.exported")
    did(bob.get("/api/exports/archive.zip"), "archive.exported")
    made = {"url": "https://shop.example/slack-secret", "events": ["feedback.created"]}
    hook = did(bob.post("/api/webhooks", json=made), "target.added", host="shop.example")["id"]
    path = f"/api/webhooks/{hook}"
    did(bob.put(path, json={"status": "DISABLED"}), "target.changed", changed=["status"])
    did(bob.post(f"{path}/secret"), "secret.rotated", targetId=hook)
    did(bob.delete(path), "target.removed")
    answer = bob.post(f"{own}/api-key", json={"overlapSeconds": 60})
    did(answer, "key.issued", key=answer.json()["data"]["apiKey"][-4:])
    assert_nothing_of_visitors(house, bob.id)


def test_taking_feedback_in_and_reading_it_are_not_recorded(house: House, bob: Account) -> None:
    watch = Watch(house, bob.id)

    item = bob.say()["id"]
    for path in ("/api/feedback", f"/api/feedback/{item}", "/api/projects", "/api/audit-log"):
        ok(bob.get(path))
    ok(bob.put(f"/api/feedback/{item}", json={"status": "RESOLVED"}))

    assert watch.new() == []


def test_what_is_refused_is_not_recorded(house: House, bob: Account) -> None:
    watch = Watch(house, bob.id)

    assert bob.put(f"/api/projects/{bob.project_id}", json={"slug": "api"}).status_code == 400
    assert bob.delete("/api/projects/proj_000000000000000000000000").status_code == 404
    assert bob.post("/api/webhooks", json={"url": "http://127.0.0.1/"}).status_code == 400

    assert watch.new() == []


def test_what_commands_do(house: House, tmp_path: Path) -> None:
    made = json.loads(
        house.run(
            *("account", "create", "--email", f"{tmp_path.name}@example.test"),
            *("--password", PASSWORD, "--plan", "PRO", "--json"),
        ).stdout
    )
    account_id, project_id = made["account"]["id"], made["project"]["id"]
    table = tmp_path / "table.csv"
    table.write_text(f"message\n{WORDS}\n")
    commands = [
        ("account", "set-plan", "--account", account_id, "--plan", "STARTER"),
        ("key", "create", "--project", project_id),
        ("import", str(table), "--account", account_id),
        ("export", "feedback", "--account", account_id, "--output", "-", "--search", "plimthodo"),
        ("audit", "export", "--account", account_id),
    ]
    for command in commands:
        done = house.run(*command)
        assert done.returncode == 0, done.stderr

    entries = log_of(house, account_id)
    assert [each.action for each in entries] == [
        *("account.created", "project.created", "key.issued", "plan.changed", "key.issued"),
        *("import.started", "import.finished", "feedback.exported", "log.exported"),
    ]
    assert {(each.way, each.user_id) for each in entries} == {("CLI", "")}
    assert entries[6].details["imported"]["feedback"] == 1
    assert entries[7].details == {"format": "csv", "filters": ["search"]}
    assert_nothing_of_visitors(house, account_id)


def test_a_nights_spam_is_one_entry(house: House, bob: Account) -> None:
    for _ in range(3):
        bob.say(WORDS, context=VISITOR)
    sql = "SELECT position FROM feedback WHERE account_id = :id"
    positions = [each for (each,) in house.rows(sql, id=bob.id)]
    move = "UPDATE feedback SET shelf = 'SPAM' WHERE account_id = :id"
    house.change(move, id=bob.id)
    add = (
        "INSERT INTO suspicions (account_id, position, project_id, reason, since)"
        " VALUES (:account_id, :position, :project_id, 'LINKS', 1)"
    )
    for each in positions:
        house.change(add, account_id=bob.id, position=each, project_id=bob.project_id)
    watch = Watch(house, bob.id)

    for _ in range(3):
        house.tx(service.forget_spam, 1)
    assert watch.new() == []
    sql = "UPDATE outbox SET due_at = :now WHERE account_id = :id AND event = 'spam.purged'"
    assert house.change(sql, now=clock.now(), id=bob.id) == 1

    until(lambda: last(house, bob.id).action == "spam.purged", "the entry")
    entry = watch.one("spam.purged", items=3)
    assert (entry.way, entry.user_id) == ("SYSTEM", "")


def test_the_file_of_the_log_is_recorded_in_it(house: House) -> None:
    bob = owner(house)
    ok(bob.submit("/projects/new", "/usage", name='=cmd|" /C calc"!A0'))

    answer = ok(bob.get("/settings/audit-log.csv?group=projects"))

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["action"] for row in rows] == ["project.created", "key.issued", "project.created"]
    assert [row["person"] for row in rows] == [bob.email, "", ""]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    entry = last(house, bob.account.id)
    assert (entry.action, entry.details) == (
        "log.exported",
        {"format": "csv", "filters": ["group"]},
    )


def test_an_import_by_page_is_recorded_at_both_ends(house: House) -> None:
    bob = owner(house)
    watch = Watch(house, bob.account.id)
    path = uploaded_import(bob)

    ok(bob.submit(f"{path}/start", "/usage"))
    until(lambda: last(house, bob.account.id).action == "import.finished", "the import")

    started, finished = watch.new()
    assert (started.action, started.user_id) == ("import.started", user_id(house, bob.email))
    assert (finished.way, finished.details["imported"]["feedback"]) == ("SYSTEM", 2)


def uploaded_import(bob: Member) -> str:
    """A table that was uploaded and checked; returns the path of its page."""
    path = upload(bob, "table.csv", f"message\n{WORDS}\n{WORDS} too\n".encode())
    check(bob, path)
    return path
