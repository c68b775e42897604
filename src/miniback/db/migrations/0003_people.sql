-- How a person wants to see things. No zone is that of the browser.
ALTER TABLE users ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN time_zone key_text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN theme key_text NOT NULL DEFAULT 'SYSTEM'
    CHECK (theme IN ('SYSTEM', 'LIGHT', 'DARK'));
ALTER TABLE users ADD COLUMN density key_text NOT NULL DEFAULT 'COMFORTABLE'
    CHECK (density IN ('COMFORTABLE', 'COMPACT'));
ALTER TABLE users ADD COLUMN has_shortcuts BIGINT NOT NULL DEFAULT 1;
-- Whoever may change what belongs to the whole server, such as an account's plan.
ALTER TABLE users ADD COLUMN is_administrator BIGINT NOT NULL DEFAULT 0;
UPDATE users SET is_administrator = 1 WHERE id = (SELECT min(id) FROM users);

-- The last warning about a limit that the member has put away: a period's start and a percentage.
ALTER TABLE members ADD COLUMN dismissed key_text NOT NULL DEFAULT '';

-- Only hashes of tokens are kept: whoever reads this table can sign in nowhere.
CREATE TABLE sessions (
    token_hash key_text NOT NULL PRIMARY KEY,
    id         key_text NOT NULL,
    user_id    key_text NOT NULL,
    account_id key_text NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    address    TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id, seen_at);
CREATE INDEX sessions_by_age ON sessions (seen_at);
CREATE INDEX sessions_by_beginning ON sessions (created_at);

CREATE TABLE one_time_links (
    token_hash key_text NOT NULL PRIMARY KEY,
    purpose    key_text NOT NULL CHECK (purpose IN ('SET_UP', 'RESET_PASSWORD', 'SIGN_UP')),
    -- The person, or the address of one to come; empty for the set-up.
    subject    key_text NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX one_time_links_by_subject ON one_time_links (purpose, subject);
CREATE INDEX one_time_links_by_age ON one_time_links (expires_at);

-- How often something was tried by somebody, until when; subjects are hashes.
CREATE TABLE throttles (
    subject key_text NOT NULL PRIMARY KEY,
    tries   BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX throttles_by_age ON throttles (ends_at);
