-- What an item tells of where it came from (a JSON list, '' for nothing), as it was read when it
-- came in: rollups and search tokens are taken back by these very values.
ALTER TABLE feedback ADD COLUMN facets TEXT NOT NULL DEFAULT '';
ALTER TABLE deleted_feedback ADD COLUMN facets TEXT NOT NULL DEFAULT '';

-- How many items in sight came in each quarter of an hour since 1970, by status and source.
-- Quarters, because every time zone's days are made of whole ones.
CREATE TABLE arrivals (
    account_id      key_text NOT NULL,
    project_id      key_text NOT NULL,
    quarter         BIGINT NOT NULL,
    new_widget      BIGINT NOT NULL,
    new_api         BIGINT NOT NULL,
    reviewed_widget BIGINT NOT NULL,
    reviewed_api    BIGINT NOT NULL,
    resolved_widget BIGINT NOT NULL,
    resolved_api    BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, quarter)
);

-- How many of them told the same of themselves, by quarters (grain 1) and by days of UTC (grain 96).
CREATE TABLE rollups (
    account_id key_text NOT NULL,
    project_id key_text NOT NULL,
    dimension  key_text NOT NULL,
    grain      BIGINT NOT NULL,
    -- The number of the stretch since 1970.
    stretch    BIGINT NOT NULL,
    value      key_text NOT NULL,
    items      BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, dimension, grain, stretch, value)
);

-- Each account's items of before are counted in the background.
INSERT INTO outbox (account_id, id, event, subject, due_at)
SELECT id, 'event_000000000000000000000000', 'rollups.due', '', 0 FROM accounts;

-- These rows change in place with every batch; half-empty pages keep their versions together.
ALTER TABLE arrivals SET (fillfactor = 50);
ALTER TABLE rollups SET (fillfactor = 50);
