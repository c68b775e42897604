-- Bytes, on both databases. SQLite keeps what it is given and takes the name for BLOB.
CREATE DOMAIN blob_data AS BYTEA;

-- Since when an item lies in quarantine, which it does for 30 days.
ALTER TABLE suspicions ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
UPDATE suspicions SET since = (extract(epoch FROM now()) * 1000)::bigint;
CREATE INDEX suspicions_by_age ON suspicions (since);
