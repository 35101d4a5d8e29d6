-- Stricter than before: a case stands where its *last* event left it, so that nobody sets it back
-- to an earlier one; and what it is about, and who asked, are fixed with its reference.

CREATE OR REPLACE FUNCTION cases_check_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last cases_caseevent%ROWTYPE;
BEGIN
    IF (NEW.id, NEW.reference, NEW.subscription_id, NEW.customer_id, NEW.submitted_by_id, NEW.submitted_side)
        <> (OLD.id, OLD.reference, OLD.subscription_id, OLD.customer_id, OLD.submitted_by_id, OLD.submitted_side) THEN
        RAISE EXCEPTION 'what case % is about, and who asked, is fixed', OLD.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT * INTO last FROM cases_caseevent WHERE case_id = NEW.id ORDER BY seq DESC LIMIT 1;
    IF (NEW.version, NEW.head, NEW.state) IS DISTINCT FROM (last.seq, last.hash, last.to_state) THEN
        RAISE EXCEPTION 'case % cannot be % without the event that led there', OLD.reference, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER cases_move_by_events ON cases_case;
CREATE TRIGGER cases_move_by_events
    BEFORE UPDATE OF id, state, version, head, reference, subscription_id, customer_id, submitted_by_id, submitted_side
    ON cases_case FOR EACH ROW EXECUTE FUNCTION cases_check_update();
