-- What an item tells of where it came from (a JSON list, '' for nothing), as it was read when it
-- came in: rollups and search tokens are taken back by these very values.
ALTER TABLE feedback ADD COLUMN facets TEXT NOT NULL DEFAULT '';
ALTER TABLE deleted_feedback ADD COLUMN facets TEXT NOT NULL DEFAULT '';

-- How many items in sight came in each quarter of an hour since 1970, by status and source.
-- Quarters, because every time zone's days are made of whole ones.
CREATE TABLE arrivals (
    account_id      TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    quarter         BIGINT NOT NULL,
    new_widget      BIGINT NOT NULL,
    new_api         BIGINT NOT NULL,
    reviewed_widget BIGINT NOT NULL,
    reviewed_api    BIGINT NOT NULL,
    resolved_widget BIGINT NOT NULL,
    resolved_api    BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, quarter)
) WITHOUT ROWID;

-- How many of them told the same of themselves, by quarters (grain 1) and by days of UTC (grain 96).
CREATE TABLE rollups (
    account_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    dimension  TEXT NOT NULL,
    grain      BIGINT NOT NULL,
    -- The number of the stretch since 1970.
    stretch    BIGINT NOT NULL,
    value      TEXT NOT NULL,
    items      BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, dimension, grain, stretch, value)
);

-- Each account's items of before are counted in the background.
INSERT INTO outbox (account_id, id, event, subject, due_at)
SELECT id, 'event_000000000000000000000000', 'rollups.due', '', 0 FROM accounts;
