-- What was found to repeat and to rise in an account's feedback, as JSON, once somebody has asked.
CREATE TABLE insights (
    account_id  key_text NOT NULL PRIMARY KEY,
    content     TEXT NOT NULL,
    computed_at BIGINT NOT NULL
);
