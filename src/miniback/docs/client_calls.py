"""Each call in the words of the clients and of the command line; $names are those of the path."""

IN_PYTHON = {
    "listProjects": "client.projects.list()",
    "createProject": 'client.projects.create("New Project", slug="new-project")',
    "getProject": "client.projects.get($projectId)",
    "updateProject": 'client.projects.update($projectId, name="Updated Project Name")',
    "deleteProject": "client.projects.delete($projectId)",
    "getProjectSettings": "client.projects.settings($projectId)",
    "updateProjectSettings": (
        'client.projects.update_settings($projectId, allowed_domains=["example.com"])'
    ),
    "getApiKey": "client.projects.api_key($projectId)",
    "createApiKey": "client.projects.rotate_api_key($projectId, overlap_seconds=3600)",
    "listProjectFeedback": 'client.feedback.page($projectId, status="NEW", limit=10)',
    "createFeedback": 'client.feedback.submit($projectId, "Bug found on checkout page")',
    "listFeedback": 'client.feedback.search_page(status="NEW", search="checkout", page_size=20)',
    "getFeedback": "client.feedback.get($feedbackId)",
    "updateFeedback": 'client.feedback.set_status($feedbackId, "REVIEWED")',
    "deleteFeedback": "client.feedback.delete($feedbackId)",
    "getFeedbackTags": "client.feedback.tags($feedbackId)",
    "setFeedbackTags": 'client.feedback.set_tags($feedbackId, ["bug", "checkout"])',
    "getFeedbackAssignee": "client.feedback.assignee($feedbackId)",
    "setFeedbackAssignee": 'client.feedback.set_assignee($feedbackId, "ada@example.com")',
    "listFeedbackNotes": "client.feedback.notes($feedbackId)",
    "addFeedbackNote": 'client.feedback.add_note($feedbackId, "Look into it")',
    "deleteFeedbackNote": "client.feedback.delete_note($feedbackId, $noteId)",
    "listFeedbackAttachments": "client.feedback.attachments($feedbackId)",
    "getFeedbackAttachment": "client.feedback.attachment($feedbackId, $attachmentId)",
    "listTags": "client.tags.list()",
    "renameTag": 'client.tags.rename($tagId, "fault")',
    "deleteTag": "client.tags.delete($tagId)",
    "listWebhooks": "client.webhooks.list()",
    "createWebhook": (
        'client.webhooks.create("https://example.com/hooks/miniback", ["feedback.created"])'
    ),
    "getWebhook": "client.webhooks.get($webhookId)",
    "updateWebhook": 'client.webhooks.update($webhookId, events=["feedback.updated"])',
    "deleteWebhook": "client.webhooks.delete($webhookId)",
    "rotateWebhookSecret": "client.webhooks.rotate_secret($webhookId)",
    "testWebhook": "client.webhooks.test($webhookId)",
    "listDeliveries": "client.webhooks.deliveries($webhookId, limit=20)",
    "redeliver": "client.webhooks.redeliver($webhookId, $deliveryId)",
    "exportFeedbackCsv": 'client.exports.csv("feedback.csv", status="NEW", bom=True)',
    "exportFeedbackJsonLines": 'client.exports.jsonl("feedback.jsonl", status="NEW")',
    "exportFeedbackWorkbook": 'client.exports.xlsx("feedback.xlsx", status="NEW")',
    "exportArchive": 'client.exports.archive("archive.zip")',
    "submitFeedback": 'client.door.submit("my-website", "Bug found on checkout page")',
    "getChallenge": "client.door.challenge($slug)",
    "uploadAttachment": (
        'client.door.upload($slug, Path("screenshot.png").read_bytes(), "image/png")'
    ),
    "getUsage": "client.usage()",
    "getAnalytics": 'client.analytics(range="90d", time_zone="Europe/Paris")',
    "listAuditLog": 'client.audit_log.page(action="key", limit=20)',
    "getOpenapi": "client.server.openapi()",
    "getHealth": "client.server.health()",
    "getReadiness": "client.server.readiness()",
    "getMetrics": 'client.server.metrics(os.environ["MINIBACK_METRICS_TOKEN"])',
}
IN_JAVASCRIPT = {
    "listProjects": "client.projects.list()",
    "createProject": 'client.projects.create("New Project", { slug: "new-project" })',
    "getProject": "client.projects.get($projectId)",
    "updateProject": 'client.projects.update($projectId, { name: "Updated Project Name" })',
    "deleteProject": "client.projects.delete($projectId)",
    "getProjectSettings": "client.projects.settings($projectId)",
    "updateProjectSettings": (
        'client.projects.updateSettings($projectId, { allowedDomains: ["example.com"] })'
    ),
    "getApiKey": "client.projects.apiKey($projectId)",
    "createApiKey": "client.projects.rotateApiKey($projectId, { overlapSeconds: 3600 })",
    "listProjectFeedback": 'client.feedback.page($projectId, { status: "NEW", limit: 10 })',
    "createFeedback": 'client.feedback.submit($projectId, "Bug found on checkout page")',
    "listFeedback": (
        'client.feedback.searchPage({ status: "NEW", search: "checkout", pageSize: 20 })'
    ),
    "getFeedback": "client.feedback.get($feedbackId)",
    "updateFeedback": 'client.feedback.setStatus($feedbackId, "REVIEWED")',
    "deleteFeedback": "client.feedback.delete($feedbackId)",
    "getFeedbackTags": "client.feedback.tags($feedbackId)",
    "setFeedbackTags": 'client.feedback.setTags($feedbackId, ["bug", "checkout"])',
    "getFeedbackAssignee": "client.feedback.assignee($feedbackId)",
    "setFeedbackAssignee": 'client.feedback.setAssignee($feedbackId, "ada@example.com")',
    "listFeedbackNotes": "client.feedback.notes($feedbackId)",
    "addFeedbackNote": 'client.feedback.addNote($feedbackId, "Look into it")',
    "deleteFeedbackNote": "client.feedback.deleteNote($feedbackId, $noteId)",
    "listFeedbackAttachments": "client.feedback.attachments($feedbackId)",
    "getFeedbackAttachment": "client.feedback.attachment($feedbackId, $attachmentId)",
    "listTags": "client.tags.list()",
    "renameTag": 'client.tags.rename($tagId, "fault")',
    "deleteTag": "client.tags.delete($tagId)",
    "listWebhooks": "client.webhooks.list()",
    "createWebhook": (
        'client.webhooks.create("https://example.com/hooks/miniback", ["feedback.created"])'
    ),
    "getWebhook": "client.webhooks.get($webhookId)",
    "updateWebhook": 'client.webhooks.update($webhookId, { events: ["feedback.updated"] })',
    "deleteWebhook": "client.webhooks.delete($webhookId)",
    "rotateWebhookSecret": "client.webhooks.rotateSecret($webhookId)",
    "testWebhook": "client.webhooks.test($webhookId)",
    "listDeliveries": "client.webhooks.deliveries($webhookId, { limit: 20 })",
    "redeliver": "client.webhooks.redeliver($webhookId, $deliveryId)",
    "exportFeedbackCsv": (
        'await writeFile("feedback.csv", await client.exports.csv({ status: "NEW", bom: true }))'
    ),
    "exportFeedbackJsonLines": (
        'await writeFile("feedback.jsonl", await client.exports.jsonl({ status: "NEW" }))'
    ),
    "exportFeedbackWorkbook": (
        'await writeFile("feedback.xlsx", await client.exports.xlsx({ status: "NEW" }))'
    ),
    "exportArchive": 'await writeFile("archive.zip", await client.exports.archive())',
    "submitFeedback": 'client.door.submit("my-website", "Bug found on checkout page")',
    "getChallenge": "client.door.challenge($slug)",
    "uploadAttachment": (
        'client.door.upload($slug, await readFile("screenshot.png"), "image/png")'
    ),
    "getUsage": "client.usage()",
    "getAnalytics": 'client.analytics({ range: "90d", timeZone: "Europe/Paris" })',
    "listAuditLog": 'client.auditLog.page({ action: "key", limit: 20 })',
    "getOpenapi": "client.server.openapi()",
    "getHealth": "client.server.health()",
    "getReadiness": "client.server.readiness()",
    "getMetrics": "client.server.metrics(process.env.MINIBACK_METRICS_TOKEN)",
}
COMMANDS: dict[str, str] = {}
