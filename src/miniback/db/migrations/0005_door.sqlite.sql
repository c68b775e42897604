-- Since when an item lies in quarantine, which it does for 30 days.
ALTER TABLE suspicions ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
UPDATE suspicions SET since = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
CREATE INDEX suspicions_by_age ON suspicions (since);
