"""Every call of the description has a method in each client, and works."""

import json
from pathlib import Path
from zipfile import is_zipfile

import pytest

from tests.clients.conftest import METRICS_TOKEN
from tests.clients.speakers import Refused, Speaker
from tests.described import SPEC
from tests.house import Account
from tests.notifications.receivers import receiving

DATABASES = ("sqlite",)
# What browsers ask by themselves.
FOR_BROWSERS = {"preflightFeedback", "preflightAttachment"}
METHODS = {
    "listProjects": "projects.list",
    "createProject": "projects.create",
    "getProject": "projects.get",
    "updateProject": "projects.update",
    "deleteProject": "projects.delete",
    "getProjectSettings": "projects.settings",
    "updateProjectSettings": "projects.update_settings",
    "getApiKey": "projects.api_key",
    "createApiKey": "projects.rotate_api_key",
    "listProjectFeedback": "feedback.page",
    "createFeedback": "feedback.submit",
    "listFeedback": "feedback.search_page",
    "submitFeedback": "door.submit",
    "getChallenge": "door.challenge",
    "uploadAttachment": "door.upload",
    "getFeedback": "feedback.get",
    "updateFeedback": "feedback.set_status",
    "deleteFeedback": "feedback.delete",
    "getFeedbackTags": "feedback.tags",
    "setFeedbackTags": "feedback.set_tags",
    "getFeedbackAssignee": "feedback.assignee",
    "setFeedbackAssignee": "feedback.set_assignee",
    "listFeedbackNotes": "feedback.notes",
    "addFeedbackNote": "feedback.add_note",
    "deleteFeedbackNote": "feedback.delete_note",
    "listFeedbackAttachments": "feedback.attachments",
    "getFeedbackAttachment": "feedback.attachment",
    "listTags": "tags.list",
    "renameTag": "tags.rename",
    "deleteTag": "tags.delete",
    "listWebhooks": "webhooks.list",
    "createWebhook": "webhooks.create",
    "getWebhook": "webhooks.get",
    "updateWebhook": "webhooks.update",
    "deleteWebhook": "webhooks.delete",
    "rotateWebhookSecret": "webhooks.rotate_secret",
    "testWebhook": "webhooks.test",
    "listDeliveries": "webhooks.deliveries",
    "redeliver": "webhooks.redeliver",
    "getAnalytics": "analytics",
    "listAuditLog": "audit_log.page",
    "exportFeedbackCsv": "exports.csv",
    "exportFeedbackJsonLines": "exports.jsonl",
    "exportFeedbackWorkbook": "exports.xlsx",
    "exportArchive": "exports.archive",
    "getUsage": "usage",
    "getOpenapi": "server.openapi",
    "getHealth": "server.health",
    "getReadiness": "server.readiness",
    "getMetrics": "server.metrics",
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_each_call_of_the_description_has_a_method() -> None:
    calls = [
        each
        for path in SPEC["paths"].values()
        for name, each in path.items()
        if name != "parameters"
    ]

    assert {each["operationId"] for each in calls} - FOR_BROWSERS == METHODS.keys()


def test_each_method_is_called_by_these_tests() -> None:
    here = Path(__file__).read_text()

    assert [name for name in METHODS.values() if here.count(f'"{name}"') < 2] == []


def test_feedback_is_sent_found_and_worked_through(client: Speaker, bob: Account) -> None:
    sent = client.call("feedback.submit", bob.project_id, "Wörds", context={"url": "/a"})
    page = client.call("feedback.page", bob.project_id, limit=1)
    found = client.call("feedback.search_page", search="wörds", status="NEW", page_size=5)
    item = client.call("feedback.set_status", sent["id"], "RESOLVED")

    assert page["items"] == [sent]
    assert (page["total"], page["hasMore"]) == (1, False)
    assert [each["id"] for each in found["items"]] == [sent["id"]]
    assert item == client.call("feedback.get", sent["id"])
    assert item["status"] == "RESOLVED"
    assert item["context"] == {"url": "/a"}
    assert item["project"]["id"] == bob.project_id
    client.call("feedback.delete", sent["id"])
    assert client.call("feedback.page", bob.project_id)["items"] == []


def test_what_the_team_adds(client: Speaker, bob: Account) -> None:
    item_id = bob.say()["id"]
    assert client.call("feedback.set_tags", item_id, ["bug", "ui"]) == ["bug", "ui"]
    (bug, ui) = client.call("tags.list")
    assert client.call("tags.rename", bug["id"], "fault") == {"id": bug["id"], "name": "fault"}
    client.call("tags.delete", ui["id"])
    assert client.call("feedback.tags", item_id) == ["fault"]
    assert client.call("feedback.set_assignee", item_id, bob.email)["email"] == bob.email
    assert client.call("feedback.assignee", item_id)["email"] == bob.email
    assert client.call("feedback.set_assignee", item_id, None) is None
    note = client.call("feedback.add_note", item_id, "Look into it")
    assert note["author"] is None
    assert client.call("feedback.notes", item_id) == [note]
    client.call("feedback.delete_note", item_id, note["id"])
    assert client.call("feedback.notes", item_id) == []


def test_projects(client: Speaker, bob: Account) -> None:
    made = client.call("projects.create", "Another", slug=f"another-{bob.slug}")
    project_id = made["id"]
    changed = client.call("projects.update", project_id, name="Renamed", status="PAUSED")
    assert client.call("projects.get", project_id) == changed
    settings = client.call(
        "projects.update_settings",
        project_id,
        widget={"label": "Say it"},
        retention_days=30,
        allowed_domains=["example.com"],
    )

    assert (changed["name"], changed["slug"]) == ("Renamed", made["slug"])
    assert settings["widget"]["label"] == "Say it"
    assert settings["allowedDomains"] == ["example.com"]
    settings = client.call("projects.update_settings", project_id, retention_days=None)
    assert settings["retentionDays"] is None
    assert client.call("projects.settings", project_id) == settings
    assert client.call("projects.api_key", project_id)["maskedKey"] is None
    key = client.call("projects.rotate_api_key", project_id, overlap_seconds=60)
    assert key["apiKey"].startswith("mbk_")
    assert client.call("projects.api_key", project_id)["maskedKey"] == key["maskedKey"]
    client.call("projects.delete", project_id)
    assert [each["id"] for each in client.call("projects.list")] == [bob.project_id]


def test_webhooks(client: Speaker) -> None:
    with receiving() as receiver:
        made = client.call("webhooks.create", receiver.url, ["feedback.created"])
        hook_id = made["id"]
        changed = client.call("webhooks.update", hook_id, events=["feedback.updated"])
        sent = client.call("webhooks.test", hook_id)
        (delivery,) = client.call("webhooks.deliveries", hook_id, limit=5)
        again = client.call("webhooks.redeliver", hook_id, sent["id"])
        walked = list(client.walk("webhooks.each_delivery", hook_id))
        rotated = client.call("webhooks.rotate_secret", hook_id)
        listed = client.call("webhooks.list")
        client.call("webhooks.delete", hook_id)

    assert made["secret"].startswith("whsec_")
    assert rotated["secret"] not in ("", made["secret"])
    assert changed["events"] == ["feedback.updated"]
    assert [each["id"] for each in listed] == [hook_id]
    assert delivery["id"] == again["id"] == sent["id"]
    assert [each["id"] for each in walked] == [sent["id"]]
    with pytest.raises(Refused, match="NotFound"):
        client.call("webhooks.get", hook_id)


def test_numbers(client: Speaker, bob: Account) -> None:
    bob.say(context={"url": "https://example.com/a", "language": "de"})
    numbers = client.call("analytics", range="7d", time_zone="Europe/Paris", compare=False)
    usage = client.call("usage")

    assert numbers["range"]["timeZone"] == "Europe/Paris"
    assert len(numbers["days"]) == 7
    assert numbers["before"] is None
    assert usage["plan"] == "PRO"
    assert usage["apiCalls"]["limit"] is None
    assert usage["feedback"]["used"] == 1


def test_the_audit_log(client: Speaker, bob: Account) -> None:
    for number in range(3):
        client.call("projects.update", bob.project_id, name=f"Name {number}")
    newest, *_ = client.call(
        "audit_log.page", action="project.changed", since="2020-01-01", limit=2
    )
    walked = list(client.walk("audit_log.each", action="project.changed"))

    assert newest["by"]["way"] == "API"
    assert walked[0] == newest
    assert len(walked) == 3


def test_exports(client: Speaker, bob: Account, tmp_path: Path) -> None:
    item = bob.say("Wörds, and more")
    files = {name: tmp_path / name for name in ("a.csv", "a.jsonl", "a.xlsx", "a.zip")}
    client.save("exports.csv", files["a.csv"], bom=True, project=bob.project_id)
    client.save("exports.jsonl", files["a.jsonl"], status="NEW")
    client.save("exports.xlsx", files["a.xlsx"])
    client.save("exports.archive", files["a.zip"])

    assert "Wörds, and more" in files["a.csv"].read_text("utf-8-sig")
    assert files["a.csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert json.loads(files["a.jsonl"].read_text())["id"] == item["id"]
    assert is_zipfile(files["a.xlsx"])
    assert is_zipfile(files["a.zip"])
    assert sorted(tmp_path.iterdir()) == sorted(files.values())


def test_the_public_door(client: Speaker, bob: Account) -> None:
    image = client.call("door.upload", bob.slug, PNG, "image/png")
    sent = client.call("door.submit", bob.slug, "From a visitor", attachments=[image])
    (attachment,) = client.call("feedback.attachments", sent["id"])

    assert attachment["contentType"] == "image/png"
    got = client.call("feedback.attachment", sent["id"], attachment["id"])
    assert (got["contentType"], got["content"]) == ("image/png", PNG)
    assert "signature" in client.call("door.challenge", bob.slug)
    client.call("projects.update_settings", bob.project_id, allowed_domains=["example.com"])
    with pytest.raises(Refused, match="Forbidden"):
        client.call("door.submit", bob.slug, "From elsewhere")
    client.call("door.submit", bob.slug, "From the site", origin="https://example.com")


def test_the_server(client: Speaker) -> None:
    assert client.call("server.health") == "ok"
    assert client.call("server.readiness")["status"] == "ready"
    assert "paths" in client.call("server.openapi")
    assert "miniback_" in client.call("server.metrics", METRICS_TOKEN)
