-- What is to be told, an account after the other.
CREATE INDEX outbox_to_tell ON outbox (account_id, id)
    WHERE event LIKE 'feedback.%';
