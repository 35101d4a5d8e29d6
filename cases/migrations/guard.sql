-- What the database itself keeps true of cases, whoever writes to it:
--   events and decisions are never changed or removed;
--   each event follows the one before it, by a move that the state machine knows;
--   a case stands where its last event left it, and is never removed.

CREATE FUNCTION cases_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION cases_check_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before cases_caseevent%ROWTYPE;
BEGIN
    SELECT * INTO before FROM cases_caseevent WHERE case_id = NEW.case_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> COALESCE(before.seq, 0) + 1
        OR NEW.previous <> COALESCE(before.hash, '')
        OR NEW.from_state <> COALESCE(before.to_state, 'new') THEN
        RAISE EXCEPTION 'event % of case % does not follow the one before it', NEW.seq, NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.from_state <> NEW.to_state AND NOT cases_is_move(NEW.from_state, NEW.to_state) THEN
        RAISE EXCEPTION 'no verb moves a case from % to %', NEW.from_state, NEW.to_state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- At once, so that a bare UPDATE fails where it stands: a state needs the event that led to it.
CREATE FUNCTION cases_check_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reference <> OLD.reference THEN
        RAISE EXCEPTION 'the reference of case % is fixed', OLD.reference
            USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM 1 FROM cases_caseevent
        WHERE case_id = NEW.id AND seq = NEW.version AND hash = NEW.head AND to_state = NEW.state;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'case % cannot be % without the event that led there', OLD.reference, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

-- At commit, since a new case and its events are written one after the other.
CREATE FUNCTION cases_check_ending() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    stands cases_case%ROWTYPE;
    last cases_caseevent%ROWTYPE;
BEGIN
    IF TG_TABLE_NAME = 'cases_case' THEN  -- a record's field is looked up when its line runs
        which := NEW.id;
    ELSE
        which := NEW.case_id;
    END IF;
    SELECT * INTO stands FROM cases_case WHERE id = which;
    SELECT * INTO last FROM cases_caseevent WHERE case_id = which ORDER BY seq DESC LIMIT 1;
    IF (stands.version, stands.head, stands.state) IS DISTINCT FROM (last.seq, last.hash, last.to_state) THEN
        RAISE EXCEPTION 'case % does not stand where its last event left it', stands.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER events_follow BEFORE INSERT ON cases_caseevent
    FOR EACH ROW EXECUTE FUNCTION cases_check_event();
CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON cases_caseevent
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER events_stay_all BEFORE TRUNCATE ON cases_caseevent
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER decisions_stay BEFORE UPDATE OR DELETE ON cases_decision
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER decisions_stay_all BEFORE TRUNCATE ON cases_decision
    FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse_change();
CREATE TRIGGER cases_move_by_events BEFORE UPDATE OF state, version, head, reference ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_check_update();
CREATE TRIGGER cases_stay BEFORE DELETE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_refuse_change();
CREATE CONSTRAINT TRIGGER cases_end_with_events AFTER INSERT ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_check_ending();
CREATE CONSTRAINT TRIGGER events_end_with_cases AFTER INSERT ON cases_caseevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_check_ending();
