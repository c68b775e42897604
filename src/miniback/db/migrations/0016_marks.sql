-- How much was changed by a key or in a session: a replica that has the same count lacks none of it.
ALTER TABLE api_keys ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;
