-- What somebody is told of, until a worker makes deliveries of it; what came together is one row. Who
-- sends feedback waits while it is written, so it does not stand in the outbox, which has more indexes.
CREATE TABLE heard (
    account_id key_text NOT NULL,
    -- In time, as those of feedback are.
    position   BIGINT NOT NULL,
    event      key_text NOT NULL,
    -- Items, or changes of their status; a space is between them.
    subjects   TEXT NOT NULL,
    PRIMARY KEY (account_id, position)
);
-- Since when the oldest waits.
CREATE INDEX heard_by_age ON heard (position);
INSERT INTO heard (account_id, position, event, subjects)
SELECT account_id, (due_at * 1000 << 11) + row_number() OVER (ORDER BY id), event, subject FROM outbox
 WHERE event IN ('feedback.created', 'feedback.updated');
DELETE FROM outbox WHERE event IN ('feedback.created', 'feedback.updated');
