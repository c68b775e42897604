-- The position is 63 bits of the id: it sorts as the id does, it is what the search index names a
-- row by, and every index ends in it by itself, so no index repeats the id (ADR 0003).
CREATE TABLE feedback (
    position   INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    id         TEXT NOT NULL,
    project_id TEXT NOT NULL,
    shelf      TEXT NOT NULL CHECK (shelf IN ('LIVE', 'HELD', 'SPAM')),
    status     TEXT NOT NULL CHECK (status IN ('NEW', 'REVIEWED', 'RESOLVED')),
    source     TEXT NOT NULL CHECK (source IN ('WIDGET', 'API')),
    document   TEXT NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX feedback_by_account ON feedback (account_id, shelf, status, source);
CREATE INDEX feedback_by_project ON feedback (account_id, project_id, shelf, status, source);

CREATE VIRTUAL TABLE feedback_search USING fts5 (
    tokens, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '_'"
);
INSERT INTO feedback_search (feedback_search, rank) VALUES ('automerge', 0);
