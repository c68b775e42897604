"""Where each table lies once the database is spread over several nodes: beside its account, or
whole on every node."""

from typing import NamedTuple


class Spread(NamedTuple):
    """How a table is spread: by a column, or by '' whole on every node."""

    table: str
    column: str


# Rows of one account lie together, on one node: every statement about them is that node's alone.
# The column is the first of the primary key and part of every unique index, which is what Citus
# asks for. `accounts` stands first: the others are laid beside it.
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
    "heard": "account_id",
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
    "rollup_additions": "account_id",
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

# Looked up before it is known whose account it is, unique across accounts, or of the server itself:
# whole on every node, and written on all of them.
REFERENCE: tuple[str, ...] = (
    "api_keys",  # by the hash of a key
    "backups",
    "high_water",
    "one_time_links",  # by the hash of a token
    "secrets",
    "sessions",  # by the hash of a token
    "slugs",  # by a slug, which no two accounts have
    "throttles",
    "users",  # by an address
    "widget_files",
    # The last, so that whoever finds it spread knows that all were.
    "migrations",
)
