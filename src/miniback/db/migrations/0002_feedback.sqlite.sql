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
    -- As the API shows it: a page has no time to write fifty dates.
    created_at TEXT NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX feedback_by_project ON feedback (account_id, project_id, shelf);
CREATE INDEX feedback_by_project_stream
    ON feedback (account_id, project_id, shelf, status, source);
CREATE INDEX feedback_by_account_stream ON feedback (account_id, shelf, status, source);

CREATE VIRTUAL TABLE feedback_search USING fts5 (
    tokens, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '_'"
);
INSERT INTO feedback_search (feedback_search, rank) VALUES ('automerge', 0);

-- The planner is told once what it would find in a database of some size, so that its plans are the
-- same on the first day and on the thousandth.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('feedback', 'feedback_by_project', '10000000 10000 2000 1000'),
    ('feedback', 'feedback_by_project_stream', '10000000 10000 2000 1000 500 300'),
    ('feedback', 'feedback_by_account_stream', '10000000 10000 9000 4000 2000'),
    ('tallies', 'sqlite_autoindex_tallies_1', '100000 100 6 3 2 1'),
    ('projects', 'sqlite_autoindex_projects_1', '100000 10 1');
