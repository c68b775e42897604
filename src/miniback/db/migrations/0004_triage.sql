-- What a team adds to an item: its tags (their ids, as JSON) and who sees to it, '' for nobody.
CREATE TABLE annotations (
    account_id  key_text NOT NULL,
    position    BIGINT NOT NULL,
    project_id  key_text NOT NULL,
    tags        TEXT NOT NULL,
    assignee_id key_text NOT NULL,
    PRIMARY KEY (account_id, position)
);
CREATE INDEX annotations_by_project ON annotations (account_id, project_id);

CREATE TABLE notes (
    account_id key_text NOT NULL,
    position   BIGINT NOT NULL,
    id         key_text NOT NULL,
    project_id key_text NOT NULL,
    -- Who wrote it, '' for whoever holds an API key.
    user_id    key_text NOT NULL,
    content    TEXT NOT NULL,
    PRIMARY KEY (account_id, position, id)
);
CREATE INDEX notes_by_project ON notes (account_id, project_id);

CREATE TABLE tags (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    name       TEXT NOT NULL,
    -- The name without regard to case, so that an account has no two that look alike.
    folded     key_text NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX tags_by_name ON tags (account_id, folded);

-- What was done to items: the timeline of each, what an undo takes back, what open pages are told.
CREATE TABLE changes (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    position   BIGINT NOT NULL,
    project_id key_text NOT NULL,
    kind       key_text NOT NULL,
    was        TEXT NOT NULL,
    became     TEXT NOT NULL,
    -- By whom, '' for nobody who is known by name, and by what: a page, the API, the command
    -- line, or this server by itself.
    user_id    key_text NOT NULL,
    way        key_text NOT NULL CHECK (way IN ('PAGE', 'API', 'CLI', 'SYSTEM')),
    -- The act that it was part of: one undo takes all of it back.
    act        key_text NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX changes_by_item ON changes (account_id, position, id);
CREATE INDEX changes_by_act ON changes (account_id, act, id);
CREATE INDEX changes_by_project ON changes (account_id, project_id);
CREATE INDEX changes_that_end ON changes (id) WHERE kind = 'DELETE';

-- Items that were deleted on a page rest here for a while, so that it can be undone.
CREATE TABLE deleted_feedback (
    account_id key_text NOT NULL,
    position   BIGINT NOT NULL,
    id         key_text NOT NULL,
    project_id key_text NOT NULL,
    shelf      key_text NOT NULL,
    status     key_text NOT NULL,
    source     key_text NOT NULL,
    document   TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, position)
);
CREATE INDEX deleted_feedback_by_project ON deleted_feedback (account_id, project_id);
CREATE INDEX deleted_feedback_by_age ON deleted_feedback (deleted_at);

-- Why an item lies on the shelf SPAM.
CREATE TABLE suspicions (
    account_id key_text NOT NULL,
    position   BIGINT NOT NULL,
    project_id key_text NOT NULL,
    reason     key_text NOT NULL,
    PRIMARY KEY (account_id, position)
);
CREATE INDEX suspicions_by_project ON suspicions (account_id, project_id);

-- Changes of many items at once, which go on in portions: what is meant, and how far it has come.
CREATE TABLE bulk_acts (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    -- JSON: the filter and the action.
    content    TEXT NOT NULL,
    -- Where it goes on: a position of the list, or for an undo the change before which.
    next       key_text NOT NULL,
    done       BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Filters that somebody has given a name, for the whole account.
CREATE TABLE views (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    name       TEXT NOT NULL,
    query      TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
);
