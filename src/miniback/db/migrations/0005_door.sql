-- What a project's owner decides about its widget and its door: JSON without what is as it comes.
ALTER TABLE projects ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
-- By which a customer's server vouches for who its visitors are; '' until it is asked for.
ALTER TABLE projects ADD COLUMN identity_secret TEXT NOT NULL DEFAULT '';

-- Secrets of this server, by name; some are of one day only.
CREATE TABLE secrets (
    name    key_text NOT NULL PRIMARY KEY,
    value   TEXT NOT NULL,
    -- When it is forgotten; null for never.
    ends_at BIGINT
);
CREATE INDEX secrets_by_end ON secrets (ends_at);

-- What visitors may still send: a subject is a visitor of a project, hashed, or all of a project.
CREATE TABLE buckets (
    account_id key_text NOT NULL,
    subject    key_text NOT NULL,
    -- When the bucket will be full again if nothing is taken: one number tells how full it is.
    full_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, subject)
);
CREATE INDEX buckets_by_age ON buckets (full_at);

-- Hashes of what was sent lately, by which a text that is sent over and over is known.
CREATE TABLE repeats (
    account_id  key_text NOT NULL,
    project_id  key_text NOT NULL,
    fingerprint key_text NOT NULL,
    seen_at     BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, fingerprint)
);
CREATE INDEX repeats_by_age ON repeats (seen_at);

-- Challenges that have been solved, each of which opens the door once.
CREATE TABLE solved_challenges (
    account_id key_text NOT NULL,
    challenge  key_text NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, challenge)
);
CREATE INDEX solved_challenges_by_age ON solved_challenges (expires_at);

-- Visitors for whom a customer's server has vouched.
CREATE TABLE identities (
    account_id key_text NOT NULL,
    position   BIGINT NOT NULL,
    project_id key_text NOT NULL,
    user_id    TEXT NOT NULL,
    PRIMARY KEY (account_id, position)
);
CREATE INDEX identities_by_project ON identities (account_id, project_id);

-- Images that visitors send along. They come before their item, and without one they go again.
CREATE TABLE attachments (
    account_id   key_text NOT NULL,
    id           key_text NOT NULL,
    project_id   key_text NOT NULL,
    position     BIGINT,
    content_type key_text NOT NULL,
    content      blob_data NOT NULL,
    uploaded_at  BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX attachments_by_item ON attachments (account_id, position);
CREATE INDEX attachments_by_project ON attachments (account_id, project_id);
CREATE INDEX attachments_that_wait ON attachments (uploaded_at) WHERE position IS NULL;

-- Sites on whose pages a project's widget was loaded, and when last.
CREATE TABLE sightings (
    account_id key_text NOT NULL,
    project_id key_text NOT NULL,
    host       key_text NOT NULL,
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, host)
);

-- The widget's files of every version that this server has served.
CREATE TABLE widget_files (
    version key_text NOT NULL,
    name    key_text NOT NULL,
    content blob_data NOT NULL,
    PRIMARY KEY (version, name)
);
