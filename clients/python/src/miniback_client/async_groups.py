"""The calls of the asynchronous client, by what they are about."""

from miniback_client.async_carrier import Does, Group, Walks
from miniback_client.calls import (
    account,
    door,
    exports,
    feedback,
    projects,
    service,
    team,
    webhooks,
)


class AsyncFeedback(Group):
    """Feedback of the account's projects."""

    submit = Does(feedback.submit)
    page = Does(feedback.page)
    each = Walks(feedback.each)
    search_page = Does(feedback.search_page)
    search = Walks(feedback.search)
    get = Does(feedback.get)
    set_status = Does(feedback.set_status)
    delete = Does(feedback.delete)
    tags = Does(team.tags)
    set_tags = Does(team.set_tags)
    assignee = Does(team.assignee)
    set_assignee = Does(team.set_assignee)
    notes = Does(team.notes)
    add_note = Does(team.add_note)
    delete_note = Does(team.delete_note)
    attachments = Does(team.attachments)
    attachment = Does(team.attachment)


class AsyncProjects(Group):
    """Projects, their settings and their keys."""

    list = Does(projects.all_projects)
    get = Does(projects.get)
    create = Does(projects.create)
    update = Does(projects.update)
    delete = Does(projects.delete)
    settings = Does(projects.settings)
    update_settings = Does(projects.update_settings)
    api_key = Does(projects.api_key)
    rotate_api_key = Does(projects.rotate_api_key)


class AsyncTags(Group):
    """The account's tags."""

    list = Does(team.all_tags)
    rename = Does(team.rename_tag)
    delete = Does(team.delete_tag)


class AsyncWebhooks(Group):
    """Webhooks and what they were told."""

    list = Does(webhooks.all_webhooks)
    create = Does(webhooks.create)
    get = Does(webhooks.get)
    update = Does(webhooks.update)
    delete = Does(webhooks.delete)
    rotate_secret = Does(webhooks.rotate_secret)
    test = Does(webhooks.test)
    deliveries = Does(webhooks.deliveries)
    each_delivery = Walks(webhooks.each_delivery)
    redeliver = Does(webhooks.redeliver)


class AsyncAuditLog(Group):
    """What was done, and by whom."""

    page = Does(account.audit_log)
    each = Walks(account.each_entry)


class AsyncExports(Group):
    """Files of what there is."""

    csv = Does(exports.csv)
    jsonl = Does(exports.jsonl)
    xlsx = Does(exports.xlsx)
    archive = Does(exports.archive)


class AsyncDoor(Group):
    """The public door, through which visitors send without a key."""

    submit = Does(door.submit)
    challenge = Does(door.challenge)
    upload = Does(door.upload)


class AsyncServer(Group):
    """The server itself."""

    openapi = Does(service.openapi)
    health = Does(service.health)
    readiness = Does(service.readiness)
    metrics = Does(service.metrics)
