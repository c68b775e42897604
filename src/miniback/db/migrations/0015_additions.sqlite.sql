-- What new items told, a batch of submissions after the other, until it is added to the rollups:
-- written in one place, where the rollups' rows lie far apart.
CREATE TABLE rollup_additions (
    account_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    -- The position of an item of the batch, which tells batches apart.
    batch      BIGINT NOT NULL,
    -- The quarter of an hour since 1970.
    quarter    BIGINT NOT NULL,
    dimension  TEXT NOT NULL,
    value      TEXT NOT NULL,
    items      BIGINT NOT NULL,
    PRIMARY KEY (account_id, project_id, batch, quarter, dimension, value)
) WITHOUT ROWID;
