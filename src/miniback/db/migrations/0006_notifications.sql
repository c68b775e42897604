-- Who is told of what happens: a webhook, an address of mail, a channel of a chat.
CREATE TABLE targets (
    account_id   key_text NOT NULL,
    id           key_text NOT NULL,
    kind         key_text NOT NULL,
    address      TEXT NOT NULL,
    -- JSON lists: which events, and of which projects; none named are all.
    events       TEXT NOT NULL,
    projects     TEXT NOT NULL,
    -- By which a webhook's deliveries are signed, and the one before while it still holds.
    secret       TEXT NOT NULL,
    old_secret   TEXT NOT NULL,
    old_ends_at  BIGINT NOT NULL,
    status       key_text NOT NULL CHECK (status IN ('ACTIVE', 'UNVERIFIED', 'DISABLED')),
    -- Why it is disabled, for its owner.
    reason       TEXT NOT NULL,
    -- When mail is sent: at once, every hour, or once a day at an hour of a time zone.
    schedule     key_text NOT NULL CHECK (schedule IN ('INSTANT', 'HOURLY', 'DAILY')),
    hour         BIGINT NOT NULL,
    time_zone    TEXT NOT NULL,
    -- How many attempts in a row have failed, since when, and when the last one did not.
    failures     BIGINT NOT NULL,
    failing_since BIGINT,
    succeeded_at BIGINT,
    -- When something is to be done for it, null for nothing; until when a worker has it.
    due_at       BIGINT,
    leased_until BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX targets_by_due ON targets (due_at);

-- Which accounts have anybody who is told: an event of others is not even noted.
CREATE TABLE listeners (
    account_id key_text NOT NULL,
    event      key_text NOT NULL,
    PRIMARY KEY (account_id, event)
);

-- What is to be told to whom, once each; its words are those of the item and stand there alone.
CREATE TABLE deliveries (
    account_id  key_text NOT NULL,
    id          key_text NOT NULL,
    target_id   key_text NOT NULL,
    event       key_text NOT NULL,
    -- The item, and what happened to its status; 0 for a test, which is of no item.
    position    BIGINT NOT NULL,
    project_id  key_text NOT NULL,
    was         key_text NOT NULL,
    became      key_text NOT NULL,
    happened_at BIGINT NOT NULL,
    status      key_text NOT NULL CHECK (status IN ('WAITING', 'DELIVERED', 'FAILED')),
    attempts    BIGINT NOT NULL,
    -- When it is tried next, or when it came to its end.
    due_at      BIGINT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX deliveries_that_wait ON deliveries (account_id, target_id, due_at, id)
    WHERE status = 'WAITING';
CREATE INDEX deliveries_by_target ON deliveries (account_id, target_id, id);
CREATE INDEX deliveries_by_item ON deliveries (account_id, position);
CREATE INDEX deliveries_by_project ON deliveries (account_id, project_id);
CREATE INDEX deliveries_that_ended ON deliveries (due_at) WHERE status <> 'WAITING';

-- Each time that a delivery was tried: the status of the answer, 0 for none, and its beginning.
CREATE TABLE attempts (
    account_id  key_text NOT NULL,
    delivery_id key_text NOT NULL,
    number      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    took_ms     BIGINT NOT NULL,
    answer      BIGINT NOT NULL,
    content     TEXT NOT NULL,
    PRIMARY KEY (account_id, delivery_id, number)
);
