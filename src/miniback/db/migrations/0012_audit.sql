-- Entries are chained from here on; those of before are brought into the chain by the first that
-- follows, or by a worker where none does.
ALTER TABLE audit_log RENAME TO earlier_audit_log;

-- What was done that somebody may have to account for. Rows are added and never changed.
CREATE TABLE audit_log (
    account_id key_text NOT NULL,
    -- From 1 on, without a gap.
    number     BIGINT NOT NULL,
    -- Its time is in it.
    id         key_text NOT NULL,
    action     key_text NOT NULL,
    -- By what, by whom ('' for nobody who is known by name), and by which project's API key.
    way        key_text NOT NULL CHECK (way IN ('PAGE', 'API', 'CLI', 'SYSTEM')),
    user_id    key_text NOT NULL,
    project_id key_text NOT NULL,
    -- JSON, without anything by which a visitor could be known.
    details    TEXT NOT NULL,
    -- Of all this and the hash of the entry before.
    hash       key_text NOT NULL,
    PRIMARY KEY (account_id, number)
);

-- Where each account's log ends. Whoever adds an entry holds this row.
CREATE TABLE audit_heads (
    account_id key_text NOT NULL PRIMARY KEY,
    number     BIGINT NOT NULL,
    hash       key_text NOT NULL
);

INSERT INTO audit_heads (account_id, number, hash) SELECT id, 0, '' FROM accounts;

INSERT INTO outbox (account_id, id, event, subject, due_at)
SELECT DISTINCT account_id, 'event_000000000000000000000001', 'audit.earlier', '', 0
  FROM earlier_audit_log;
