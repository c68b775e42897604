"""Which tables belong to accounts, and by which column; all others are the same for everybody.

A database that is spread over machines by account keeps each account's rows together, and the
others' whole on every machine.
"""

# Table to the column that names the account.
DISTRIBUTED: dict[str, str] = {
    "accounts": "id",
    "annotations": "account_id",
    "arrivals": "account_id",
    "attachments": "account_id",
    "attempts": "account_id",
    "audit_heads": "account_id",
    "audit_log": "account_id",
    "buckets": "account_id",
    "bulk_acts": "account_id",
    "changes": "account_id",
    "deleted_feedback": "account_id",
    "deletions": "account_id",
    "deliveries": "account_id",
    "earlier_audit_log": "account_id",
    "erasures": "account_id",
    "feedback": "account_id",
    "feedback_search": "account_id",
    "former_members": "account_id",
    "idempotency_keys": "account_id",
    "identities": "account_id",
    "import_pieces": "account_id",
    "imports": "account_id",
    "insights": "account_id",
    "listeners": "account_id",
    "members": "account_id",
    "notes": "account_id",
    "outbox": "account_id",
    "projects": "account_id",
    "repeats": "account_id",
    "rollups": "account_id",
    "sightings": "account_id",
    "solved_challenges": "account_id",
    "submitters": "account_id",
    "suspicions": "account_id",
    "tags": "account_id",
    "tallies": "account_id",
    "targets": "account_id",
    "usage": "account_id",
    "views": "account_id",
}

# What is looked up before an account is known, and what belongs to the server itself: their unique
# keys hold across all accounts.
REFERENCE: tuple[str, ...] = (
    "api_keys",
    "backups",
    "high_water",
    "migrations",
    "one_time_links",
    "secrets",
    "sessions",
    "slugs",
    "throttles",
    "users",
    "widget_files",
)
