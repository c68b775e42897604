CREATE TABLE accounts (
    id              key_text NOT NULL PRIMARY KEY,
    plan            key_text NOT NULL,
    -- Periods begin on this moment's day of the month (contract section 3).
    anchor          BIGINT NOT NULL,
    -- How many projects are not paused: one conditional statement holds the plan's limit.
    active_projects BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE users (
    id            key_text NOT NULL PRIMARY KEY,
    email         key_text NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE members (
    account_id key_text NOT NULL,
    user_id    key_text NOT NULL,
    role       key_text NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MEMBER', 'VIEWER')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE usage (
    account_id   key_text NOT NULL,
    period_start BIGINT NOT NULL,
    calls        BIGINT NOT NULL,
    items        BIGINT NOT NULL,
    held         BIGINT NOT NULL,
    PRIMARY KEY (account_id, period_start)
);

CREATE TABLE projects (
    account_id      key_text NOT NULL,
    id              key_text NOT NULL,
    name            TEXT NOT NULL,
    slug            key_text NOT NULL,
    status          key_text NOT NULL CHECK (status IN ('ACTIVE', 'PAUSED')),
    allowed_domains TEXT NOT NULL,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- Every slug that was ever used, and whose it stays. The number is that of a slug such as
-- my-website-2, whose stem is my-website; a slug without one has the number 1.
CREATE TABLE slugs (
    slug       key_text NOT NULL PRIMARY KEY,
    account_id key_text NOT NULL,
    -- Null once the project is gone: the account may use the slug again, nobody else may.
    project_id key_text,
    stem       key_text NOT NULL,
    number     BIGINT NOT NULL
);
CREATE INDEX slugs_by_stem ON slugs (stem, number);
CREATE INDEX slugs_by_project ON slugs (project_id);

CREATE TABLE api_keys (
    account_id   key_text NOT NULL,
    project_id   key_text NOT NULL,
    key_hash     key_text NOT NULL PRIMARY KEY,
    masked       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    -- Null for the project's current key; the time an earlier one stops.
    expires_at   BIGINT
);
CREATE INDEX api_keys_by_project ON api_keys (account_id, project_id);
CREATE UNIQUE INDEX api_keys_current ON api_keys (account_id, project_id) WHERE expires_at IS NULL;

-- Projects that are gone for every reader while their rows are still being cleared away.
CREATE TABLE deletions (
    account_id key_text NOT NULL,
    project_id key_text NOT NULL,
    PRIMARY KEY (account_id, project_id)
);

CREATE TABLE tallies (
    account_id key_text NOT NULL,
    project_id key_text NOT NULL,
    shelf      key_text NOT NULL,
    status     key_text NOT NULL,
    source     key_text NOT NULL,
    items      BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, shelf, status, source)
);

CREATE TABLE idempotency_keys (
    account_id      key_text NOT NULL,
    project_id      key_text NOT NULL,
    call            key_text NOT NULL,
    idempotency_key key_text NOT NULL,
    fingerprint     key_text NOT NULL,
    answer          key_text NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, call, idempotency_key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE outbox (
    account_id key_text NOT NULL,
    id         key_text NOT NULL,
    event      key_text NOT NULL,
    subject    key_text NOT NULL,
    -- When it may be taken up: at once, or when the lease of whoever has it now runs out.
    due_at     BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX outbox_by_due ON outbox (due_at);
