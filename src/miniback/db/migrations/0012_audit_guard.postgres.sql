-- The database itself refuses to change or to forget what is recorded.
CREATE OR REPLACE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is only added to';
END $$;

CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE ON audit_log
FOR EACH ROW EXECUTE FUNCTION keep_audit_log();

CREATE TRIGGER audit_log_is_not_emptied BEFORE TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();

CREATE TRIGGER audit_head_goes_forward BEFORE UPDATE ON audit_heads
FOR EACH ROW WHEN (
    NEW.account_id <> OLD.account_id
    OR NOT (NEW.number = OLD.number + 1 OR (NEW.number = OLD.number AND NEW.hash = OLD.hash)))
EXECUTE FUNCTION keep_audit_log();

CREATE TRIGGER audit_head_is_not_deleted BEFORE DELETE ON audit_heads
FOR EACH ROW EXECUTE FUNCTION keep_audit_log();

CREATE TRIGGER audit_heads_are_not_emptied BEFORE TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();
