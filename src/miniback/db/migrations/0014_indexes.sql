-- A worker finds what is due for it, however much waits that is another's.
DROP INDEX outbox_by_due;
CREATE INDEX outbox_by_event ON outbox (event, due_at);
-- And an account what waits of its own, of one kind.
CREATE INDEX outbox_by_account ON outbox (account_id, event, id);

-- What is asked for in the order of a key finds it in the index, so that nothing is sorted.
DROP INDEX deliveries_by_item;
CREATE INDEX deliveries_by_item ON deliveries (account_id, position, id);
DROP INDEX deleted_feedback_by_project;
CREATE INDEX deleted_feedback_by_project ON deleted_feedback (account_id, project_id, position);
-- An image is found by its own id; this index leads no longer to all of a project's instead.
DROP INDEX attachments_by_project;
CREATE INDEX attachments_by_project ON attachments (account_id, project_id, id);
-- How many of a project still wait for their item.
CREATE INDEX attachments_that_wait_by_project ON attachments (account_id, project_id)
    WHERE position IS NULL;

-- How much mail an address was sent within the hour.
CREATE INDEX deliveries_that_arrived ON deliveries (account_id, target_id, due_at)
    WHERE status = 'DELIVERED';

-- Imports that nobody goes on with, of each state after its own time.
DROP INDEX imports_by_age;
CREATE INDEX imports_by_state ON imports (state, updated_at);
