-- The position is 63 bits of the id: it sorts as the id does (ADR 0003).
CREATE TABLE feedback (
    account_id key_text NOT NULL,
    position   BIGINT NOT NULL,
    id         key_text NOT NULL,
    project_id key_text NOT NULL,
    shelf      key_text NOT NULL CHECK (shelf IN ('LIVE', 'HELD', 'SPAM')),
    status     key_text NOT NULL CHECK (status IN ('NEW', 'REVIEWED', 'RESOLVED')),
    source     key_text NOT NULL CHECK (source IN ('WIDGET', 'API')),
    document   TEXT NOT NULL,
    -- As the API shows it: a page has no time to write fifty dates.
    created_at TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, position)
);
CREATE INDEX feedback_by_project ON feedback (account_id, project_id, shelf, position);
CREATE INDEX feedback_by_project_stream
    ON feedback (account_id, project_id, shelf, status, source, position);
CREATE INDEX feedback_by_account_stream ON feedback (account_id, shelf, status, source, position);

CREATE TABLE feedback_search (
    account_id key_text NOT NULL,
    position   BIGINT NOT NULL,
    tokens     tsvector NOT NULL,
    PRIMARY KEY (account_id, position)
);
-- The pending list is kept short: a long one is cleared by whoever comes next, which is seen in
-- the tail of the latencies.
CREATE INDEX feedback_search_tokens ON feedback_search USING gin (tokens)
    WITH (fastupdate = on, gin_pending_list_limit = 128);

-- These rows change in place with every batch; half-empty pages keep their versions together.
ALTER TABLE usage SET (fillfactor = 50);
ALTER TABLE tallies SET (fillfactor = 50);
