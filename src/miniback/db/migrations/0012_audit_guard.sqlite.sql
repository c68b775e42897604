-- The database itself refuses to change or to forget what is recorded.
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'The audit log is only added to'); END;

CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'The audit log is only added to'); END;

-- A row that takes another's place deletes it without a trigger's knowing.
CREATE TRIGGER audit_log_is_not_replaced BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE account_id = NEW.account_id AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'The audit log is only added to'); END;

CREATE TRIGGER audit_head_goes_forward BEFORE UPDATE ON audit_heads
WHEN NEW.account_id <> OLD.account_id
  OR NOT (NEW.number = OLD.number + 1 OR (NEW.number = OLD.number AND NEW.hash = OLD.hash))
BEGIN SELECT RAISE(ABORT, 'The audit log is only added to'); END;

CREATE TRIGGER audit_head_is_not_deleted BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'The audit log is only added to'); END;

CREATE TRIGGER audit_head_is_not_replaced BEFORE INSERT ON audit_heads
WHEN EXISTS (SELECT 1 FROM audit_heads WHERE account_id = NEW.account_id AND number > 0)
BEGIN SELECT RAISE(IGNORE); END;
