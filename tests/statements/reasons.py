"""What a statement may do that others may not, each with its reason.

Keys are a statement's file and function, or an index.
"""

# Indexes over all accounts, which a statement uses for work on all of them, with a LIMIT.
ACROSS = {
    "attachments_that_wait": "images without an item go after a day, whoever's they are",
    "buckets_by_age": "full buckets are forgotten",
    "changes_that_end": "what tells that an item is gone is forgotten",
    "deleted_feedback_by_age": "the bin is emptied",
    "deliveries_that_ended": "the log of deliveries is cut",
    "idempotency_keys_by_age": "old keys are forgotten",
    "imports_by_state": "files that nobody goes on with are forgotten",
    "outbox_by_event": "a worker takes up what is due",
    "projects_that_forget": "a worker begins what a project's own rules ask for",
    "repeats_by_age": "texts of before are forgotten",
    "solved_challenges_by_age": "challenges that have run out are forgotten",
    "suspicions_by_age": "what was taken for spam goes after 30 days",
    "targets_by_due": "a worker takes up who is to be told",
}

# Indexes without the account, which lead to the few rows that a key names.
NAMED = {
    "heard_by_age": "by what is to be told itself, whose account stands beside it",
    "members_by_user": "whoever signs in is looked up before their account is known",
    "deleted_feedback_by_position": "in SQLite a position is one account's alone",
}

# Who may use whatever index there is, since nearly any row will do for it where there are many.
ANYHOW = {
    "feedback/attachment_store.py count_waiting": "where nearly all images that wait are its own",
    "outbox.py is_any_due": "where nearly all events are due, the first of any index is one",
}

# Who reads a table as a whole.
SCANS = {
    "accounts/store.py has_users": "its first row, if there is one",
    "accounts/store.py insert_user": "its first row, if there is one",
    "backups/mark.py _number": "a table of one row",
    "backups/mark.py _rise": "a table of one row",
    "backups/newest.py newest": "a backup or a restore reads the whole database anyway",
    "backups/store.py claim": "some hundred backups are kept in mind",
    "backups/store.py end": "some hundred backups are kept in mind",
    "backups/store.py is_due": "some hundred backups are kept in mind, read from the newest",
    "backups/store.py last": "some hundred backups are kept in mind, read from the newest",
    "backups/store.py recent": "some hundred backups are kept in mind, read from the newest",
    "db/migrate.py seen_migrations": "some dozen migrations",
    "db/migrate.py touch": "some dozen migrations",
    "doctor/database.py _clock": "a command of the operator's; SQLite looks at the last row alone",
    "feedback/rollup_store.py has_additions": "its first row, if there is one",
    "feedback/rollup_store.py take_additions": "the first so many, whoever's they are",
    "heard.py is_any": "its first row, if there is one",
    "heard.py oldest": "its first row, if there is one",
}

# Who sorts, or groups by sorting, what no index has in order: all of these are few.
SORTS = {
    "accounts/store.py find_credentials": "the accounts of one person",
    "accounts/store.py find_credentials_of": "the accounts of one person",
    "accounts/store.py find_owned": "the accounts of one person",
    "accounts/store.py people": "the members of one account",
    "feedback/figures.py counts_by_project": "the tallies of an account, 18 a project at the most",
    "feedback/rollup_store.py by_hour": "as many quarters of an hour as were asked for",
    "feedback/rollup_store.py told": "what was told in the time that was asked for",
    "feedback/store.py tallied": "the tallies of an account, 18 a project at the most",
    "feedback/submitter_store.py counts": "items of one submitter, counted up to a limit",
    "notifications/delivery_store.py attempts_of": "the attempts of one page of deliveries",
    "projects/slug_store.py of_projects": "the slugs of one page of projects",
    "widget/sightings.py latest": "50 sites a project at the most",
}

# Who does more for a large account than for a page.
LONG = {
    "audit/store.py page": "a selection walks back through the account's log, which people fill",
    "audit/store.py take_earlier": "once, after the update that began the chain",
    "feedback/change_store.py forget_ends": "items that were brought back lie in its way",
    "feedback/figures.py arrivals": "called with the last days alone",
    "feedback/figures.py counts_by_project": "the tallies of an account, 18 a project at the most",
    "feedback/listing.py count": "only tallies know without counting, and they know no dates",
    "feedback/recounting.py _items": "called with so few quarters as hold a portion",
    "feedback/recounting.py _size": "called with the quarters of a day at the most",
    "feedback/rollup_store.py additions_of": "what came within about the last second",
    "feedback/rollup_store.py arrivals_of": "called with the quarters of a day at the most",
    "feedback/rollup_store.py by_hour": "as many quarters of an hour as were asked for",
    "feedback/rollup_store.py rollups_of": "called with the quarters of a day at the most",
    "feedback/rollup_store.py told": "what was told in the time that was asked for",
    "feedback/rollup_store.py take_additions_of": "what came within about the last second",
    "feedback/submitter_store.py counts": "items of one submitter, counted up to a limit",
    "heard.py withdraw": "what has not been told within the second since it happened",
    "notifications/delivery_store.py drop_waiting": "all that waits for one address goes at once",
    "outbox.py withdraw": "erasures that an account has begun and not ended",
    "outbox.py replace": "all that waits of a kind goes; of these kinds that is one",
}

# Who does more where others have much: those that are for the whole server.
WHOLE = {
    "accounts/session_store.py delete_old": "PostgreSQL gathers all that have run out first",
    "backups/newest.py newest": "a backup or a restore reads the whole database anyway",
    "doctor/database.py _clock": "a command of the operator's; SQLite looks at the last row alone",
    "feedback/change_store.py forget_ends": "items that were brought back lie in its way",
}

# Where SQL stands that is not held against a plan here.
ELSEWHERE = {
    "db/copies.py": "counts the rows of a backup",
    "db/sqlite_copies.py": "checks a backup",
    "db/postgres.py": "settings and locks of a connection",
    "db/postgres_shards.py": "spreads tables over nodes, tests/db/test_shards.py",
    "db/postgres_search.py": "has tests of its own, tests/db/test_search.py",
    "db/shards.py": "spreads tables over nodes, tests/db/test_shards.py",
    "db/sqlite_search.py": "has tests of its own, tests/db/test_search.py",
}
