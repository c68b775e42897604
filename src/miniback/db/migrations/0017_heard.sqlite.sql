-- What somebody is told of, until a worker makes deliveries of it; what came together is one row. Who
-- sends feedback waits while it is written, so it does not stand in the outbox, which has more indexes.
CREATE TABLE heard (
    -- In time, as those of feedback are.
    position   INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    event      TEXT NOT NULL,
    -- Items, or changes of their status; a space is between them.
    subjects   TEXT NOT NULL
);
CREATE INDEX heard_by_account ON heard (account_id, position);
INSERT INTO heard (position, account_id, event, subjects)
SELECT (due_at * 1000 << 11) + row_number() OVER (ORDER BY id), account_id, event, subject FROM outbox
 WHERE event IN ('feedback.created', 'feedback.updated');
DELETE FROM outbox WHERE event IN ('feedback.created', 'feedback.updated');
