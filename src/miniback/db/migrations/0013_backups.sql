-- Each backup that was begun: by the schedule, by a command, before a migration.
CREATE TABLE backups (
    id       key_text NOT NULL PRIMARY KEY,
    reason   key_text NOT NULL CHECK (reason IN ('SCHEDULE', 'COMMAND', 'MIGRATION')),
    began_at BIGINT NOT NULL,
    -- When whoever makes it was last at work.
    seen_at  BIGINT NOT NULL,
    -- Null while it is being made.
    ended_at BIGINT,
    path     TEXT NOT NULL DEFAULT '',
    bytes    BIGINT NOT NULL DEFAULT 0,
    entries  BIGINT NOT NULL DEFAULT 0,
    -- Why there is none; '' for a good one.
    failure  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX backups_by_beginning ON backups (began_at);

-- A number that rises while anything is written, so that a file that has lost its end is noticed.
CREATE TABLE high_water (number BIGINT NOT NULL);
INSERT INTO high_water (number) VALUES (0);
