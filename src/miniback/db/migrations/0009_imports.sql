-- People who are named by what was brought here, and are no members: the timeline still says who it
-- was. A name is that of their time.
CREATE TABLE former_members (
    account_id key_text NOT NULL,
    user_id    key_text NOT NULL,
    email      key_text NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (account_id, user_id)
);

-- Files that are being brought in: what is in them, what is to be done, and how far it has come.
CREATE TABLE imports (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    file_name  TEXT NOT NULL,
    size       BIGINT NOT NULL,
    state      key_text NOT NULL CHECK (state IN ('UPLOADING', 'READY', 'CHECKING', 'CHECKED',
                                                  'RUNNING', 'DONE', 'CANCELLED', 'FAILED')),
    -- Each a JSON object: what was found in the file, what was chosen, what a check has found, how
    -- far it has come.
    look       TEXT NOT NULL,
    plan       TEXT NOT NULL,
    report     TEXT NOT NULL,
    progress   TEXT NOT NULL,
    -- JSON: the rows that cannot be taken, and why; apart, since it may be long.
    problems   TEXT NOT NULL,
    -- Why it failed, '' where it did not.
    reason     TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX imports_by_age ON imports (updated_at);

-- The file itself, in pieces, for as long as it is needed.
CREATE TABLE import_pieces (
    account_id key_text NOT NULL,
    import_id  key_text NOT NULL,
    number     BIGINT NOT NULL,
    content    blob_data NOT NULL,
    PRIMARY KEY (account_id, import_id, number)
);

-- In SQLite a position is one account's alone, even while its item rests in the bin: whoever brings
-- an item in must see that.
CREATE INDEX deleted_feedback_by_position ON deleted_feedback (position);
