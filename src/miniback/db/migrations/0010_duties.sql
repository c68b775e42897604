-- Who has sent which item, as far as it tells: by the email or the id in its context, or by an id
-- that was vouched for. A subject is a kind and a value, "email:ada@example.com".
CREATE TABLE submitters (
    account_id key_text NOT NULL,
    subject    key_text NOT NULL,
    position   BIGINT NOT NULL,
    project_id key_text NOT NULL,
    PRIMARY KEY (account_id, subject, position)
);
CREATE INDEX submitters_by_item ON submitters (account_id, position);
CREATE INDEX submitters_by_project ON submitters (account_id, project_id);

-- Items that are older than this table are entered by the worker, project by project: the subject
-- of such an event is the project, and behind it the position up to which it has come.
INSERT INTO outbox (account_id, id, event, subject, due_at)
SELECT account_id, 'event_' || id, 'submitters.missing', id, 0 FROM projects
 WHERE EXISTS (SELECT 1 FROM feedback
                WHERE feedback.account_id = projects.account_id
                  AND feedback.project_id = projects.id)
    OR EXISTS (SELECT 1 FROM deleted_feedback
                WHERE deleted_feedback.account_id = projects.account_id
                  AND deleted_feedback.project_id = projects.id);

-- Erasures that are under way, in portions; a row is gone once there is nothing left to erase.
CREATE TABLE erasures (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    -- JSON: whose items, or how old ones of which project, and who wants it.
    content    TEXT NOT NULL,
    stage      key_text NOT NULL,
    done       BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- When a project next deletes what is older than it wants to keep; null for never.
ALTER TABLE projects ADD COLUMN forgets_at BIGINT;
CREATE INDEX projects_that_forget ON projects (forgets_at) WHERE forgets_at IS NOT NULL;

-- What was done that somebody may have to account for. Rows are added and never changed.
CREATE TABLE audit_log (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    action     key_text NOT NULL,
    -- By whom, '' for nobody who is known by name, and by what.
    user_id    key_text NOT NULL,
    way        key_text NOT NULL CHECK (way IN ('PAGE', 'API', 'CLI', 'SYSTEM')),
    -- JSON, without anything by which a visitor could be known.
    details    TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
);
